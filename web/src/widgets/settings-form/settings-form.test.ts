import { expect, it } from 'vitest';
import type { SettingView } from '@/lib/api/schema';
import { changedSettings, isSound } from './settings-form';

const steps = {
  name: 'steps',
  field: 'train.steps',
  description: '',
  default: 1200,
  schema: { type: 'integer', minimum: 1 },
} as SettingView;

it('only what was changed is set', () => {
  expect(changedSettings([steps], {})).toEqual([]);
  expect(changedSettings([steps], { steps: '1200' })).toEqual([]);
  expect(changedSettings([steps], { steps: ' 400 ' })).toEqual(['steps=400']);
});

it('what cannot be sent is found before it is sent', () => {
  expect(isSound([steps], { steps: '400' })).toBe(true);
  for (const wrong of ['0', '1.5', '', 'many']) expect(isSound([steps], { steps: wrong })).toBe(false);
});
