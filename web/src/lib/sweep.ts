// Sweeps as a page reads and writes them: an axis from what was typed, and a variant's settings in short words. Pure.
import type { AxisSpecInput } from './api/schema';

export type Settings = Record<string, unknown>;

/** `1, 2, 3` or `1e-4..1e-2:log:5`, as on the command line; null where it says nothing. */
export function readAxis(field: string, text: string): AxisSpecInput | null {
  const typed = text.trim();
  if (!field.trim() || !typed) return null;
  if (typed.includes('..')) return readRange(field.trim(), typed);
  const values = typed
    .split(',')
    .map(scalar)
    .filter(value => value !== '');
  return values.length > 0 ? { field: field.trim(), values, range: null, along: {} } : null;
}

function readRange(field: string, typed: string): AxisSpecInput | null {
  const [ends = '', ...words] = typed.split(':');
  const [from = '', to = ''] = ends.split('..');
  const [low, high] = [Number(from), Number(to)];
  if (from.trim() === '' || to.trim() === '' || !(low < high)) return null;
  const scale = words.includes('log') ? ('log' as const) : ('linear' as const);
  if (scale === 'log' && low <= 0) return null;
  const num = Number(words.find(word => /^\d+$/.test(word)) ?? 5);
  const isWhole = /^\s*\d+\s*$/.test(from) && /^\s*\d+\s*$/.test(to);
  return { field, values: [], range: { low, high, scale, num, is_integer: isWhole }, along: {} };
}

function scalar(text: string): unknown {
  const typed = text.trim();
  if (typed === 'true' || typed === 'false') return typed === 'true';
  return typed !== '' && Number.isFinite(Number(typed)) ? Number(typed) : typed;
}

/** The last parts of a field's path that tell it from the others: `learning_rate`, `position`. */
export function shortField(fields: readonly string[], field: string): string {
  const parts = field.split('.');
  for (let num = 1; num <= parts.length; num += 1) {
    const tail = parts.slice(-num).join('.');
    if (tail === 'kind' && num < parts.length) continue;
    const alike = fields.filter(other => other === tail || other.endsWith(`.${tail}`));
    if (alike.length <= 1) return tail.replace(/\.kind$/, '');
  }
  return field;
}

export function settingText(value: unknown): string {
  if (value === null || value === undefined) return '–';
  if (typeof value === 'number')
    return Math.abs(value) > 0 && Math.abs(value) < 1e-3
      ? value.toExponential().replace('e-', 'e-')
      : String(value);
  return typeof value === 'string' ? value : JSON.stringify(value);
}

export function isSeed(field: string): boolean {
  return field.split('.').at(-1) === 'seed';
}

/** A variant's settings in words: `learning_rate 0.01, seed 2`. */
export function settingWords(fields: readonly string[], settings: Settings): string {
  return fields.map(field => `${shortField(fields, field)} ${settingText(settings[field])}`).join(', ');
}

/** Where each variant stands from left to right, 0 to 1, by the first setting that is no seed; a log scale where it spans much. */
export function places(
  fields: readonly string[],
  all: readonly Settings[],
): { at: number[]; isLog: boolean } {
  const field = fields.find(one => !isSeed(one)) ?? fields[0] ?? '';
  const values = all.map(settings => settings[field]);
  const numbers = values.filter((value): value is number => typeof value === 'number');
  if (numbers.length === values.length && new Set(numbers).size > 1) {
    const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
    const isLog = low > 0 && high / low >= 8;
    const scale = (value: number) => (isLog ? Math.log(value) : value);
    const span = scale(high) - scale(low);
    return { at: numbers.map(value => (scale(value) - scale(low)) / span), isLog };
  }
  const kinds = [...new Set(values.map(value => JSON.stringify(value)))];
  const step = Math.max(kinds.length - 1, 1);
  return { at: values.map(value => kinds.indexOf(JSON.stringify(value)) / step), isLog: false };
}
