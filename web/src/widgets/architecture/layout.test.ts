import { describe, expect, it } from 'vitest';
import { layoutBlock } from './layout-block';
import { layoutMatrix } from './layout-matrix';
import { layoutModel } from './layout-model';
import type { Box, Drawing } from './marks';
import { blockOf, partOf, sharesOf, sheetsOf, turns } from './parts';
import { EXPERTS, GATED, sample, WIDTH } from './sample';

const boxes = ({ marks }: Drawing) => marks.flatMap(mark => (mark.type === 'box' ? [mark] : []));
const named = (drawing: Drawing, name: string) => boxes(drawing).find(one => one.name === name) as Box;
const roots = (one: Box) => [one.w, one.h];

describe('parts', () => {
  it('a block that was not sent is the one that is equal to it', () => {
    const design = sample();
    expect(blockOf(design.parts, 5)).toEqual(blockOf(design.parts, 0));
    expect(partOf(design, 'layers.5.attention')?.id).toBe('layers.0.attention');
    expect(partOf(design, 'head')?.role).toBe('head');
  });

  it('experts of the same size are one sheet with copies', () => {
    const part = partOf(sample({}, EXPERTS), 'layers.0.feed_forward');
    const sheets = sheetsOf(part as NonNullable<typeof part>);
    expect(sheets.map(turns)).toEqual(['64 → 4', '4 × 64 → 256', '4 × 256 → 64']);
    expect(sheets[1]?.parameters).toBe(4 * 256 * WIDTH);
  });

  it('shares count each block as often as it stands', () => {
    const design = sample();
    const shares = new Map(sharesOf(design).map(one => [one.role, one.parameters]));
    expect(shares.get('feed_forward')).toBe(6 * 3 * 256 * WIDTH);
    expect(shares.get('norm')).toBe(6 * 2 * WIDTH + WIDTH);
  });
});

describe('a block', () => {
  it('draws every matrix at one scale: a side is the root of its size', () => {
    const drawing = layoutBlock(sample(), 0);
    const query = named(drawing, 'q.weight');
    const scale = query.w / Math.sqrt(WIDTH);
    expect(roots(named(drawing, 'k.weight'))).toEqual([Math.sqrt(16) * scale, query.h]);
    expect(roots(named(drawing, 'down.weight'))).toEqual([query.w, Math.sqrt(256) * scale]);
    expect(named(drawing, 'gate.weight').w).toBeCloseTo(16 * scale);
  });

  it('parts queries and keys into their heads', () => {
    const drawing = layoutBlock(sample(), 0);
    expect(named(drawing, 'q.weight').cuts).toHaveLength(3);
    expect(named(drawing, 'k.weight').cuts).toHaveLength(0);
  });

  it.each([
    ['pre', {}],
    ['post', { isPost: true }],
    ['parallel', { isParallel: true }],
    ['parallel and post', { isParallel: true, isPost: true }],
    ['one block', { layers: 1 }],
    ['very wide', { width: 8192, vocabSize: 256_000 }],
  ])('keeps everything on the page and in its place: %s', (_, fields) => {
    for (const feedForward of [GATED, EXPERTS]) {
      const drawing = layoutBlock(sample(fields, feedForward), 0);
      for (const one of boxes(drawing)) {
        expect(one.x).toBeGreaterThanOrEqual(0);
        expect(one.x + one.w).toBeLessThanOrEqual(drawing.width);
        expect(one.y).toBeGreaterThanOrEqual(0);
        expect(one.y + one.h).toBeLessThanOrEqual(drawing.height);
      }
      expect(overlapping(boxes(drawing).filter(one => one.form !== 'row'))).toEqual([]);
    }
  });

  it('a norm after the sum stands on the stream, one before it in the row', () => {
    const at = (isPost: boolean) =>
      boxes(layoutBlock(sample({ isPost }), 0)).find(one => one.id === 'layers.0.attention_norm') as Box;
    const query = named(layoutBlock(sample(), 0), 'q.weight');
    expect(at(false).y).toBeLessThan(query.y + query.h);
    expect(at(true).y).toBeGreaterThan(query.y + query.h);
  });

  it('positions stand where they act', () => {
    const plate = (kind: string) =>
      boxes(layoutBlock(sample({}, GATED, kind), 0)).find(one => one.id === 'position');
    expect(plate('none')).toBeUndefined();
    expect((plate('rotary') as Box).y).toBeGreaterThan((plate('sinusoidal') as Box).y);
  });
});

it('the whole model has a row that opens for each block, and one scale', () => {
  const drawing = layoutModel(sample({ layers: 40 }));
  expect(boxes(drawing).filter(one => one.form === 'row')).toHaveLength(40);
  const [embedding] = boxes(drawing).filter(one => one.id === 'embedding');
  const [query] = boxes(drawing).filter(one => one.role === 'attention');
  const scale = (query as Box).w / Math.sqrt(WIDTH);
  expect((embedding as Box).w).toBeCloseTo(Math.sqrt(4096) * scale);
});

it('one matrix keeps its real proportions', () => {
  const design = sample();
  const part = partOf(design, 'layers.0.attention') as NonNullable<ReturnType<typeof partOf>>;
  const key = named(layoutMatrix(design, part, 'k.weight'), 'k.weight');
  expect(key.h / key.w).toBeCloseTo(WIDTH / 16);
});

it('a part without weights says so', () => {
  const design = sample();
  const position = design.parts.find(one => one.role === 'position');
  const { marks } = layoutMatrix(design, position as NonNullable<typeof position>, '');
  expect(marks.some(mark => mark.type === 'text' && mark.text.includes('no weights'))).toBe(true);
});

function overlapping(all: readonly Box[]): string[] {
  return all.flatMap((a, index) =>
    all
      .slice(index + 1)
      .filter(b => a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h)
      .map(b => `${a.id} ${a.name} and ${b.id} ${b.name}`),
  );
}
