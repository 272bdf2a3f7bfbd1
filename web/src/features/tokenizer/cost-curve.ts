// What merges save: the number of tokens of a text after each merge, as a curve that is also the rail of a slider. Pure.
import type { Film } from './film';

/** After `numMerges` merges of the list the text has `numTokens` tokens. */
export interface Cost {
  numMerges: number;
  numTokens: number;
}

/** Where the number of tokens changes, from no merge on. */
export function costCurve(film: Film): Cost[] {
  let numTokens = film.borders.length;
  const curve: Cost[] = [{ numMerges: 0, numTokens }];
  for (const step of film.steps) {
    numTokens -= 1;
    const last = curve.at(-1);
    if (last && last.numMerges === step.rank + 1) last.numTokens = numTokens;
    else curve.push({ numMerges: step.rank + 1, numTokens });
  }
  return curve;
}

/** The number of tokens after `numMerges` merges. */
export function costAt(curve: readonly Cost[], numMerges: number): number {
  return curve.findLast(cost => cost.numMerges <= numMerges)?.numTokens ?? 0;
}

/** The next place at which something changes, `by` of them on or back; the ends of the list at last. */
export function hop(curve: readonly Cost[], from: number, by: number, most: number): number {
  if (by > 0) return curve.filter(cost => cost.numMerges > from)[by - 1]?.numMerges ?? most;
  return curve.filter(cost => cost.numMerges < from).at(by)?.numMerges ?? 0;
}

/** Where a number of merges lies on the rail, from 0 to 1: logarithmic, as the first merges do most. */
export function placeOf(numMerges: number, most: number): number {
  return most === 0 ? 0 : Math.log1p(numMerges) / Math.log1p(most);
}

/** The number of merges at a place of the rail. */
export function mergesAt(place: number, most: number): number {
  return Math.min(most, Math.round(Math.expm1(place * Math.log1p(most))));
}

/** Marks of the rail: 0, the powers of ten that fit, the end. */
export function marks(most: number): number[] {
  const tens = [10, 100, 1_000, 10_000, 100_000].filter(ten => placeOf(ten, most) < 0.9);
  return most === 0 ? [0] : [0, ...tens, most];
}

/** The curve as path data on a canvas of 1000 by 1000, from 0 tokens at the bottom to `top`. */
export function curvePath(curve: readonly Cost[], most: number, top: number): string {
  const y = (cost: number) => (1000 * (1 - cost / Math.max(top, 1))).toFixed(1);
  const [first, ...rest] = curve;
  if (!first) return '';
  const steps = rest.map(
    cost => `H${(1000 * placeOf(cost.numMerges, most)).toFixed(1)}V${y(cost.numTokens)}`,
  );
  return `M0 ${y(first.numTokens)}${steps.join('')}H1000`;
}
