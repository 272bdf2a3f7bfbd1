import { expect, test } from 'vitest';
import { findingTitle, remedyFields, typedFor } from './remedies';

test('a code is a title, and what only remarks is a note', () => {
  expect(findingTitle({ code: 'learning-rate-high', cause: 'So.', level: 'bad' })).toBe('Learning rate high');
  expect(findingTitle({ code: 'nan', cause: 'So.', level: 'bad' })).toBe('NaN');
  expect(findingTitle({ code: 'mixture-planned', cause: '', level: 'note' })).toBe('Note');
});

test('a change is typed into the named setting where there is one', () => {
  const change = remedyFields({ text: '', settings: { steps: 200, 'optimizer.beta2': 0.95 } }, 'train');
  expect(change).toEqual({ 'train.steps': 200, 'train.optimizer.beta2': 0.95 });
  expect(typedFor(change, [{ name: 'steps', field: 'train.steps' }])).toEqual({
    steps: '200',
    'train.optimizer.beta2': '0.95',
  });
});
