import { expect, it } from 'vitest';
import { changedSettings, isSound, words } from './settings-form';

const steps = {
  name: 'steps',
  field: 'train.steps',
  description: '',
  default: 1200,
  schema: { type: 'integer', minimum: 1 },
};

it('only what was changed is set', () => {
  expect(changedSettings([steps], {})).toEqual([]);
  expect(changedSettings([steps], { steps: '1200' })).toEqual([]);
  expect(changedSettings([steps], { steps: ' 400 ' })).toEqual(['steps=400']);
});

it('what cannot be sent is found before it is sent', () => {
  expect(isSound([steps], { steps: '400' })).toBe(true);
  for (const wrong of ['0', '1.5', '', 'many']) expect(isSound([steps], { steps: wrong })).toBe(false);
});

it('a name is read as words, without the stage that stands above it', () => {
  expect(words('vocab_size')).toBe('Vocabulary');
  expect(words('train.optimizer.learning_rate')).toBe('Optimizer, learning rate');
});
