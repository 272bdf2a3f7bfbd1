import { expect, it } from 'vitest';
import { NOTHING } from './fold/fold';
import { elapsed, replayTo } from './replay';

const rows = [1, 2, 3, 4].map(step => ({ step, loss: 5 - step, tokens: step * 100, tokens_per_s: 50 }));
const sample = (step: number) => ({
  type: 'sample.drawn' as const,
  time: '',
  step,
  prompt: '',
  text: '',
  seed: 0,
  temperature: 1,
});
const state = { ...NOTHING, samples: [sample(0), sample(2), sample(4)] };

it('keeps the run’s own pace', () => {
  expect(elapsed(rows)).toEqual([2, 4, 6, 8]);
});

it('shows what had been seen by then, and all of it at the end', () => {
  const times = elapsed(rows);
  const early = replayTo(rows, times, state, 4.5);
  expect(early.rows.map(row => row.step)).toEqual([1, 2]);
  expect(early.state.samples.map(one => one.step)).toEqual([0, 2]);
  const end = replayTo(rows, times, state, 8);
  expect(end.rows).toEqual(rows);
  expect(end.state).toEqual(state);
  expect(replayTo(rows, times, state, 0).rows).toEqual([]);
});
