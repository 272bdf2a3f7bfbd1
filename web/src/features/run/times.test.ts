import { describe, expect, it } from 'vitest';
import { meanTimes, milliseconds, newestSteps, SPLIT_OVER } from './times';

describe('where a step goes', () => {
  it('is the mean over the newest rows', () => {
    const old = Array.from({ length: 3 }, (_, step) => ({ step, forward_s: 9, data_s: 9 }));
    const rows = Array.from({ length: SPLIT_OVER }, (_, step) => ({
      step: step + 3,
      forward_s: step % 2,
      data_s: 0.25,
    }));
    const means = meanTimes(newestSteps([...old, ...rows], new Map()));
    expect(means?.forward_s).toBeCloseTo(0.5);
    expect(means?.data_s).toBeCloseTo(0.25);
    expect(means?.save_s).toBe(0);
  });

  it('leaves out what stands for several steps', () => {
    const range = { from: 1, low: { step: 10 }, high: { step: 10 } };
    const rows = [10, 11, 12].map(step => ({ step, forward_s: step }));
    expect(newestSteps(rows, new Map([[10, range]])).map(row => row.step)).toEqual([11, 12]);
  });

  it('is not known of rows without times', () => {
    expect(meanTimes([{ step: 1, loss: 2 }])).toBeNull();
  });

  it('is written in milliseconds', () => {
    expect([0.00004, 0.0231, 1.24].map(milliseconds)).toEqual(['0.04 ms', '23.1 ms', '1,240 ms']);
  });
});
