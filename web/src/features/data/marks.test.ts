import { describe, expect, it } from 'vitest';
import { marksIn } from './marks';

const hits = (text: string, ...words: string[]) =>
  marksIn(text, words)
    .filter(part => part.isHit)
    .map(part => part.text);

describe('marksIn', () => {
  it('marks whole words, capital or small, in any script', () => {
    expect(hits('Annealing, annealing; annealings', 'annealing')).toEqual(['Annealing', 'annealing']);
    expect(hits('Ванну мыла', 'ванну')).toEqual(['Ванну']);
  });

  it('loses nothing', () => {
    const text = 'a (b) c';
    expect(
      marksIn(text, ['(b)'])
        .map(part => part.text)
        .join(''),
    ).toBe(text);
    expect(hits(text, '(b)')).toEqual(['b']);
  });

  it('marks nothing when there is no word', () => {
    expect(marksIn('text', ['*', '"'])).toEqual([{ text: 'text', isHit: false }]);
  });
});
