// What the comparison's plot draws: the curves of all sides on the chosen axis, points with their intervals, the band of seeds. Pure.
import type { PointView, RunComparison, SideCurves } from '@/lib/api/schema';

export type Axis = 'steps' | 'tokens' | 'time';
export type Shown = 'validation' | 'training';
export const METRICS = ['bits_per_byte', 'validation_loss'];

export interface Drawn {
  letter: string;
  points: { x: number; y: number; low: number | null; high: number | null }[];
  /** Least and greatest of all repeats at the same step; empty without repeats. */
  band: { x: number; low: number; high: number }[];
}

/** The first metric that every side measured. */
export function metricOf(view: RunComparison): string {
  const has = (name: string) => view.curves.every(side => side.points.some(point => name in point.values));
  return METRICS.find(has) ?? METRICS[0] ?? '';
}

export function drawn(view: RunComparison, axis: Axis, shown: Shown, metric: string): Drawn[] {
  return view.curves.map((side, index) => {
    const letter = view.sides[index]?.letter ?? '';
    if (shown === 'training') return { letter, points: trainingOf(side, axis), band: [] };
    return {
      letter,
      points: side.points.flatMap(point => measured(point, axis, metric)),
      band: bandOf(side, axis, metric),
    };
  });
}

function trainingOf(side: SideCurves, axis: Axis): Drawn['points'] {
  const { steps, tokens, seconds, loss } = side.curve;
  const xs = { steps, tokens, time: seconds }[axis];
  return loss.map((y, index) => ({ x: xs[index] ?? 0, y, low: null, high: null }));
}

function measured(point: PointView, axis: Axis, metric: string): Drawn['points'] {
  const y = point.values[metric];
  if (y === undefined) return [];
  const [low = null, high = null] = point.intervals[metric] ?? [];
  return [{ x: placeOf(point, axis), y, low, high }];
}

function placeOf(point: PointView, axis: Axis): number {
  return { steps: point.step, tokens: point.tokens, time: point.seconds }[axis];
}

function bandOf(side: SideCurves, axis: Axis, metric: string): Drawn['band'] {
  if (side.repeats.length === 0) return [];
  return side.points.flatMap(point => {
    const others = side.repeats.flatMap(repeat => repeat.filter(one => one.step === point.step));
    const values = [point, ...others].flatMap(one => one.values[metric] ?? []);
    if (values.length < 2) return [];
    return [{ x: placeOf(point, axis), low: Math.min(...values), high: Math.max(...values) }];
  });
}
