// Axes: round ticks, and curves as path data on a canvas of 1000 by 1000. Pure.

export interface Point {
  x: number;
  y: number;
}

/** Three to six round values that cover `low`..`high`. */
export function ticks(low: number, high: number, wanted = 5): number[] {
  if (!(high > low)) return [low];
  const rough = (high - low) / wanted;
  const size = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 2.5, 5, 10].find(each => each * size >= rough) ?? 10) * size;
  const first = Math.ceil(low / step - 1e-9) * step;
  const found: number[] = [];
  for (let value = first; value <= high + step * 1e-6; value += step)
    found.push(Number(value.toPrecision(12)));
  return found;
}

/** Exponentially smoothed values; `weight` 0 keeps them, 0.9 is calm. The start is not biased towards zero. */
export function smooth(values: readonly number[], weight: number): number[] {
  let mean = 0;
  let mass = 0;
  return values.map(value => {
    mean = weight * mean + (1 - weight) * value;
    mass = weight * mass + (1 - weight);
    return mean / mass;
  });
}

/** At most `most` of the points, evenly chosen, the first and the last always. */
export function thin<T>(points: readonly T[], most: number): T[] {
  if (points.length <= most) return [...points];
  return Array.from({ length: most }, (_, index) => {
    const at = Math.round((index * (points.length - 1)) / (most - 1));
    return points[at] as T;
  });
}

/** SVG path data through points. */
export function path(points: readonly Point[]): string {
  return points.map(({ x, y }, index) => `${index ? 'L' : 'M'}${x.toFixed(1)} ${y.toFixed(1)}`).join('');
}
