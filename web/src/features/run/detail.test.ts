import { describe, expect, it } from 'vitest';
import { withDetail } from './detail';

const row = (step: number, loss: number) => ({ step, loss });
const coarse = {
  rows: [row(10, 5), row(20, 4), row(30, 3)],
  ranges: new Map(
    [10, 20, 30].map(step => [step, { from: step - 9, low: row(step, 1), high: row(step, 9) }]),
  ),
};
const series = (steps: number[], values: number[]) => ({
  loss: { steps, mean: values, min: values.map(v => v - 1), max: values.map(v => v + 1) },
});

describe('a stretch in detail', () => {
  it('takes the place of the rows that stood for it', () => {
    const found = withDetail(coarse, {
      first_step: 18,
      last_step: 21,
      series: series([18, 19, 20, 21], [4.3, 4.2, 4.1, 4]),
    });
    expect(found.rows.map(one => one.step)).toEqual([10, 18, 19, 20, 21, 30]);
    expect(found.rows[3]).toEqual(row(20, 4.1));
    expect([...found.ranges.keys()]).toEqual([10, 30]);
  });

  it('has ranges of its own where it is still thinned', () => {
    const found = withDetail(coarse, { first_step: 11, last_step: 20, series: series([15, 20], [4.5, 4]) });
    expect(found.rows.map(one => one.step)).toEqual([10, 15, 20, 30]);
    expect(found.ranges.get(15)).toEqual({ from: 11, low: row(15, 3.5), high: row(15, 5.5) });
  });

  it('changes nothing where nothing was found', () => {
    expect(withDetail(coarse, { first_step: null, last_step: null, series: {} })).toBe(coarse);
  });
});
