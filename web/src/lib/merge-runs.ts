// A list as it was asked for, with what the live stream told since. In: two lists. Out: one, newest first.
import type { RunView } from './api/schema';

export function mergeRuns(listed: readonly RunView[], live: readonly RunView[]): RunView[] {
  const known = new Map(listed.map(run => [run.id, run]));
  for (const run of live) known.set(run.id, run);
  return [...known.values()].sort((a, b) => b.created_at.localeCompare(a.created_at));
}
