import { expect, it } from 'vitest';
import { parted, settingLines } from './training-settings';

it('settings become the lines that set them, inner ones too', () => {
  const planned = {
    steps: 10,
    optimizer: { kind: 'muon', adamw: { weight_decay: 0 } },
    tracked_prompts: ['a'],
  };
  expect(settingLines('train', planned)).toEqual([
    'train.steps=10',
    'train.optimizer.kind="muon"',
    'train.optimizer.adamw.weight_decay=0',
    'train.tracked_prompts=["a"]',
  ]);
});

it('a line has a field and a value as a form shows it', () => {
  expect(parted('train.optimizer.kind="muon"')).toEqual({ field: 'train.optimizer.kind', value: 'muon' });
  expect(parted('train.steps=10')).toEqual({ field: 'train.steps', value: '10' });
  expect(parted('a.b=x=y')).toEqual({ field: 'a.b', value: 'x=y' });
});
