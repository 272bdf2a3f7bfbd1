import { expect, it } from 'vitest';
import { changesOf, documentOf, flat, formFields } from './document';
import { candidates, groupsOf, problemAt } from './groups';
import { numbersIn, stopsOf } from './stops';

const grouped = {
  properties: {
    kind: { const: 'grouped', default: 'grouped', type: 'string' },
    heads: { type: 'integer', minimum: 1, maximum: 1024, default: 2 },
    kv_heads: { anyOf: [{ type: 'integer' }, { type: 'null' }], default: null },
    has_qk_norm: { type: 'boolean', default: true },
  },
};
const sliding = {
  properties: { kind: {}, heads: { type: 'integer', default: 2 }, window: { type: 'integer', default: 64 } },
};
const schema = {
  properties: {
    width: { type: 'integer', minimum: 1, default: 128 },
    layers: { type: 'integer', minimum: 1, default: 4 },
    is_tied: { type: 'boolean', default: false },
    attention: {
      default: { kind: 'grouped', heads: 2 },
      discriminator: { mapping: { grouped: '#/$defs/Grouped', sliding_window: '#/$defs/Sliding' } },
    },
  },
  $defs: { Grouped: grouped, Sliding: sliding },
};
const base = { width: 500, attention: { heads: 4 } };
const fields = (typed = {}) => formFields(schema, base, typed);

it('a part without a kind is of the usual kind, and what is missing has its default', () => {
  expect(documentOf(fields(), {})).toEqual({
    width: 500,
    layers: 4,
    is_tied: false,
    attention: { kind: 'grouped', heads: 4, has_qk_norm: true },
  });
});

it('texts become what they mean; what cannot be meant leaves what stood there', () => {
  const typed = { width: '1,024', layers: 'many', is_tied: 'true', 'attention.kv_heads': '2' };
  expect(documentOf(fields(typed), typed)).toEqual({
    width: 1024,
    layers: 4,
    is_tied: true,
    attention: { kind: 'grouped', heads: 4, kv_heads: 2, has_qk_norm: true },
  });
});

it('another kind brings its own fields, and those of the one before are not counted as changes', () => {
  const typed = { 'attention.kind': 'sliding_window', 'attention.kv_heads': '2' };
  expect(documentOf(fields(typed), typed).attention).toEqual({
    kind: 'sliding_window',
    heads: 2,
    window: 64,
  });
  expect(changesOf(fields(typed), typed).map(one => one.name)).toEqual(['attention.kind']);
});

it('groups: sizes first, what most people leave folded', () => {
  const [size, attention, ends] = groupsOf(fields());
  expect(size?.fields.map(one => one.name)).toEqual(['layers', 'width']);
  expect(attention?.title).toBe('Attention');
  expect(ends?.fields.map(one => one.name)).toEqual(['is_tied']);
});

it('a problem is told at its field, also with the document or the kind in its name', () => {
  const heads = fields().find(one => one.name === 'attention.heads') as ReturnType<typeof fields>[number];
  for (const where of ['attention.heads', 'architecture.attention.heads', 'attention.grouped.heads'])
    expect(problemAt([{ message: '', hint: '', where }], heads)).toBeDefined();
  expect(problemAt([{ message: '', hint: '', where: 'attention.kv_heads' }], heads)).toBeUndefined();
});

it('what a hint names is tried first, then what lies near; each in the document that it would make', () => {
  const heads = fields().find(one => one.name === 'attention.heads') as ReturnType<typeof fields>[number];
  const problem = {
    message: '8 heads do not divide a width of 500.',
    hint: 'Use 4 or 10.',
    where: 'attention.heads',
  };
  const tried = candidates(problem, heads, 8, { width: 500, attention: { kind: 'grouped', heads: 8 } });
  expect(tried.slice(0, 2).map(one => one.value)).toEqual([4, 10]);
  expect(tried[1]?.document).toEqual({ width: 500, attention: { kind: 'grouped', heads: 10 } });
  expect(tried.map(one => one.value)).not.toContain(8);
  expect(numbersIn('Set 1,024 or 2,048.')).toEqual([1024, 2048]);
});

it('a slider stands on sizes that people choose, and on what stands there', () => {
  const width = fields()[0] as ReturnType<typeof fields>[number];
  const stops = stopsOf(width, 500);
  expect(stops).toContain(500);
  expect(stops).toContain(768);
  expect([...stops].sort((a, b) => a - b)).toEqual(stops);
  expect(stopsOf({ ...width, name: 'norm.eps' }, 1)).toEqual([]);
});

it('every value of a document with its path', () => {
  expect([...flat({ width: 1, attention: { heads: 2, kv_heads: null } })]).toEqual([
    ['width', 1],
    ['attention.heads', 2],
  ]);
});
