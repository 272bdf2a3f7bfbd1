import { expect, it } from 'vitest';
import { cheapest, doublingOf, sizesOf } from './sizes';

const row = (vocab_size: number, num_tokens: number, flops: number) => ({
  vocab_size,
  num_tokens,
  bytes_per_token: 1000 / num_tokens,
  embedding_parameters: vocab_size * 64,
  flops,
});
const rows = [row(257, 1000, 9), row(512, 500, 5), row(1024, 400, 6)];

it('compares sizes from no merge to all, each once, in order', () => {
  const sizes = sizesOf(2048, 1791);
  expect([sizes[0], sizes.at(-1)]).toEqual([257, 2048]);
  expect(sizes).toEqual([...new Set(sizes)].sort((a, b) => a - b));
  expect(sizes).toContain(1024);
  expect(sizesOf(256, 0)).toEqual([]);
});

it('says what doubling saved and cost', () => {
  expect(doublingOf(rows, 64)).toBe(
    'From 512 to 1,024 tokens the text becomes 20.0 % shorter, and the embedding has 32.8 k more parameters at 64 wide.',
  );
  expect(doublingOf(rows.slice(2), 64)).toContain('too few merges');
});

it('finds the size that costs the least', () => {
  expect(cheapest(rows)?.vocab_size).toBe(512);
  expect(cheapest([])).toBeUndefined();
});
