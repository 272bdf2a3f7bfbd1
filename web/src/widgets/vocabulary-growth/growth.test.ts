import { describe, expect, it } from 'vitest';
import { curveOf, growthReading, newestOf, shown } from './growth';

const merge = (rank: number) => ({ rank, left: ' t', right: 'he', token: ' the', count: 9 });
const grown = (tokens: number, rate: number, ...ranks: number[]) => ({
  type: 'tokenizer.grown' as const,
  time: 't',
  num_tokens: tokens,
  vocab_size: 4096,
  merges: ranks.map(merge),
  bytes_per_token: rate,
  counted_bytes: 1000,
  is_replayed: false,
});
const growth = [grown(256, 1), grown(512, 1.7, 0, 1), grown(1024, 2.4, 2, 3, 4, 5, 6, 7, 8)];

describe('curveOf', () => {
  it('has the whole way on the axis, also what is not learned yet', () => {
    const curve = curveOf(growth);
    expect(curve.points.map(point => Math.round(point.x))).toEqual([0, 250, 500]);
    expect(curve.columns.at(-1)).toEqual({ value: 4096, x: 1000 });
    expect(curve.points[0]?.y).toBeGreaterThan(curve.points[2]?.y ?? 1000);
  });

  it('stands a single point', () => {
    expect(curveOf([grown(256, 1)]).points).toEqual([{ x: 0, y: 500 }]);
  });
});

it('shows the newest merges first, at most eight', () => {
  expect(newestOf(growth).map(one => one.rank)).toEqual([8, 7, 6, 5, 4, 3, 2, 1]);
  expect(newestOf([])).toEqual([]);
});

it('says how far it is, and what is seen of a token', () => {
  expect(growthReading(grown(1024, 2.4), true)).toMatch(/^1,024 of 4,096 tokens so far; a token holds 2.40/);
  expect(growthReading(grown(4096, 2.9), false)).toMatch(/^4,096 tokens;/);
  expect(shown(' the\n')).toBe('␣the↵');
});
