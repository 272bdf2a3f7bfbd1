import { expect, it } from 'vitest';
import { cut, fromSearch, LINK_CHARACTERS, toSearch } from './state';

it('a link is a copy of the state', () => {
  const state = {
    ...fromSearch({}),
    ref: 'tokenizer/plays@2',
    tab: 'vocabulary' as const,
    text: '',
    merges: 0,
    under: 'bytes' as const,
    at: 7,
    by: 'script' as const,
    others: ['known:gpt2', 'known:bytes'],
    dataset: 'dataset/plays',
    order: 'rarest' as const,
    query: ' the',
    width: 64,
    isTied: false,
    body: 0,
    chat: '{}',
    run: 'r1',
  };
  expect(fromSearch(toSearch(state))).toEqual(state);
  expect(toSearch(fromSearch({}))).toEqual({});
  expect(fromSearch(toSearch({ ...state, others: [] })).others).toEqual([]);
});

it('a link with nonsense in it opens at the beginning', () => {
  expect(toSearch(fromSearch({ tab: 'x', m: 'many', width: -2, order: 7, under: 'all' }))).toEqual({});
});

it('a long text is cut in the link, between characters', () => {
  const text = `${'a'.repeat(LINK_CHARACTERS - 1)}😀`;
  expect(toSearch({ ...fromSearch({}), text }).text).toBe('a'.repeat(LINK_CHARACTERS - 1));
  expect(cut('ab😀', 4)).toBe('ab😀');
});
