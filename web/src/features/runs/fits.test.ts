import { expect, it } from 'vitest';
import type { RunView } from '@/lib/api/schema';
import { fits } from './fits';

it('filters live runs as the server filters listed ones', () => {
  const run = { name: 'small', recipe: 'first-model', id: 'r1', status: 'done' } as RunView;
  expect(fits(run, 'done', 'SMALL first')).toBe(true);
  expect(fits(run, 'failed', '')).toBe(false);
  expect(fits(run, '', 'large')).toBe(false);
});
