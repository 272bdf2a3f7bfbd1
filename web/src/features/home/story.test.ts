import { expect, it } from 'vitest';
import type { RunView } from '@/lib/api/schema';
import { lesson, story } from './story';

const LN_2048 = Math.log(2048);
const run = (status: string, stage: string): RunView =>
  ({
    status,
    node: 'n',
    nodes: [{ name: 'n', stage, status, run: null, action: null }],
    error: null,
  }) as unknown as RunView;

it('says what a loss means, from guessing to writing', () => {
  expect(lesson(7.6, LN_2048)).toContain('equally likely');
  expect(lesson(6.5, LN_2048)).toContain('common');
  expect(lesson(3.9, LN_2048)).toContain('verse');
  expect(lesson(null, LN_2048)).toBe('');
});

it('each state of a run has its own words', () => {
  const titles = [
    story(undefined, null, null, 0),
    story(run('running', 'train_model'), 5, LN_2048, 2000),
    story(run('running', 'evaluate_model'), 4, LN_2048, 2000),
    story(run('done', 'evaluate_model'), 4, LN_2048, 2000),
    story(run('failed', 'train_model'), 4, LN_2048, 2000),
    story(run('stopped', 'train_model'), 4, LN_2048, 2000),
  ].map(one => one.title);
  expect(new Set(titles).size).toBe(titles.length);
});
