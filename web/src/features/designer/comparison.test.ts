import { expect, it } from 'vitest';
import type { ExplainView } from '@/lib/api/schema';
import { rowsOf } from './comparison';

function explained(document: object, parameters: number): ExplainView {
  return { document, parameters, vocab_size: 512 } as ExplainView;
}

const draft = explained({ layers: 4, attention: { heads: 4, kind: 'grouped' }, width: 128 }, 1000);
const other = explained(
  { layers: 4, attention: { kind: 'grouped', heads: 8, kv_heads: 2 }, width: 128 },
  2000,
);

it('marks what differs from the first, and nothing where one is not known yet', () => {
  const rows = rowsOf([draft, other, null]);
  const differing = rows.filter(row => row.differs.some(Boolean)).map(row => row.label);
  expect(differing).toContain('Attention: heads');
  expect(differing).toContain('Parameters');
  expect(differing).not.toContain('Blocks');
  expect(rows.every(row => row.differs[2] === false && row.cells[2] === '')).toBe(true);
});

it('sizes first, then each part with its kind before its settings', () => {
  const labels = rowsOf([draft, other]).map(row => row.label);
  expect(labels.slice(0, 5)).toEqual([
    'Blocks',
    'Width',
    'Attention',
    'Attention: heads',
    'Attention: key and value heads',
  ]);
});

it('a vocabulary that is left to the tokenizer is said so', () => {
  const [first] = [rowsOf([explained({ vocab_size: 4096 }, 1), draft])];
  expect(first?.find(row => row.label === 'Vocabulary')?.cells).toEqual(['4,096', '512, the tokenizer’s']);
});
