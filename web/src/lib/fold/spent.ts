// How long a run was at work: what lay between its spans, as a pause, does not count.
import type { RunState } from '../api/schema';

/** Seconds; a span that has not ended ends `now`, in milliseconds. */
export function spentS(work: RunState['work'], now: number): number {
  const spans = work.map(({ started_at, ended_at }) =>
    Math.max(0, (ended_at ? Date.parse(ended_at) : now) - Date.parse(started_at)),
  );
  return spans.reduce((sum, one) => sum + one, 0) / 1000;
}
