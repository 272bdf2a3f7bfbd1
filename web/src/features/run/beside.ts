// When a model was asked beside a training, and so took a thread from it: bands on the chart of its speed.
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { api, data } from '@/lib/api/client';

export interface Beside {
  from: number;
  to: number;
  label: string;
}

const AGAIN_MS = 2000;
const NONE: readonly Beside[] = [];

/** Bands in steps, asked for again while the training goes on. */
export function useBeside(training: string | null, isLive: boolean): readonly Beside[] {
  const found = useQuery({
    queryKey: ['leases', training],
    queryFn: () => data(api.GET('/api/playground/leases', { params: { query: { run: training ?? '' } } })),
    enabled: training !== null,
    refetchInterval: isLive ? AGAIN_MS : false,
  });
  const items = found.data?.items;
  return useMemo(
    () => items?.map(one => ({ from: one.from_step ?? 0, to: one.to_step ?? 0, label: one.label })) ?? NONE,
    [items],
  );
}

/** Who was writing at a step; empty: nobody. */
export function besideAt(bands: readonly Beside[], step: number): string {
  return bands.find(band => band.from <= step && step <= band.to + 1)?.label ?? '';
}
