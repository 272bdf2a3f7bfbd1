// A followed run as a viewer holds it: its state and the step rows that count, with the cursors to go on from. Pure: an
// old log and a frame give a new log, so a reconnect is a replay and can be tested without a socket.
import type { RunState } from '../api/schema';
import { fold, isKept, NOTHING, type RunEvent } from '../fold/fold';

export type StepRow = { step: number } & Record<string, number>;

export interface RunLog {
  cursor: string | null;
  metrics: string | null;
  state: RunState;
  /** Ascending steps, one row a step. */
  rows: readonly StepRow[];
}

export const EMPTY: RunLog = { cursor: null, metrics: null, state: NOTHING, rows: [] };

/** The log after a snapshot: rows follow in frames of their own. */
export function withSnapshot(log: RunLog, cursor: string, state: RunState): RunLog {
  return { ...log, cursor, state, rows: [], metrics: null };
}

/** The log after events; a new attempt voids the rows beyond the step that it starts from. */
export function withEvents(log: RunLog, cursor: string, events: readonly RunEvent[]): RunLog {
  let rows = log.rows;
  for (const event of events) {
    if (event.type === 'attempt.started') {
      const start = event.from_step ?? 0;
      rows = rows.filter(row => isKept(row.step, start));
    }
  }
  return { ...log, cursor, rows, state: fold(events, log.state) };
}

/** The log after step rows. A step that is there already is replaced, so a row that comes twice counts once. */
export function withRows(log: RunLog, cursor: string, rows: readonly StepRow[]): RunLog {
  const first = rows[0];
  const last = log.rows.at(-1);
  if (!first) return { ...log, metrics: cursor };
  if (!last || first.step > last.step) return { ...log, metrics: cursor, rows: [...log.rows, ...rows] };
  const bySteps = new Map([...log.rows, ...rows].map(row => [row.step, row]));
  const sorted = [...bySteps.values()].sort((a, b) => a.step - b.step);
  return { ...log, metrics: cursor, rows: sorted };
}
