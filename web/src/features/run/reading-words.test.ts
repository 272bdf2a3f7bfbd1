import { expect, test } from 'vitest';
import type { BatchView } from '@/lib/api/schema';
import { lossWords, placeWords, sizeWords, tokenWords, weightsWords } from './reading-words';

const BATCH = {
  run: 'r1',
  step: 437,
  last_step: 1200,
  rank: 0,
  world: 1,
  weights: { kind: 'saved', step: 400, run: 'r1', checkpoint: 'c', dtype: 'bf16' },
  num_rows: 16,
  context: 128,
  num_tokens: 2048,
  num_trained: 2048,
  num_scored_rows: 16,
  mean_nats: 3.61,
  recorded_loss: 3.58,
  rows: [],
  surprising: [],
} satisfies BatchView;

test('the step of the weights is said, and whether they are the very ones', () => {
  expect(weightsWords(BATCH)).toBe(
    'Loss per token under the weights of step 400; this batch was read at step 437.',
  );
  expect(weightsWords({ ...BATCH, step: 401 })).toContain('the very ones that read this batch');
  const fresh = { ...BATCH, weights: { ...BATCH.weights, kind: 'fresh' as const, step: 0 } };
  expect(weightsWords(fresh)).toContain('nothing was saved before step 437');
});

test('a mean says of how much it is, and what the run recorded', () => {
  expect(lossWords(BATCH)).toContain('Mean 3.610 nats; the run recorded 3.580');
  expect(lossWords({ ...BATCH, num_scored_rows: 4 })).toContain('Mean of these 4 rows');
  expect(lossWords({ ...BATCH, recorded_loss: null })).toContain('has not read this step yet');
  expect(lossWords({ ...BATCH, mean_nats: null })).toBe('Nothing here is trained on.');
  expect(sizeWords({ ...BATCH, num_trained: 12 })).toContain('12 of 2,048 trained on');
});

test('where a stretch stands, and what a token lost', () => {
  const stretch = {
    document: 'd',
    ordinal: 3,
    source: null,
    group: null,
    start: 0,
    stop: 4,
    offset: 1212,
    is_begun: false,
    is_ended: true,
  };
  expect(placeWords(stretch)).toBe('from token 1,212 to its end');
  expect(placeWords({ ...stretch, is_begun: true, is_ended: false })).toBe('from its beginning');
  expect(tokenWords(' a\n', Math.log(2), true)).toBe('·a↵  0.69 nats, probability 50 %');
  expect(tokenWords('x', Math.log(5000), false)).toContain('1 in 5,000; not trained on');
  expect(tokenWords('x', null, false)).toContain('only read');
});
