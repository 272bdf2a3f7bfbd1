import { describe, expect, it } from 'vitest';
import { isHealthy, levelOf, placeOf, rampOf } from './ramp';

describe('a ramp', () => {
  it('reaches from the least to the greatest value', () => {
    const ramp = rampOf([3, null, 1, 2], false);
    expect(ramp).toEqual({ low: 1, high: 3, isLog: false });
    expect([1, 2, 3].map(value => ramp && levelOf([value], ramp))).toEqual([0, 5, 9]);
  });

  it('counts factors where it is logarithmic, and leaves 0 out', () => {
    const ramp = rampOf([0, 1e-4, 1e-2], true);
    expect(ramp).toEqual({ low: 1e-4, high: 1e-2, isLog: true });
    if (!ramp) return;
    expect(placeOf(1e-3, ramp)).toBeCloseTo(0.5);
    expect(levelOf([0], ramp)).toBe(0);
    expect(levelOf([null], ramp)).toBeNull();
  });

  it('has one thickness where all values are the same, and none where there are no values', () => {
    const ramp = rampOf([2, 2], false);
    expect(ramp && levelOf([2], ramp)).toBe(5);
    expect(rampOf([null], true)).toBeNull();
    expect(rampOf([0, 0], true)).toEqual({ low: 0, high: 0, isLog: false });
  });
});

it('what lies outside of the range is not healthy, what is unknown is', () => {
  expect([0.1, 0.3, null].map(value => isHealthy(value, { from: null, to: 0.2 }))).toEqual([
    true,
    false,
    true,
  ]);
  expect(isHealthy(9, { from: null, to: null })).toBe(true);
  expect(isHealthy(0.01, { from: 0.05, to: 1 })).toBe(false);
});
