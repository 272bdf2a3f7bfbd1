import { expect, it } from 'vitest';
import { nearestWords } from './fits';
import {
  type DesignState,
  fromSearch,
  isSameStroke,
  stepOf,
  toSearch,
  trainingOf,
  trainingToStart,
  vocabToStart,
} from './state';

const usual = fromSearch({});

it('a link is a copy of the state, and says only what differs from the beginning', () => {
  expect(toSearch(usual)).toEqual({});
  const state: DesignState = {
    ...usual,
    from: 'item:mine@2',
    set: { width: '512', 'attention.kind': 'grouped' },
    view: 'matrix',
    layer: 3,
    part: 'layers.3.attention',
    matrix: 'q.weight',
    beside: ['preset:gpt2', 'run:r1'],
    batch: 16,
    planned: { optimizer: { kind: 'muon' } },
  };
  expect(fromSearch(JSON.parse(JSON.stringify(toSearch(state))))).toEqual(state);
});

it('a run gets what was planned or typed, the recipe has the rest', () => {
  expect(trainingToStart(usual)).toEqual({});
  expect(vocabToStart(usual)).toBeUndefined();
  expect(vocabToStart({ ...usual, vocab: 300 })).toBe(300);
  expect(trainingToStart({ ...usual, steps: 77 })).toEqual({ steps: 77 });
  const planned = { ...usual, planned: { schedule: { kind: 'cosine' } } };
  expect(trainingToStart(planned)).toEqual({
    schedule: { kind: 'cosine' },
    batch_size: usual.batch,
    steps: usual.steps,
  });
  expect(trainingOf(planned)).toMatchObject({ schedule: { kind: 'cosine' }, accumulation: 1 });
});

it('a broken link is a beginning', () => {
  expect(fromSearch({ view: 'x', layer: -1, batch: 'many', set: 'no', doc: [1] })).toEqual(usual);
  expect(fromSearch({ vs: 'a,b,c,d,e' }).beside).toHaveLength(3);
});

it('letters typed into one field are one step back, another field is another', () => {
  const step = (set: Record<string, string>) => stepOf({ ...usual, set });
  expect(isSameStroke(step({}), step({ width: '5' }), step({ width: '51' }))).toBe(true);
  expect(isSameStroke(step({}), step({ width: '5' }), step({ width: '5', layers: '2' }))).toBe(false);
});

it('the nearest that fits in words', () => {
  expect(nearestWords({ 'training.accumulation': 8, layers: 12 })).toBe('Use accumulation 8 and layers 12');
});
