// The geometry of the flow: a column a step, a band a token, the rest of the vocabulary as the last band. Pure.
import { numKept, type Step, softmax } from '@/lib/sampling';

export interface FlowColumn {
  step: Step | 'model';
  label: string;
  x: number;
  /** Probability of each shown token after the step, and last that of all others together. */
  shares: number[];
  /** How many tokens the step took out, and what share they had before it. */
  numDropped: number;
  lost: number;
}

export interface Band {
  column: number;
  index: number;
  path: string;
}

const LABELS: [FlowColumn['step'], string][] = [
  ['model', 'the model'],
  ['temperature', 'temperature'],
  ['top_k', 'top-k'],
  ['top_p', 'top-p'],
  ['min_p', 'chance'],
];

/** The columns of the flow for the tokens `ids`; penalties show in the first. */
export function columnsOf(
  logits: Float64Array,
  steps: Record<Step, Float64Array>,
  ids: readonly number[],
): FlowColumn[] {
  let before = softmax(logits);
  let kept = logits.length;
  return LABELS.map(([step, label], index) => {
    const after = step === 'model' ? steps.penalties : steps[step];
    const chances = softmax(after);
    const shown = ids.map(id => chances[id] ?? 0);
    const lost = before.reduce(
      (sum, chance, id) => sum + (after[id] === Number.NEGATIVE_INFINITY ? chance : 0),
      0,
    );
    const now = numKept(after);
    const column = {
      step,
      label,
      x: 20 + (960 * index) / (LABELS.length - 1),
      shares: [...shown, Math.max(0, 1 - shown.reduce((sum, share) => sum + share, 0))],
      numDropped: kept - now,
      lost,
    };
    before = chances;
    kept = now;
    return column;
  });
}

/** Bands between neighbouring columns; one that runs dry ends in a point. */
export function bands(columns: readonly FlowColumn[], num: number): Band[] {
  return columns.slice(0, -1).flatMap((left, column) => {
    const right = columns[column + 1] as FlowColumn;
    let [fromTop, toTop] = [0, 0];
    return Array.from({ length: num }, (_, index) => {
      const [from, to] = [(left.shares[index] ?? 0) * 1000, (right.shares[index] ?? 0) * 1000];
      const path = band(left.x, right.x, fromTop, from, toTop, to);
      fromTop += from;
      toTop += to;
      return { column, index, path };
    });
  });
}

export interface Level {
  index: number;
  share: number;
  /** Where its name stands, as a share of the height from above. */
  at: number;
}

/** Names level with the ends of the bands that are at least `from` high, pushed apart to `gap` where they would touch. */
export function levels(shares: readonly number[], from: number, gap: number): Level[] {
  let top = 0;
  const named = shares
    .map((share, index) => {
      const at = top + share / 2;
      top += share;
      return { index, share, at };
    })
    .filter(one => one.share >= from)
    .slice(0, Math.floor(1 / gap));
  for (let i = 1; i < named.length; i++) {
    const [above, one] = [named[i - 1] as Level, named[i] as Level];
    one.at = Math.max(one.at, above.at + gap);
  }
  let limit = 1 - gap / 2;
  for (const one of [...named].reverse()) {
    one.at = Math.min(one.at, limit);
    limit = one.at - gap;
  }
  return named;
}

function band(x1: number, x2: number, top1: number, height1: number, top2: number, height2: number): string {
  const middle = (x1 + x2) / 2;
  const n = (value: number) => value.toFixed(1);
  return [
    `M${n(x1)} ${n(top1)}`,
    `C${n(middle)} ${n(top1)} ${n(middle)} ${n(top2)} ${n(x2)} ${n(top2)}`,
    `V${n(top2 + height2)}`,
    `C${n(middle)} ${n(top2 + height2)} ${n(middle)} ${n(top1 + height1)} ${n(x1)} ${n(top1 + height1)}Z`,
  ].join('');
}
