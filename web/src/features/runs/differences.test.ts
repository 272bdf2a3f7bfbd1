import { expect, it } from 'vitest';
import type { RunDetail, RunView } from '@/lib/api/schema';
import { differences, verdict } from './differences';
import { fits } from './fits';

const detail = (steps: number, width: number): RunDetail =>
  ({
    nodes: [{ name: 'train', config: { steps, optimizer: { kind: 'muon' } } }],
    recipe: { nodes: { train: { inputs: { architecture: { inline: { width } }, train: 'tokens.train' } } } },
  }) as unknown as RunDetail;

it('finds what differs at any depth, inline documents included', () => {
  const found = differences(detail(400, 128), detail(1200, 192));
  expect(found.rows).toEqual([
    { field: 'train.architecture.width', a: '128', b: '192' },
    { field: 'train.steps', a: '400', b: '1200' },
  ]);
  expect(found.total).toBe(3);
});

it('names the better run and says what a seed does', () => {
  const run = (bits_per_byte: number | null) => ({ bits_per_byte }) as RunView;
  expect(verdict(run(2.1), run(2.0))).toContain('B needs 0.100');
  expect(verdict(run(2.1), run(null))).toContain('not measured');
});

it('filters live runs as the server filters listed ones', () => {
  const run = { name: 'small', recipe: 'first-model', id: 'r1', status: 'done' } as RunView;
  expect(fits(run, 'done', 'SMALL first')).toBe(true);
  expect(fits(run, 'failed', '')).toBe(false);
  expect(fits(run, '', 'large')).toBe(false);
});
