// What differs between two runs, and one honest sentence on which came out better. Pure.
import type { RunDetail, RunView } from '@/lib/api/schema';
import { decimals } from '@/lib/format';

export interface Difference {
  field: string;
  a: string;
  b: string;
}

/** Settings that differ, over all nodes and inline documents, and how many settings there are. */
export function differences(a: RunDetail, b: RunDetail): { rows: Difference[]; total: number } {
  const [left, right] = [settingsOf(a), settingsOf(b)];
  const fields = [...new Set([...left.keys(), ...right.keys()])].sort();
  const rows = fields
    .map(field => ({ field, a: left.get(field) ?? '–', b: right.get(field) ?? '–' }))
    .filter(row => row.a !== row.b);
  return { rows, total: fields.length };
}

function settingsOf(detail: RunDetail): Map<string, string> {
  const found = new Map<string, string>();
  for (const node of detail.nodes) collect(found, node.name, node.config);
  for (const [name, node] of Object.entries(detail.recipe?.nodes ?? {})) {
    for (const [port, value] of Object.entries(node.inputs ?? {})) {
      if (typeof value === 'object') collect(found, `${name}.${port}`, value.inline);
    }
  }
  return found;
}

function collect(found: Map<string, string>, prefix: string, value: unknown): void {
  if (value !== null && typeof value === 'object' && !Array.isArray(value)) {
    for (const [key, inner] of Object.entries(value)) collect(found, `${prefix}.${key}`, inner);
  } else found.set(prefix, typeof value === 'string' ? value : JSON.stringify(value));
}

/** One run each says little: the sentence names the difference, and that seeds alone move it. */
export function verdict(a: RunView, b: RunView): string {
  if (a.bits_per_byte === null || b.bits_per_byte === null)
    return 'One of them was not measured on held-out text.';
  const gap = b.bits_per_byte - a.bits_per_byte;
  if (gap === 0) return 'Both need the same number of bits for held-out text.';
  const better = gap < 0 ? 'B' : 'A';
  return `${better} needs ${decimals(Math.abs(gap))} bits/byte less for held-out text. At this size another seed alone moves a run by about 0.02.`;
}
