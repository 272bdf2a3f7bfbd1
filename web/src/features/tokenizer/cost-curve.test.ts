import { expect, it } from 'vitest';
import { costAt, costCurve, curvePath, hop, marks, mergesAt, placeOf } from './cost-curve';
import { filmOf } from './film';
import { TRACE } from './trace-example';

const curve = costCurve(filmOf(TRACE));

it('falls by one token a merge, and merges of one rank are one step', () => {
  expect(curve).toEqual([
    { numMerges: 0, numTokens: 7 },
    { numMerges: 1, numTokens: 5 },
    { numMerges: 6, numTokens: 4 },
    { numMerges: 10, numTokens: 3 },
  ]);
  expect([0, 1, 5, 6, 999].map(at => costAt(curve, at))).toEqual([7, 5, 5, 4, 3]);
});

it('hops from change to change and stops at the ends', () => {
  expect(hop(curve, 0, 1, 50)).toBe(1);
  expect(hop(curve, 1, 2, 50)).toBe(10);
  expect(hop(curve, 10, 1, 50)).toBe(50);
  expect(hop(curve, 7, -1, 50)).toBe(6);
  expect(hop(curve, 6, -9, 50)).toBe(0);
});

it('finds every number of merges again on its rail', () => {
  for (const at of [0, 1, 17, 1188, 3837]) expect(mergesAt(placeOf(at, 3837), 3837)).toBe(at);
  expect(marks(3837)).toEqual([0, 10, 100, 1_000, 3_837]);
  expect([placeOf(0, 0), marks(0)]).toEqual([0, [0]]);
});

it('draws steps, never slopes', () => {
  expect(curvePath(curve, 10, 7)).toMatch(/^M0 0\.0(H[\d.]+V[\d.]+){3}H1000$/);
});
