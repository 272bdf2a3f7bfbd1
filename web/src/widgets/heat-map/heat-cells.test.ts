import { describe, expect, it } from 'vitest';
import { cellPaths, framePath, groupsOf } from './heat-cells';

const ramp = { low: 0, high: 10, isLog: false };
const edges = (num: number) => Array.from({ length: num + 1 }, (_, at) => (1000 * at) / num);

/** The share of the picture that paths cover. */
function covered(paths: string[]): number {
  const boxes = paths.join('').matchAll(/M([\d.]+) ([\d.]+)H([\d.]+)V([\d.]+)H[\d.]+Z/g);
  return [...boxes].reduce((sum, box) => {
    const [x = 0, y = 0, right = 0, bottom = 0] = box.slice(1).map(Number);
    return sum + ((right - x) * (bottom - y)) / 1e6;
  }, 0);
}

describe('columns that are drawn as one', () => {
  it.each([0, 1, 7, 200, 201, 600, 6001])('hold %i columns, each once', num => {
    const groups = groupsOf(num);
    expect(groups.length).toBe(Math.min(num, 200));
    expect(
      groups.flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, at) => first + at)),
    ).toEqual(Array.from({ length: num }, (_, at) => at));
  });
});

describe('cells', () => {
  it('are one path a thickness, neighbors of the same thickness one stretch', () => {
    const paths = cellPaths(
      [
        [1, 1, 9],
        [9, null, 9],
      ],
      edges(3),
      ramp,
    );
    expect(paths.map(path => path.split('M').length - 1)).toEqual([0, 1, 0, 0, 0, 0, 0, 0, 0, 3]);
    expect(paths[1]).toBe('M0 0H666.67V500H0Z');
  });

  it('cover the picture, and stay few however many columns there are', () => {
    const values = Array.from({ length: 6000 }, (_, at) => at % 11);
    const paths = cellPaths([values, values], edges(6000), ramp);
    expect(covered(paths)).toBeCloseTo(1, 3);
    expect(paths.join('').length).toBeLessThan(2 * 200 * 40);
  });

  it('of a group are as thick as their mean', () => {
    const values = Array.from({ length: 400 }, (_, at) => (at % 2 ? 10 : 0));
    expect(cellPaths([values], edges(400), ramp).flatMap((path, level) => (path ? [level] : []))).toEqual([
      5,
    ]);
  });
});

describe('frames', () => {
  it('stand around every value that lies outside, if it is one among many', () => {
    const values = Array.from({ length: 600 }, (_, at) => (at === 299 ? 99 : 5));
    expect(framePath([values, values.map(() => 5)], edges(600), { from: 0, to: 10 })).toBe(
      'M495 0H500V500H495Z',
    );
    expect(framePath([values], edges(600), { from: null, to: null })).toBe('');
  });
});
