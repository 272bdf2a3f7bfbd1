import { expect, it } from 'vitest';
import { colorsOf, filmOf, lastStep, piecesAfter, stepsWithin } from './film';
import { TRACE } from './trace-example';

const film = filmOf(TRACE);
const texts = (numMerges: number) => piecesAfter(film, numMerges).map(piece => piece.text ?? piece.hex);

it('runs forward and back to the same pieces', () => {
  expect(texts(0)).toEqual(['a', 'b', 'a', 'b', ' ', 'C3', 'A9']);
  expect(texts(1)).toEqual(['ab', 'ab', ' ', 'C3', 'A9']);
  expect(texts(6)).toEqual(['abab', ' ', 'C3', 'A9']);
  expect(texts(10)).toEqual(['abab', ' ', 'é']);
  expect(texts(5)).toEqual(texts(1));
});

it('all merges give the very ids that the tokenizer gives', () => {
  expect(piecesAfter(film, 10).map(piece => piece.id)).toEqual(TRACE.ids);
  expect(piecesAfter(film, 0).map(piece => piece.id)).toEqual(TRACE.words.flatMap(word => word.base_ids));
});

it('names the last merge and what made a piece', () => {
  expect(lastStep(film, 0)).toBeUndefined();
  expect(lastStep(film, 9)).toMatchObject({ rank: 5, start: 0, middle: 2, end: 4 });
  expect(stepsWithin(film, { start: 0, end: 4 }, 10).map(step => step.rank)).toEqual([0, 0, 5]);
});

it('gives neighbours different colours, whatever the cut', () => {
  for (const numMerges of [0, 1, 6, 10]) {
    const colors = colorsOf(piecesAfter(film, numMerges));
    expect(colors.every((color, index) => color !== colors[index - 1])).toBe(true);
  }
});

it('a tokenizer that spells characters is shown too', () => {
  const words = [
    { text: '▁né', hex: '', symbols: ['▁n', '<0xC3>', '<0xA9>'], base_ids: [7, 8, 9], tokens: [] },
  ];
  const other = filmOf({ ...TRACE, words, merges: [], ids: [7, 8, 9] });
  expect(piecesAfter(other, 0).map(piece => [piece.id, piece.text ?? piece.hex])).toEqual([
    [7, ' n'],
    [8, 'C3'],
    [9, 'A9'],
  ]);
});

it('a word of pieces and a word that is not known show what stands for what', () => {
  const words = [
    { text: 'the', hex: '', symbols: ['the'], base_ids: [4], tokens: [tokenOf(' the')] },
    { text: 'glass', hex: '', symbols: ['gl', '##ass'], base_ids: [1, 2], tokens: [tokenOf(' gl')] },
    { text: 'größer', hex: '', symbols: ['[UNK]'], base_ids: [3], tokens: [] },
  ];
  const other = filmOf({ ...TRACE, words, merges: [], ids: [4, 1, 2, 3] });
  const pieces = piecesAfter(other, 0);
  expect(pieces.map(piece => piece.text)).toEqual(['the', 'gl', 'ass', '[UNK]']);
  expect(pieces.map(piece => piece.isApart)).toEqual([false, true, false, true]);
  expect(pieces.at(-1)).toMatchObject({ isSpecial: true, hex: '67 72 C3 B6 C3 9F 65 72' });
});

function tokenOf(text: string) {
  return { id: 0, text, hex: '', is_special: false };
}
