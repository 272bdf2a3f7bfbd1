// A followed run as a viewer holds it: its state and the step rows that count, with the cursors to go on from. Pure: an
// old log and a frame give a new log, so a reconnect is a replay and can be tested without a socket.
import type { RunState } from '../api/schema';
import { fold, isKept, NOTHING, type RunEvent } from '../fold/fold';
import { type Ranges, rangesOf, type StepRow, shortened } from './stretches';

export type { Ranges, StepRow } from './stretches';

export interface RunLog {
  cursor: string | null;
  metrics: string | null;
  state: RunState;
  /** Ascending steps, one row a step. Of a long past, one row stands for a stretch that ends with its step. */
  rows: readonly StepRow[];
  /** By step of such a row: where its stretch begins, its least and its greatest values. */
  ranges: Ranges;
}

export const NO_RANGES: Ranges = new Map();
export const EMPTY: RunLog = { cursor: null, metrics: null, state: NOTHING, rows: [], ranges: NO_RANGES };

/** The log after a snapshot: rows follow in frames of their own. */
export function withSnapshot(log: RunLog, cursor: string, state: RunState): RunLog {
  return { ...log, cursor, state, rows: [], ranges: NO_RANGES, metrics: null };
}

/** The log after events; a new attempt voids the rows beyond the step that it starts from. */
export function withEvents(log: RunLog, cursor: string, events: readonly RunEvent[]): RunLog {
  let { rows, ranges } = log;
  for (const event of events) {
    if (event.type === 'attempt.started') {
      const start = event.from_step ?? 0;
      rows = rows.filter(row => isKept(row.step, start));
      ranges = new Map([...ranges].filter(([step]) => isKept(step, start)));
    }
  }
  return { ...log, cursor, rows, ranges, state: fold(events, log.state) };
}

/** The log after a long past in few rows. */
export function withPast(
  log: RunLog,
  cursor: string,
  rows: readonly StepRow[],
  low: readonly StepRow[],
  high: readonly StepRow[],
): RunLog {
  return withRows({ ...log, ranges: rangesOf(rows, low, high) }, cursor, rows);
}

/** The log after step rows. A step that is there already is replaced, so a row that comes twice counts once; of many, old ones are put together. */
export function withRows(log: RunLog, cursor: string, rows: readonly StepRow[]): RunLog {
  const first = rows[0];
  const last = log.rows.at(-1);
  if (!first) return { ...log, metrics: cursor };
  if (!last || first.step > last.step)
    return { ...log, metrics: cursor, ...shortened({ rows: [...log.rows, ...rows], ranges: log.ranges }) };
  const bySteps = new Map([...log.rows, ...rows].map(row => [row.step, row]));
  const sorted = [...bySteps.values()].sort((a, b) => a.step - b.step);
  return { ...log, metrics: cursor, rows: sorted };
}
