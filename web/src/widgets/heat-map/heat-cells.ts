// The cells of a heat map as a few paths, one a thickness: however many columns were measured, at most so many are drawn, and the
// page holds no element for each. Pure. Paths lie on a canvas of 1000 by 1000.
import { type Healthy, isHealthy, levelOf, NUM_LEVELS, type Ramp } from './ramp';

type Values = readonly (number | null)[];
/** First and last column of what is drawn as one. */
type Group = readonly [first: number, last: number];

const MOST_DRAWN = 200;

/** Neighboring columns that are drawn as one; each alone while they are few. */
export function groupsOf(numColumns: number, most = MOST_DRAWN): Group[] {
  const num = Math.min(numColumns, most);
  return Array.from({ length: num }, (_, at) => {
    const end = Math.round(((at + 1) * numColumns) / num);
    return [Math.round((at * numColumns) / num), end - 1] as const;
  });
}

/** For each thickness the cells that have it. What is drawn as one is as thick as its mean on the ramp. */
export function cellPaths(rows: readonly Values[], edges: readonly number[], ramp: Ramp): string[] {
  const groups = groupsOf(edges.length - 1);
  const height = 1000 / Math.max(rows.length, 1);
  const paths = Array.from({ length: NUM_LEVELS }, () => '');
  rows.forEach((values, row) => {
    const levels = runs(groups, ([first, last]) => levelOf(values.slice(first, last + 1), ramp));
    for (const { what, first, last } of levels) {
      if (what !== null) paths[what] += box(edges, first, last, row, height);
    }
  });
  return paths;
}

/** A frame around each stretch in which a value lies outside of the range. */
export function framePath(rows: readonly Values[], edges: readonly number[], healthy: Healthy): string {
  const groups = groupsOf(edges.length - 1);
  const height = 1000 / Math.max(rows.length, 1);
  const frames = rows.flatMap((values, row) =>
    runs(groups, ([first, last]) => values.slice(first, last + 1).some(value => !isHealthy(value, healthy)))
      .filter(one => one.what)
      .map(one => box(edges, one.first, one.last, row, height)),
  );
  return frames.join('');
}

interface Run<T> {
  what: T;
  first: number;
  last: number;
}

/** Groups side by side of which the same is true, as one, in columns. */
function runs<T>(groups: readonly Group[], whatOf: (group: Group) => T): Run<T>[] {
  const found: Run<T>[] = [];
  for (const group of groups) {
    const what = whatOf(group);
    const before = found.at(-1);
    if (before && before.what === what) before.last = group[1];
    else found.push({ what, first: group[0], last: group[1] });
  }
  return found;
}

function box(edges: readonly number[], first: number, last: number, row: number, height: number): string {
  const [left, right] = [edges[first] ?? 0, edges[last + 1] ?? 0];
  return `M${round(left)} ${round(row * height)}H${round(right)}V${round((row + 1) * height)}H${round(left)}Z`;
}

function round(value: number): number {
  return Math.round(100 * value) / 100;
}
