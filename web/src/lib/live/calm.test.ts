import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { calm } from './calm';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Something new every 10 ms for as long as that; how often it was taken in, each time busy for `busy_ms`. */
function flood(lasts_ms: number, busy_ms: number): number[][] {
  const taken: number[][] = [];
  const frames = calm<number>(all => {
    taken.push(all);
    vi.setSystemTime(Date.now() + busy_ms);
    vi.advanceTimersByTime(busy_ms);
  });
  for (let at = 0; at < lasts_ms; at += 10) {
    frames.add(at);
    vi.advanceTimersByTime(10);
  }
  vi.advanceTimersByTime(10_000);
  return taken;
}

it('loses nothing and keeps the order', () => {
  const taken = flood(1000, 0);
  expect(taken.flat()).toEqual(Array.from({ length: 100 }, (_, at) => at * 10));
  expect(taken.length).toBeLessThanOrEqual(5);
});

it('takes in more seldom what takes longer', () => {
  expect(flood(4000, 200).length).toBeLessThan(8);
  expect(flood(4000, 0).length).toBeGreaterThan(12);
});

it('waits for nothing when it is asked', () => {
  const taken: number[] = [];
  const frames = calm<number>(all => taken.push(...all));
  frames.add(1);
  frames.flush();
  frames.flush();
  expect(taken).toEqual([1]);
  vi.advanceTimersByTime(1000);
  expect(taken).toEqual([1]);
});
