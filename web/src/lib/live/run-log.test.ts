import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../fold/fold';
import { EMPTY, type StepRow, withEvents, withPast, withRows, withSnapshot } from './run-log';

const row = (step: number, loss = step): StepRow => ({ step, loss });
const started = (attempt: number, from_step: number): RunEvent => ({
  type: 'attempt.started',
  time: `t${attempt}`,
  attempt,
  from_step,
  from_attempt: 0,
  is_bit_exact: true,
  caveats: [],
});

describe('a followed run', () => {
  it('keeps rows in order and takes none twice', () => {
    const once = withRows(EMPTY, '1:3', [row(1), row(2), row(3)]);
    const again = withRows(once, '1:4', [row(3, 30), row(4)]);
    expect(again.rows).toEqual([row(1), row(2), row(3, 30), row(4)]);
    expect(again.metrics).toBe('1:4');
  });

  it('voids what an earlier attempt did beyond the state that the next one starts from', () => {
    const killed = withRows(
      withEvents(EMPTY, '2:1:0', [started(1, 0)]),
      '1:5',
      [1, 2, 3, 4, 5].map(s => row(s)),
    );
    const resumed = withEvents(killed, '4:2:0', [started(2, 3)]);
    expect(resumed.rows.map(one => one.step)).toEqual([1, 2, 3]);
    const on = withRows(resumed, '2:1', [row(4, 40)]);
    expect(on.rows.at(-1)).toEqual(row(4, 40));
  });

  it('begins anew when an attempt starts from nothing', () => {
    const log = withRows(withEvents(EMPTY, '2:1:0', [started(1, 0)]), '1:1', [row(1)]);
    expect(withEvents(log, '4:2:0', [started(2, 0)]).rows).toEqual([]);
  });

  it('takes a long past in few rows and goes on row by row', () => {
    const past = withPast(
      EMPTY,
      '1:100',
      [row(50, 4), row(100, 3)],
      [row(50, 2), row(100, 1)],
      [row(50, 9), row(100, 8)],
    );
    expect(past.ranges.get(100)).toEqual({ from: 51, low: row(100, 1), high: row(100, 8) });
    const on = withRows(past, '1:101', [row(101)]);
    expect(on.rows.map(one => one.step)).toEqual([50, 100, 101]);
    expect(on.ranges.size).toBe(2);
    expect(on.metrics).toBe('1:101');
    expect(withSnapshot(on, '3:1:7', on.state).ranges.size).toBe(0);
  });
});
