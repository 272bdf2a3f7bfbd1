import { describe, expect, it } from 'vitest';
import type { StatisticsView } from '@/lib/api/schema';
import { copiesReading, enoughFor, lengthReading, scriptsReading } from './readings';

const lengths = {
  unit: 'bytes',
  bins: [],
  min: 1,
  p10: 2,
  median: 612,
  p90: 2048,
  max: 9000,
  mean: 800,
} as const;
const found = (part: object) =>
  ({
    num_documents: 100,
    scripts: [],
    duplicates: { exact_documents: 0, near_documents: 0 },
    ...part,
  }) as unknown as StatisticsView;

describe('readings', () => {
  it('tells lengths by the median and the longest tenth', () => {
    expect(lengthReading({ ...lengths, bins: [] })).toBe(
      'Half of the documents are shorter than 612 bytes; one in ten has 2,048 or more.',
    );
    expect(lengthReading({ ...lengths, bins: [], median: 9000 })).toMatch(/9,000 bytes or fewer/);
  });

  it('names one script, or two side by side', () => {
    const scripts = (...shares: [string, number][]) =>
      found({ scripts: shares.map(([name, share]) => ({ name, share, num_characters: 1 })) });
    expect(scriptsReading(scripts(['Latin', 1]))).toBe('Written in Latin.');
    expect(scriptsReading(scripts(['Latin', 0.6], ['Cyrillic', 0.4]))).toBe(
      'Latin and Cyrillic side by side.',
    );
    expect(scriptsReading(found({}))).toBe('There are no letters in it.');
  });

  it('says what is there twice', () => {
    expect(copiesReading(found({}))).toBe('Nothing is there twice.');
    expect(copiesReading(found({ duplicates: { exact_documents: 1, near_documents: 0 } }))).toBe(
      '1 document is there more than once.',
    );
    expect(copiesReading(found({ duplicates: { exact_documents: 3, near_documents: 2 } }))).toMatch(/^5.0 %/);
  });

  it('measures what a text is enough for', () => {
    expect(enoughFor(171e6).parameters).toBeCloseTo(2.14e6, -4);
    expect(enoughFor(10_000).words).toMatch(/^is little/);
  });
});
