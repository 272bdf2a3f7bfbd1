// What each metric means, from the catalogue: label, unit, formula, what is healthy.
import { useQuery } from '@tanstack/react-query';
import { api, data } from '@/lib/api/client';
import type { MetricSpec } from '@/lib/api/schema';
import { bytes, decimals, percent, scientific, short } from '@/lib/format';

export type Metric = MetricSpec;

export function useMetrics(): Record<string, Metric> {
  const catalog = useQuery({
    queryKey: ['catalog'],
    queryFn: () => data(api.GET('/api/catalog')),
    staleTime: Number.POSITIVE_INFINITY,
  });
  return catalog.data?.metrics ?? {};
}

/** A value of a metric as it is written, without its unit where an axis says it. */
export function formatOf(name: string): (value: number) => string {
  switch (name) {
    case 'memory_bytes':
      return bytes;
    case 'dead_share':
    case 'attention_entropy':
      return value => percent(value);
    case 'utilization':
      return value => percent(value, 0);
    case 'tokens':
    case 'tokens_per_s':
      return short;
    case 'learning_rate':
    case 'update_ratio':
    case 'layer_gradient_norm':
    case 'activation_mean':
    case 'activation_std':
    case 'logit_max':
    case 'logit_std':
    case 'gradient_norm':
      return scientific;
    default:
      return value => (Math.abs(value) < 10_000 ? decimals(value, 2) : short(value));
  }
}
