import { expect, it } from 'vitest';
import { path, smooth, thin, ticks } from './scale';

it('ticks are round and inside', () => {
  expect(ticks(3.8, 8)).toEqual([4, 5, 6, 7, 8]);
  expect(ticks(0, 1200)).toEqual([0, 250, 500, 750, 1000]);
  expect(ticks(1, 1)).toEqual([1]);
});

it('smoothing keeps a constant and starts at the first value', () => {
  expect(smooth([2, 2, 2], 0.9).map(v => Number(v.toFixed(9)))).toEqual([2, 2, 2]);
  expect(smooth([5, 1], 0)).toEqual([5, 1]);
});

it('thinning keeps both ends', () => {
  const points = Array.from({ length: 100 }, (_, i) => i);
  const few = thin(points, 10);
  expect([few.length, few[0], few.at(-1)]).toEqual([10, 0, 99]);
});

it('a path begins with a move', () => {
  expect(
    path([
      { x: 0, y: 1 },
      { x: 2, y: 3 },
    ]),
  ).toBe('M0.0 1.0L2.0 3.0');
});
