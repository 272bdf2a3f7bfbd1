import { expect, it } from 'vitest';
import { EMPTY, type RunLog, withPast, withRows } from './run-log';
import { CHART_POINTS, type StepRow } from './stretches';

const NUM = 60_000;
const loss = (step: number) => 5 + Math.sin(step * 12.9898);
const row = (step: number): StepRow => ({ step, loss: loss(step), ...(step > 30_000 ? { late: step } : {}) });
const upTo = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, at) => first + at);

function grow(log: RunLog, first: number): RunLog {
  const parts = Math.ceil((NUM - first + 1) / 25);
  return Array.from({ length: parts }, (_, part) => first + 25 * part).reduce(
    (grown, start) => withRows(grown, `1:${start}`, upTo(start, Math.min(NUM, start + 24)).map(row)),
    log,
  );
}

/** What the server sends of a past of 20,001 steps. */
function sent(): RunLog {
  const parts = upTo(1, 1950).map(part => upTo(10 * part - 9, 10 * part));
  const each = (how: (...values: number[]) => number): StepRow[] =>
    parts.map(part => ({ step: part.at(-1) ?? 0, loss: how(...part.map(loss)) }));
  const past = withPast(EMPTY, '1:19500', each(meanOf), each(Math.min), each(Math.max));
  return withRows(past, '1:20001', upTo(19_501, 20_001).map(row));
}

function meanOf(...values: number[]): number {
  return values.reduce((sum, each) => sum + each, 0) / values.length;
}

for (const [name, log] of [
  ['that grew row by row', grow(EMPTY, 1)],
  ['of which the beginning came put together', grow(sent(), 20_002)],
] as const) {
  it(`a past ${name} is as short as a chart, its newest rows are single steps`, () => {
    expect(log.rows.length).toBeLessThan(2.3 * CHART_POINTS);
    const newest = log.rows.slice(-500);
    expect(newest).toEqual(upTo(NUM - 499, NUM).map(row));
    expect(newest.some(one => log.ranges.has(one.step))).toBe(false);
  });

  it(`every step of a past ${name} is in one stretch, with its mean, least and greatest`, () => {
    let before = 0;
    for (const one of log.rows) {
      const losses = upTo(before + 1, one.step).map(loss);
      const range = log.ranges.get(one.step);
      expect(range !== undefined).toBe(losses.length > 1);
      expect(range?.from ?? one.step).toBe(before + 1);
      expect(range?.low.loss ?? one.loss).toBe(Math.min(...losses));
      expect(range?.high.loss ?? one.loss).toBe(Math.max(...losses));
      expect(one.loss).toBeCloseTo(meanOf(...losses), 9);
      before = one.step;
    }
    expect(before).toBe(NUM);
  });
}

it('stretches are even, and a figure that only some steps have is of those', () => {
  const { rows, ranges } = grow(EMPTY, 1);
  const lengths = rows.flatMap(one => one.step - (ranges.get(one.step)?.from ?? Number.NaN) + 1);
  expect(new Set(lengths.filter(length => length > 1)).size).toBeLessThan(4);
  const edge = rows.find(one => one.step >= 30_001);
  expect(edge?.late).toBe(meanOf(...upTo(30_001, edge?.step ?? 0)));
});
