// Which sizes of a vocabulary are compared, and what that says in words. Pure.
import type { WhatIfView } from '@/lib/api/schema';
import { count, percent, short } from '@/lib/format';

type Row = WhatIfView['rows'][number];
const NUM_SIZES = 28;

/** From no merge to all of them, evenly on a logarithmic scale; the powers of two among them. */
export function sizesOf(vocabSize: number, numMerges: number): number[] {
  const least = vocabSize - numMerges;
  if (numMerges === 0) return [];
  const even = Array.from({ length: NUM_SIZES }, (_, index) =>
    Math.round(least * (vocabSize / least) ** (index / (NUM_SIZES - 1))),
  );
  const powers = Array.from({ length: 21 }, (_, power) => 2 ** power).filter(
    size => size > least && size < vocabSize,
  );
  return [...new Set([...even, ...powers])].sort((a, b) => a - b);
}

/** What the last doubling of the vocabulary saved and cost. */
export function doublingOf(rows: readonly Row[], width: number): string {
  const last = rows.at(-1);
  const half = last && rows.findLast(row => row.vocab_size * 2 <= last.vocab_size);
  if (!last || !half) return 'The vocabulary has too few merges to be halved.';
  const saved = percent(1 - last.num_tokens / half.num_tokens, 1);
  const more = short(last.embedding_parameters - half.embedding_parameters);
  return `From ${count(half.vocab_size)} to ${count(last.vocab_size)} tokens the text becomes ${saved} shorter, and the embedding has ${more} more parameters at ${count(width)} wide.`;
}

/** The size at which training once over the texts takes the fewest operations. */
export function cheapest(rows: readonly Row[]): Row | undefined {
  return rows.reduce<Row | undefined>(
    (least, row) => (!least || row.flops < least.flops ? row : least),
    undefined,
  );
}

/** Parameters of a small transformer without its embedding: four layers of this width. */
export function usualBody(width: number): number {
  return 4 * 12 * width * width;
}
