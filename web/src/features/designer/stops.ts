// Where a slider of a setting may stand: sizes that people choose, a step of a third or half apart. In: a field, what stands
// there. Out: numbers in order, or none where a slider makes no sense. Pure.
import type { Field } from '@/lib/schema-fields';

/** The largest that a slider offers; more can be typed. */
const MOST: Record<string, number> = {
  context: 131_072,
  width: 8192,
  layers: 128,
  heads: 128,
  kv_heads: 128,
  head_width: 256,
  hidden_width: 32_768,
  hidden: 32_768,
  window: 16_384,
  experts: 128,
  vocab_size: 262_144,
};
const LEAST: Record<string, number> = { context: 16, width: 16, hidden: 16, hidden_width: 16, window: 8 };

export function stopsOf(field: Field, value: number | null): number[] {
  const name = field.name.split('.').at(-1) ?? '';
  const most = MOST[name];
  if (most === undefined || value === null) return [];
  const low = Math.max(LEAST[name] ?? 1, field.schema.minimum ?? 1);
  const high = Math.min(most, field.schema.maximum ?? most);
  const sizes = new Set([low, high]);
  for (let power = 1; power <= high; power *= 2)
    for (const size of steps(power, name)) if (size >= low && size <= high) sizes.add(size);
  sizes.add(value);
  return [...sizes].sort((a, b) => a - b);
}

/** Powers of two and what lies between them; blocks and heads in finer steps. */
function steps(power: number, name: string): number[] {
  if (name === 'context') return [power];
  if (power < 8) return [power, power * 1.5].filter(Number.isInteger);
  return [power, power * 1.25, power * 1.5, power * 1.75].filter(Number.isInteger);
}

/** The numbers that a hint names, nearest first: "Use 4 or 10" offers 4 and 10. */
export function numbersIn(hint: string): number[] {
  const found = hint.match(/\b\d[\d,]*\b/g) ?? [];
  return [...new Set(found.map(text => Number(text.replaceAll(',', ''))))].filter(Number.isFinite);
}
