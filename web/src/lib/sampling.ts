// From logits to chances, step by step, as lm/generate/sampling.py does it: penalties, temperature, top-k, top-p, min-p.
// Held to the same vectors as the Python, so that what a slider shows is what the model does. A dropped token has -Infinity.

export interface Sampling {
  temperature: number;
  top_k: number;
  top_p: number;
  min_p: number;
  repetition_penalty: number;
  frequency_penalty: number;
  presence_penalty: number;
}

export const STEPS = ['penalties', 'temperature', 'top_k', 'top_p', 'min_p'] as const;
export type Step = (typeof STEPS)[number];

export const OFF: Sampling = {
  temperature: 1,
  top_k: 0,
  top_p: 1,
  min_p: 0,
  repetition_penalty: 1,
  frequency_penalty: 0,
  presence_penalty: 0,
};

const DROPPED = Number.NEGATIVE_INFINITY;

/** The logits after each step. `prompt` and `written` are the token ids before the next one. */
export function shape(
  logits: Float64Array,
  settings: Sampling,
  prompt: readonly number[] = [],
  written: readonly number[] = [],
): Record<Step, Float64Array> {
  const penalties = penalize(logits, settings, prompt, written);
  if (settings.temperature === 0) {
    const likeliest = keepTopK(penalties, 1);
    return { penalties, temperature: likeliest, top_k: likeliest, top_p: likeliest, min_p: likeliest };
  }
  const temperature = penalties.map(value => value / settings.temperature);
  const top_k = keepTopK(temperature, settings.top_k);
  const top_p = keepTopP(top_k, settings.top_p);
  return { penalties, temperature, top_k, top_p, min_p: keepMinP(top_p, settings.min_p) };
}

/** softmax: chances that sum to 1; a dropped token has 0. */
export function softmax(logits: Float64Array): Float64Array {
  const most = max(logits);
  const powers = logits.map(value => Math.exp(value - most));
  const sum = powers.reduce((total, value) => total + value, 0);
  return powers.map(value => value / sum);
}

/** Token ids, the likeliest first; of equal ones the lower id first. */
export function order(logits: Float64Array): number[] {
  return Array.from(logits.keys()).sort((a, b) => (logits[b] ?? 0) - (logits[a] ?? 0) || a - b);
}

/** How many tokens are still in the draw. */
export function numKept(logits: Float64Array): number {
  return logits.reduce((count, value) => count + (value === DROPPED ? 0 : 1), 0);
}

function penalize(
  logits: Float64Array,
  settings: Sampling,
  prompt: readonly number[],
  written: readonly number[],
): Float64Array {
  const found = Float64Array.from(logits);
  if (settings.repetition_penalty !== 1) {
    for (const id of new Set([...prompt, ...written])) {
      const value = found[id] ?? 0;
      found[id] = value > 0 ? value / settings.repetition_penalty : value * settings.repetition_penalty;
    }
  }
  const counts = new Map<number, number>();
  for (const id of written) counts.set(id, (counts.get(id) ?? 0) + 1);
  for (const [id, count] of counts) {
    found[id] = (found[id] ?? 0) - (count * settings.frequency_penalty + settings.presence_penalty);
  }
  return found;
}

function keepTopK(logits: Float64Array, k: number): Float64Array {
  if (k === 0 || k >= logits.length) return logits;
  const kept = Float64Array.from(logits);
  for (const id of order(logits).slice(k)) kept[id] = DROPPED;
  return kept;
}

function keepTopP(logits: Float64Array, p: number): Float64Array {
  if (p >= 1) return logits;
  const chances = softmax(logits);
  const kept = Float64Array.from(logits);
  let before = 0;
  order(logits).forEach((id, index) => {
    if (index > 0 && before >= p) kept[id] = DROPPED;
    before += chances[id] ?? 0;
  });
  return kept;
}

function keepMinP(logits: Float64Array, minP: number): Float64Array {
  if (minP <= 0) return logits;
  const floor = max(logits) + Math.log(minP);
  return logits.map(value => (value < floor ? DROPPED : value));
}

function max(values: Float64Array): number {
  return values.reduce((most, value) => Math.max(most, value), DROPPED);
}
