// A finished run played again: what had been seen after so many seconds of training. Pure. The time of a step is what it
// took (tokens over tokens per second), so the replay keeps the run's own pace without its pauses.
import type { RunState } from './api/schema';
import type { StepRow } from './live/run-log';

const USUAL_S = 0.2;

/** Seconds of training at the end of each row, ascending. */
export function elapsed(rows: readonly StepRow[]): number[] {
  let total = 0;
  return rows.map((row, index) => {
    const read = (row.tokens ?? 0) - (rows[index - 1]?.tokens ?? 0);
    total += row.tokens_per_s && read > 0 ? read / row.tokens_per_s : USUAL_S;
    return total;
  });
}

/** Rows and facts as they stood `seconds` into the training. */
export function replayTo(
  rows: readonly StepRow[],
  times: readonly number[],
  state: RunState,
  seconds: number,
): { rows: readonly StepRow[]; state: RunState } {
  let num = times.findIndex(time => time > seconds);
  if (num === -1) num = rows.length;
  const step = rows[num - 1]?.step ?? 0;
  const upTo = <T extends { step?: number | null }>(facts: T[]) =>
    facts.filter(fact => (fact.step ?? 0) <= step);
  return {
    rows: rows.slice(0, num),
    state: {
      ...state,
      checkpoints: upTo(state.checkpoints),
      evaluations: upTo(state.evaluations),
      samples: upTo(state.samples),
      tracked_prompts: upTo(state.tracked_prompts),
      findings: upTo(state.findings),
    },
  };
}
