// The shape of the cleaning river: how wide it is at each step, where what is taken out leaves it, what still swims in it.
// In: what each step did. Out: SVG paths in a box of 1,000 by 170. Pure.

export interface RiverStep {
  kind: string;
  documentsBefore: number;
  documentsAfter: number;
  bytesBefore: number;
  bytesAfter: number;
  changed: number;
  removed: number;
  /** Seconds of work; null where nobody noted them. */
  durationS: number | null;
}

export type RiverUnit = 'documents' | 'bytes';

export const WIDTH = 1000;
export const HEIGHT = 170;
const TOP = 14;
const FULL = 112;
const MIDDLE = TOP + FULL / 2;
const NUM_GRAINS = 150;

export interface RiverShape {
  body: string;
  edges: string;
  exits: { path: string; edge: string; step: number }[];
  grains: string;
  /** Left edges of the columns; the first is what came. */
  columns: number[];
}

/** What went into a step and what came out, in the unit that is shown. */
export function amounts(step: RiverStep, unit: RiverUnit): { before: number; after: number } {
  return unit === 'documents'
    ? { before: step.documentsBefore, after: step.documentsAfter }
    : { before: step.bytesBefore, after: step.bytesAfter };
}

export function riverShape(steps: readonly RiverStep[], unit: RiverUnit): RiverShape {
  const column = WIDTH / (steps.length + 1);
  const whole = Math.max(1, steps[0] ? amounts(steps[0], unit).before : 1);
  const shares = [1, ...steps.map(step => Math.min(1, amounts(step, unit).after / whole))];
  const columns = shares.map((_, index) => index * column);
  const points = shares.flatMap((share, index): [number, number][] => {
    const left = index * column;
    return [
      [left + column * (index === 0 ? 0 : 0.62), share],
      [left + column, share],
    ];
  });
  const upper = points.map(([x, share]): [number, number] => [x, MIDDLE - (share * FULL) / 2]);
  const lower = points.map(([x, share]): [number, number] => [x, MIDDLE + (share * FULL) / 2]);
  const body = `${smooth(upper)}L${smooth(lower.toReversed()).slice(1)}Z`;
  const exits = steps.flatMap((_, index) => {
    const lost = ((shares[index] ?? 0) - (shares[index + 1] ?? 0)) * FULL;
    if (lost <= 0) return [];
    const x = (index + 1) * column + column * 0.12;
    const y = MIDDLE + ((shares[index] ?? 0) * FULL) / 2;
    return [{ ...exit(x, y, Math.max(lost, 1.5), column), step: index }];
  });
  return { body, edges: `${smooth(upper)}${smooth(lower)}`, exits, grains: grains(shares, column), columns };
}

/** What leaves bends down out of the river's lower edge and fades. */
function exit(x: number, y: number, width: number, column: number): { path: string; edge: string } {
  const reach = column * 0.42;
  const inner = `M${n(x)} ${n(y - width)}C${n(x + reach * 0.7)} ${n(y - width)} ${n(x + reach)} ${n(y - width * 0.3)} ${n(x + reach)} ${HEIGHT}`;
  const span = Math.min(width * 0.9, column * 0.4);
  const outer = `L${n(x + reach - span)} ${HEIGHT}C${n(x + reach - span)} ${n(y + 6)} ${n(x + reach * 0.3)} ${n(y)} ${n(x)} ${n(y)}Z`;
  return { path: inner + outer, edge: inner };
}

/** Grains of what is still to be taken out: many at the beginning, none at the end. The same each time. */
function grains(shares: readonly number[], column: number): string {
  const last = shares.at(-1) ?? 1;
  let seed = 7;
  const random = () => {
    seed = (seed * 16807) % 2147483647;
    return seed / 2147483647;
  };
  let path = '';
  for (let grain = 0; grain < NUM_GRAINS; grain += 1) {
    const x = random() * WIDTH;
    const share = shares[Math.min(shares.length - 1, Math.floor(x / column))] ?? 0;
    const y = MIDDLE + (random() - 0.5) * share * FULL * 0.94;
    if (random() < (share - last) / Math.max(1 - last, 1e-9)) path += `M${n(x)} ${n(y)}h.1`;
  }
  return path;
}

function smooth(points: readonly [number, number][]): string {
  return points.reduce((path, [x, y], index) => {
    const before = points[index - 1];
    if (!before) return `M${pair([x, y])}`;
    const half = (before[0] + x) / 2;
    return `${path}C${n(half)} ${n(before[1])} ${n(half)} ${n(y)} ${pair([x, y])}`;
  }, '');
}

function pair([x, y]: [number, number]): string {
  return `${n(x)} ${n(y)}`;
}

function n(value: number): string {
  return String(Math.round(value * 10) / 10);
}
