import { expect, it } from 'vitest';
import { everyStep, listed, pageOf, type Steps } from './step-pages';

function walk(all: Steps, size: number, move: 'older' | 'newer', top: number | null): number[][] {
  const pages: number[][] = [];
  for (let page = pageOf(all, top, size); ; page = pageOf(all, page[move], size)) {
    pages.push(page.steps);
    if (move === 'older' ? page.isOldest : page.isNewest) return pages;
  }
}

it.each([
  ['a list', listed([1, 100, 200, 300, 400, 500, 600])],
  ['every step', everyStep(501, 507)],
])('pages of %s hold each step once, in both directions', (_, all) => {
  const newestFirst = Array.from({ length: 7 }, (_, index) => all.at(6 - index));
  const older = walk(all, 3, 'older', null);
  expect(older.map(page => page.length)).toEqual([3, 3, 3]);
  expect([...new Set(older.flat())]).toEqual(newestFirst);
  expect(older.at(-1)).toEqual(newestFirst.slice(-3));
  const newer = walk(all, 3, 'newer', pageOf(all, null, 3).oldest);
  expect(new Set(newer.flat())).toEqual(new Set(newestFirst));
  expect(newer.at(-1)).toEqual(newestFirst.slice(0, 3));
});

it('stays at its step while new ones come, and only the newest moves', () => {
  const page = pageOf(everyStep(1, 100), 40, 10);
  expect(page.steps).toEqual(pageOf(everyStep(1, 5000), 40, 10).steps);
  expect(pageOf(everyStep(1, 5000), null, 10).steps[0]).toBe(5000);
});

it('a step between two leads to the one before it', () => {
  expect(pageOf(listed([100, 200, 300, 400]), 250, 2).steps).toEqual([200, 100]);
  expect(pageOf(listed([100, 200, 300]), 5, 2).steps).toEqual([200, 100]);
});

it('few are one page, none is an empty one', () => {
  expect(pageOf(listed([8, 9]), null, 5)).toMatchObject({ steps: [9, 8], isNewest: true, isOldest: true });
  expect(pageOf(everyStep(1, 0), null, 5)).toMatchObject({ steps: [], num: 0, isOldest: true });
});
