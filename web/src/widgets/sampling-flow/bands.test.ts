import { expect, it } from 'vitest';
import { OFF, shape } from '@/lib/sampling';
import { bands, columnsOf, levels } from './bands';

const logits = Float64Array.from([3, 2, 1, 0, -1]);

it('every column is whole, and says what its step took out', () => {
  const columns = columnsOf(logits, shape(logits, { ...OFF, top_k: 2 }), [0, 1, 2]);
  for (const column of columns) expect(column.shares.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 9);
  expect(columns.map(column => column.numDropped)).toEqual([0, 0, 3, 0, 0]);
  expect(columns[2]?.shares[2]).toBe(0);
  expect(columns[2]?.lost).toBeGreaterThan(0);
});

it('there is a band for each token and the rest between two columns', () => {
  const columns = columnsOf(logits, shape(logits, OFF), [0, 1]);
  expect(bands(columns, 3)).toHaveLength(4 * 3);
});

it('names stand level with their bands, and never closer than the gap', () => {
  const named = levels([0.6, 0.3, 0.03, 0.03, 0.01, 0.03], 0.02, 0.07);
  expect(named.map(one => one.index)).toEqual([0, 1, 2, 3, 5]);
  expect(named[0]?.at).toBeCloseTo(0.3);
  expect(named[1]?.at).toBeCloseTo(0.75);
  const places = named.map(one => one.at);
  places.slice(1).forEach((at, index) => {
    expect(at - (places[index] ?? 0)).toBeGreaterThanOrEqual(0.07 - 1e-9);
  });
  expect(places.at(-1)).toBeLessThanOrEqual(1 - 0.035 + 1e-9);
});
