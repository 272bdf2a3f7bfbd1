import { describe, expect, it } from 'vitest';
import { amounts, type RiverStep, riverShape } from './river';

const step = (before: number, after: number): RiverStep => ({
  kind: 'length',
  documentsBefore: before,
  documentsAfter: after,
  bytesBefore: before * 10,
  bytesAfter: after * 10,
  changed: 0,
  removed: before - after,
  durationS: null,
});

describe('riverShape', () => {
  it('has an exit for each step that takes something out, and none for the others', () => {
    const shape = riverShape([step(100, 80), step(80, 80), step(80, 40)], 'documents');
    expect(shape.exits.map(exit => exit.step)).toEqual([0, 2]);
    expect(shape.columns).toEqual([0, 250, 500, 750]);
  });

  it('ends as wide as what stays', () => {
    const { body } = riverShape([step(100, 50)], 'documents');
    expect(body.startsWith('M0 14C')).toBe(true);
    expect(body).toContain('1000 42L1000 98'); // half of 112, round the middle at 70
  });

  it('has grains only where something is still to be taken out', () => {
    const { grains } = riverShape([step(100, 20), step(20, 20)], 'documents');
    const places = [...grains.matchAll(/M([\d.]+) /g)].map(match => Number(match[1]));
    expect(places.length).toBeGreaterThan(20);
    expect(Math.max(...places)).toBeLessThan(1000 / 3);
  });

  it('is whole when nothing has come yet', () => {
    expect(riverShape([step(0, 0)], 'bytes').exits).toEqual([expect.objectContaining({ step: 0 })]);
    expect(amounts(step(3, 2), 'bytes')).toEqual({ before: 30, after: 20 });
  });
});
