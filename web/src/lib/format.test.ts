import { describe, expect, it } from 'vitest';
import { bytes, count, decimals, duration, percent, scientific, short } from './format';

describe('numbers are written as the look says', () => {
  it.each([
    [count(3812), '3,812'],
    [short(352_000), '352 k'],
    [short(29_500_000), '29.5 M'],
    [short(1_570_000_000), '1.57 B'],
    [decimals(1.6034), '1.603'],
    [decimals(-0.005), '−0.005'],
    [scientific(1.17e-4), '1.17e-4'],
    [scientific(6e-4), '6e-4'],
    [percent(0.506), '50.6 %'],
    [bytes(412e6), '412 MB'],
    [duration(0.2), '0.2 s'],
    [duration(27 * 60), '27 min'],
    [duration(74 * 60), '1:14 h'],
  ])('%s', (written, wanted) => {
    expect(written).toBe(wanted);
  });
});
