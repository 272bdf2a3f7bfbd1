import { describe, expect, it } from 'vitest';
import type { RiverStep } from '@/widgets/cleaning-river/river';
import { readingOf, stepWords } from './steps';

const step = (kind: string, before: number, after: number): RiverStep => ({
  kind,
  documentsBefore: before,
  documentsAfter: after,
  bytesBefore: 0,
  bytesAfter: 0,
  changed: 0,
  removed: before - after,
  durationS: null,
});

describe('readingOf', () => {
  it('names the share that stays and what takes most', () => {
    const steps = [step('length', 200, 190), step('near_duplicates', 190, 108)];
    expect(readingOf(steps, false)).toBe(
      '54 % of the documents stay. Most of what leaves says nearly the same as another one.',
    );
  });

  it('is honest about nothing and about everything', () => {
    expect(readingOf([], true)).toBe('Nothing has come through yet.');
    expect(readingOf([step('length', 9, 9)], false)).toBe('Everything stays.');
    expect(readingOf([step('length', 9999, 9998)], false)).toMatch(/^Nearly all of the documents stay/);
  });
});

describe('stepWords', () => {
  it('tells the threshold of near copies, and has words for a step that it does not know', () => {
    expect(stepWords('near_duplicates', { threshold: 0.8 }).detail).toBe('MinHash over 0.80');
    expect(stepWords('some_plugin', {}).title).toBe('some plugin');
  });
});
