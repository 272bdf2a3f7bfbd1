import { describe, expect, it } from 'vitest';
import { meanTimes, milliseconds, SPLIT_OVER } from './times';

describe('where a step goes', () => {
  it('is the mean over the newest rows', () => {
    const old = Array.from({ length: 3 }, (_, step) => ({ step, forward_s: 9, data_s: 9 }));
    const rows = Array.from({ length: SPLIT_OVER }, (_, step) => ({
      step: step + 3,
      forward_s: step % 2,
      data_s: 0.25,
    }));
    const means = meanTimes([...old, ...rows]);
    expect(means?.forward_s).toBeCloseTo(0.5);
    expect(means?.data_s).toBeCloseTo(0.25);
    expect(means?.save_s).toBe(0);
  });

  it('is not known of rows without times', () => {
    expect(meanTimes([{ step: 1, loss: 2 }])).toBeNull();
  });

  it('is written in milliseconds', () => {
    expect([0.00004, 0.0231, 1.24].map(milliseconds)).toEqual(['0.04 ms', '23.1 ms', '1,240 ms']);
  });
});
