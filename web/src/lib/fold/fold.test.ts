import { describe, expect, it } from 'vitest';
import vectors from '../../../../tests/specs/fold_vectors.json';
import { fold, NOTHING, type RunEvent } from './fold';

describe('fold says what the Python fold says', () => {
  it.each(vectors.map(vector => [vector.name, vector] as const))('%s', (_, vector) => {
    expect(fold(vector.events as unknown as RunEvent[])).toEqual({ ...NOTHING, ...vector.state });
  });

  it('a snapshot and what came after it give the whole', () => {
    for (const vector of vectors) {
      const events = vector.events as unknown as RunEvent[];
      for (let cut = 0; cut <= events.length; cut += 1) {
        expect(fold(events.slice(cut), fold(events.slice(0, cut)))).toEqual(fold(events));
      }
    }
  });
});
