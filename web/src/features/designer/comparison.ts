// Two to four architectures beside each other as rows, with what differs from the first marked. Pure.

import type { ExplainView } from '@/lib/api/schema';
import { bytes, count, short } from '@/lib/format';
import { kindWords } from '@/widgets/architecture/parts';
import { asText, flat } from './document';
import { labelOf } from './labels';

export interface Row {
  label: string;
  cells: string[];
  /** Which cells say something else than the first. */
  differs: boolean[];
}

const FIRST = ['layers', 'width', 'context', 'vocab_size'];
const FIGURES: [string, (one: ExplainView) => string][] = [
  ['Parameters', one => short(one.parameters ?? 0)],
  ['of them embedding', one => short(one.embedding_parameters ?? 0)],
  ['Work per token, forward', one => `${short(one.flops_per_token ?? 0)} FLOP`],
  ['Weights, bf16', one => bytes(one.weight_bytes ?? 0)],
  ['Cache a token, bf16', one => bytes(one.cache_bytes_per_token ?? 0)],
];

/** `null` where one is not known yet, or cannot be built. */
export function rowsOf(columns: readonly (ExplainView | null)[]): Row[] {
  const values = columns.map(one => (one ? flat(one.document ?? {}) : new Map<string, unknown>()));
  const names = [...new Set(values.flatMap(one => [...one.keys()]))];
  const parts = [...new Set(names.map(partOf))];
  const place = (name: string) => {
    const first = FIRST.indexOf(name);
    if (first >= 0) return first;
    return FIRST.length + 10 * parts.indexOf(partOf(name)) + (name.endsWith('.kind') ? 0 : 1);
  };
  const ordered = names.sort((a, b) => place(a) - place(b));
  const settings = ordered.map(name =>
    row(
      labelOf(name, true),
      columns.map((one, index) => (one ? cell(name, values[index]?.get(name), one) : '')),
    ),
  );
  const figures = FIGURES.map(([label, figure]) =>
    row(
      label,
      columns.map(one => (one?.parameters ? figure(one) : '')),
    ),
  );
  return [...settings, ...figures];
}

/** Settings of one part stand together; those of the whole after them. */
function partOf(name: string): string {
  return name.includes('.') ? (name.split('.')[0] ?? '') : '';
}

function row(label: string, cells: string[]): Row {
  return { label, cells, differs: cells.map(one => one !== '' && cells[0] !== '' && one !== cells[0]) };
}

function cell(name: string, value: unknown, one: ExplainView): string {
  if (value === undefined && name === 'vocab_size') return `${count(one.vocab_size ?? 0)}, the tokenizer’s`;
  if (value === undefined) return '–';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'number')
    return Number.isInteger(value) ? count(value) : String(Number(value.toPrecision(6)));
  return kindWords(asText(value));
}
