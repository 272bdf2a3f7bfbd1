import { expect, it } from 'vitest';
import { drawnOf } from './layer-rows';

const RATIO = { is_log: true, healthy_from: 1e-4, healthy_to: 0.05, is_of_full_rate: true };
const layers = [1, 100, 200, 300].map((step, at) => ({
  type: 'layers.measured' as const,
  time: '',
  step,
  values: { update_ratio: [[1e-6], [0.01], [0.02], [1e-6]][at] ?? [] },
}));
const rows = [
  { step: 1, learning_rate: 0.0001 },
  { step: 90, learning_rate: 0.02 },
  { step: 200, learning_rate: 0.02 },
  { step: 300, learning_rate: 0.0001 },
];

it('a change is judged while the learning rate is near its height', () => {
  const drawn = drawnOf(layers, 'update_ratio', RATIO, rows);
  expect(drawn.judgedStep).toBe(200);
  expect(drawn.judged[0]?.values).toEqual([null, 0.01, 0.02]);
  expect(drawn.rows[0]?.values).toHaveLength(4);
});

it('every other figure is judged at each step', () => {
  const drawn = drawnOf(layers, 'update_ratio', { ...RATIO, is_of_full_rate: false }, rows);
  expect(drawn.judgedStep).toBe(300);
  expect(drawn.judged[0]?.values).toEqual([1e-6, 0.01, 0.02, 1e-6]);
});

it('nothing is judged before the learning rate has risen', () => {
  expect(drawnOf(layers.slice(0, 1), 'update_ratio', RATIO, rows).judgedStep).toBe(0);
});
