// The phases of a step and their mean. Pure.
import { count, decimals } from '@/lib/format';
import type { Ranges, StepRow } from '@/lib/live/run-log';

export const PHASES = [
  { name: 'data_s', color: '--cat-2' },
  { name: 'forward_s', color: '--cat-4' },
  { name: 'backward_s', color: '--cat-1' },
  { name: 'optimizer_s', color: '--cat-5' },
  { name: 'save_s', color: '--cat-3' },
  { name: 'measure_s', color: '--cat-7' },
] as const;

export const SPLIT_OVER = 500;

/** The newest rows that stand for one step each. */
export function newestSteps(rows: readonly StepRow[], ranges: Ranges): readonly StepRow[] {
  return rows.slice(-SPLIT_OVER).filter(row => !ranges.has(row.step));
}

/** Mean seconds of each phase; null where the rows say nothing of it. */
export function meanTimes(rows: readonly StepRow[]): Record<string, number> | null {
  const newest = rows.filter(row => row.forward_s !== undefined);
  if (newest.length === 0) return null;
  return Object.fromEntries(
    PHASES.map(({ name }) => [name, newest.reduce((sum, row) => sum + (row[name] ?? 0), 0) / newest.length]),
  );
}

/** `0.04 ms`, `23.1 ms`, `1,240 ms`. */
export function milliseconds(seconds: number): string {
  const value = 1000 * seconds;
  return `${value >= 100 ? count(value) : decimals(value, value >= 1 ? 1 : 2)} ms`;
}
