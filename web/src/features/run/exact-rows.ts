// Rows of single steps as they were measured: those at hand, and of a past that was put together those that are asked for.
import { useQuery } from '@tanstack/react-query';
import { useMemo, useRef } from 'react';
import { api, data } from '@/lib/api/client';
import type { StepRow } from '@/lib/live/run-log';
import { type Detail, rowsOf } from './detail';

export interface ExactRows {
  /** By step; one that is missing is not here yet, or was never measured. */
  rows: ReadonlyMap<number, StepRow>;
  isLoading: boolean;
  error: Error | null;
}

/** `version` changes where steps were done again. */
export function useExactRows(
  run: string | null,
  version: number,
  known: Detail,
  steps: readonly number[],
): ExactRows {
  const { rows, ranges } = known;
  const here = useMemo(
    () => new Map(rows.flatMap(row => (ranges.has(row.step) ? [] : [[row.step, row] as const]))),
    [rows, ranges],
  );
  const kept = useKept(`${run} ${version}`);
  for (const step of steps) {
    const row = here.get(step);
    if (row) kept.set(step, row);
  }
  const missing = steps.filter(step => !kept.has(step));
  const found = useQuery({
    queryKey: ['rows', run, version, ...missing],
    enabled: run !== null && missing.length > 0,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: () =>
      data(
        api.GET('/api/runs/{run}/metrics', {
          params: { path: { run: run ?? '' }, query: { step: missing } },
        }),
      ),
  });
  if (found.data) for (const [step, row] of rowsOf(found.data, 'mean')) kept.set(step, row);
  return { rows: kept, isLoading: found.isLoading, error: found.error };
}

/** Rows that were seen once, so that leafing back asks for nothing. */
function useKept(key: string): Map<number, StepRow> {
  const kept = useRef({ key, rows: new Map<number, StepRow>() });
  if (kept.current.key !== key) kept.current = { key, rows: new Map() };
  return kept.current.rows;
}
