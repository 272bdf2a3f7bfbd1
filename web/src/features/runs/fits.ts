// Which runs a filter keeps. Pure.
import type { RunView } from '@/lib/api/schema';

/** The live stream knows no filters: what it brings is filtered here as the server filters. */
export function fits(run: RunView, status: string, query: string): boolean {
  const hay = `${run.name} ${run.recipe ?? ''} ${run.id}`.toLowerCase();
  const isWanted = status === '' || run.status === status;
  return (
    isWanted &&
    query
      .toLowerCase()
      .split(/\s+/)
      .every(word => hay.includes(word))
  );
}
