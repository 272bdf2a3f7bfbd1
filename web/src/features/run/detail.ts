// A stretch of a long past in detail: what was thinned is asked for again when somebody looks closer.
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { api, data } from '@/lib/api/client';
import type { MetricsView } from '@/lib/api/schema';
import { NO_RANGES, type Ranges, type StepRow } from '@/lib/live/run-log';

const WIDTH = 2000;

export interface Detail {
  rows: readonly StepRow[];
  ranges: Ranges;
}

/** `coarse` as it is; while a part of it is looked at, that part in detail. */
export function useDetail(run: string | null, coarse: Detail, zoom: [number, number] | null): Detail {
  const { rows, ranges } = coarse;
  const isThinned = ranges.size > 0;
  const [from, to] = zoom ? [Math.floor(zoom[0]), Math.ceil(zoom[1])] : [0, 0];
  const found = useQuery({
    queryKey: ['run', run, 'metrics', from, to],
    enabled: run !== null && zoom !== null && isThinned,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: () =>
      data(
        api.GET('/api/runs/{run}/metrics', {
          params: {
            path: { run: run ?? '' },
            query: { from_step: Math.max(0, from), to_step: to, width: WIDTH },
          },
        }),
      ),
  });
  return useMemo(
    () => (zoom && found.data ? withDetail({ rows, ranges }, found.data) : { rows, ranges }),
    [rows, ranges, found.data, zoom],
  );
}

type Answer = Pick<MetricsView, 'series' | 'first_step' | 'last_step'>;

/** The rows with a stretch of them in detail. Pure. */
export function withDetail(coarse: Detail, view: Answer): Detail {
  const { first_step: first, last_step: last } = view;
  if (first === null || last === null) return coarse;
  const [fine, low, high] = [rowsOf(view, 'mean'), rowsOf(view, 'min'), rowsOf(view, 'max')];
  const steps = [...fine.keys()].sort((a, b) => a - b);
  const isWhole = steps.length === last - first + 1;
  const outside = coarse.rows.filter(row => row.step < first || row.step > last);
  const rows = [...outside, ...steps.map(step => fine.get(step) ?? { step })].sort((a, b) => a.step - b.step);
  const kept = [...coarse.ranges].filter(([step]) => step < first || step > last);
  const ranges = isWhole
    ? []
    : steps.map((step, index) => {
        const range = { low: low.get(step) ?? { step }, high: high.get(step) ?? { step } };
        return [step, { from: (steps[index - 1] ?? first - 1) + 1, ...range }] as const;
      });
  return { rows, ranges: kept.length + ranges.length > 0 ? new Map([...kept, ...ranges]) : NO_RANGES };
}

/** Series put back into rows, by step. Pure. */
export function rowsOf(
  view: Pick<MetricsView, 'series'>,
  what: 'mean' | 'min' | 'max',
): Map<number, StepRow> {
  const rows = new Map<number, StepRow>();
  for (const [name, series] of Object.entries(view.series)) {
    series.steps.forEach((step, index) => {
      const row = rows.get(step) ?? { step };
      const value = series[what][index];
      if (value !== undefined) row[name] = value;
      rows.set(step, row);
    });
  }
  return rows;
}
