// The curve and the words of a growing vocabulary. Pure.
import type { RunState } from '@/lib/api/schema';
import { count, decimals } from '@/lib/format';
import { type Point, ticks } from '@/lib/scale';

type Grown = RunState['growth'][number];

const NEWEST = 8;

export interface GrowthCurve {
  points: Point[];
  rows: { value: number; y: number }[];
  columns: { value: number; x: number }[];
  first: number;
}

/** Bytes per token against tokens on a canvas of 1000 by 1000; the whole way to the planned size is on the axis. */
export function curveOf(growth: readonly Grown[]): GrowthCurve {
  const from = growth[0]?.num_tokens ?? 1;
  const to = Math.max(growth.at(-1)?.vocab_size ?? 2, growth.at(-1)?.num_tokens ?? 2, from + 1);
  const highest = Math.max(...growth.map(one => one.bytes_per_token), 1);
  const top = Math.ceil(highest + 0.25);
  const x = (tokens: number) => Math.round((10_000 * Math.log(tokens / from)) / Math.log(to / from)) / 10;
  const y = (value: number) => 1000 - (1000 * value) / top;
  const middles = [512, 1024, 2048, 4096, 8192, 16384, 32768, 65536].filter(
    value => value > from * 1.6 && value < to / 1.6,
  );
  return {
    points: growth.map(one => ({ x: x(one.num_tokens), y: y(one.bytes_per_token) })),
    rows: ticks(0, top, 4).map(value => ({ value, y: y(value) })),
    columns: [from, ...middles, to].map(value => ({ value, x: x(value) })),
    first: growth[0]?.bytes_per_token ?? 1,
  };
}

/** The merges that came last, the newest first. */
export function newestOf(growth: readonly Grown[]): Grown['merges'][number][] {
  const found: Grown['merges'][number][] = [];
  for (const one of growth.toReversed()) {
    for (const merge of one.merges.toReversed()) {
      if (found.length === NEWEST) return found;
      found.push(merge);
    }
  }
  return found;
}

export function growthReading(last: Grown, isLive: boolean): string {
  const size = isLive
    ? `${count(last.num_tokens)} of ${count(last.vocab_size)} tokens so far`
    : `${count(last.num_tokens)} tokens`;
  return `${size}; a token holds ${decimals(last.bytes_per_token, 2)} bytes of the text on average.`;
}

/** A piece of text as it is drawn: blanks, line ends and half characters can be seen. */
export function shown(text: string): string {
  return text.replaceAll(' ', '␣').replaceAll('\n', '↵').replaceAll('\t', '⇥').replaceAll('\uFFFD', '▯');
}
