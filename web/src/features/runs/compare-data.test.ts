import { expect, it } from 'vitest';
import type { PointView, RunComparison } from '@/lib/api/schema';
import { drawn, metricOf } from './compare-data';

const point = (step: number, value: number, interval: [number, number] | null = null): PointView => ({
  step,
  tokens: step * 10,
  seconds: step / 2,
  values: { bits_per_byte: value },
  intervals: interval ? { bits_per_byte: interval } : {},
});
const view = {
  sides: [{ letter: 'A' }, { letter: 'B' }],
  curves: [
    {
      curve: { steps: [1, 2], tokens: [10, 20], seconds: [0.5, 1], loss: [4, 3] },
      points: [point(1, 2, [1.9, 2.1]), point(2, 1.5)],
      repeats: [[point(1, 2.2), point(2, 1.4)]],
    },
    { curve: { steps: [2], tokens: [20], seconds: [3], loss: [5] }, points: [point(2, 1.8)], repeats: [] },
  ],
} as unknown as RunComparison;

it('puts the same figures on steps, tokens or time', () => {
  const xs = (axis: 'steps' | 'tokens' | 'time') =>
    drawn(view, axis, 'training', '')[0]?.points.map(one => one.x);
  expect([xs('steps'), xs('tokens'), xs('time')]).toEqual([
    [1, 2],
    [10, 20],
    [0.5, 1],
  ]);
});

it('keeps intervals where they were measured and draws the spread over seeds', () => {
  const [a, b] = drawn(view, 'steps', 'validation', metricOf(view));
  expect(a?.points[0]).toEqual({ x: 1, y: 2, low: 1.9, high: 2.1 });
  expect(a?.points[1]?.low).toBeNull();
  expect(a?.band).toEqual([
    { x: 1, low: 2, high: 2.2 },
    { x: 2, low: 1.4, high: 1.5 },
  ]);
  expect(b?.band).toEqual([]);
});
