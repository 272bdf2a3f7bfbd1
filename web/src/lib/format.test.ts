import { describe, expect, it } from 'vitest';
import { between, bytes, count, decimals, duration, percent, scientific, short } from './format';

describe('numbers are written as the look says', () => {
  it.each([
    [count(3812), '3,812'],
    [short(352_000), '352 k'],
    [short(29_500_000), '29.5 M'],
    [short(1_570_000_000), '1.57 B'],
    [decimals(1.6034), '1.603'],
    [decimals(-0.005), '−0.005'],
    [between(1.5534, [1.49, 1.61]), '1.55 ± 0.06'],
    [between(1.5534, [1.55, 1.559]), '1.553 ± 0.006'],
    [between(7.625, [7.625, 7.625]), '7.625'],
    [between(1.6034, undefined), '1.603'],
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
