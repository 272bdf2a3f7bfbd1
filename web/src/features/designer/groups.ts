// The form's fields in the groups that a person thinks in, the fine ones folded away; and which problem belongs to which field.
// In: fields, problems as the server says them. Out: groups. Pure.
import type { Field } from '@/lib/schema-fields';
import type { Document } from './document';
import { numbersIn, stopsOf } from './stops';

export interface Problem {
  message: string;
  hint: string;
  where: string;
}

export interface Group {
  title: string;
  fields: Field[];
  /** What most people leave as it is. */
  fine: Field[];
}

const SIZE = ['layers', 'width', 'context', 'vocab_size'];
const TITLES: Record<string, string> = {
  attention: 'Attention',
  position: 'Position',
  norm: 'Norm',
  feed_forward: 'Feed-forward',
};
const PLAIN =
  /(^|\.)(kind|heads|kv_heads|window|hidden|hidden_width|experts|has_qk_norm|is_\w+|norm_placement|active\w*|num_\w+)$/;

export function groupsOf(fields: readonly Field[]): Group[] {
  const parts = [
    ...new Set(fields.flatMap(field => (field.name.includes('.') ? [field.name.split('.')[0] ?? ''] : []))),
  ];
  const size = SIZE.flatMap(name => fields.find(field => field.name === name) ?? []);
  const ends = fields.filter(field => !field.name.includes('.') && !SIZE.includes(field.name));
  return [
    { title: 'Size', fields: size, fine: [] },
    ...parts.map(part =>
      grouped(
        TITLES[part] ?? part.replaceAll('_', ' '),
        fields.filter(field => field.name.startsWith(`${part}.`)),
      ),
    ),
    grouped('Stream and ends', ends),
  ].filter(group => group.fields.length + group.fine.length > 0);
}

function grouped(title: string, fields: readonly Field[]): Group {
  return {
    title,
    fields: fields.filter(field => PLAIN.test(field.name)),
    fine: fields.filter(field => !PLAIN.test(field.name)),
  };
}

/** The problem that a field has: the server may name it with the document's name before it, or the kind inside. */
export function problemAt(problems: readonly Problem[], field: Field): Problem | undefined {
  return problems.find(problem => isAt(problem.where, field.name));
}

function isAt(where: string, name: string): boolean {
  const words = where.replace(/^architecture\./, '').split('.');
  return words.join('.') === name || [words[0], words.at(-1)].join('.') === name;
}

/** Values that may solve a problem, the hint's own first; each has to be tried. */
export function candidates(
  problem: Problem,
  field: Field,
  value: number,
  document: Document,
): { value: number; document: Document }[] {
  const stops = stopsOf(field, value);
  const at = stops.indexOf(value);
  const near = [1, 2, 3, 4].flatMap(by => [value - by, value + by]);
  const around = [stops[at - 1], stops[at + 1], value * 2, value / 2];
  const all = [...numbersIn(problem.hint), ...around, ...near].filter(
    (one): one is number => one !== undefined && Number.isInteger(one) && one > 0 && one !== value,
  );
  return [...new Set(all)]
    .slice(0, 12)
    .map(one => ({ value: one, document: withValue(document, field.name.split('.'), one) }));
}

function withValue(document: Document, [name = '', ...rest]: string[], value: unknown): Document {
  const inner = (document[name] ?? {}) as Document;
  return { ...document, [name]: rest.length ? withValue(inner, rest, value) : value };
}
