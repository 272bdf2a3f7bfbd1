// A past that grows while somebody looks stays as long as a chart can show: neighbors are put together, with their mean, least
// and greatest, as the server does with a past that is long already. The newest rows stay single steps. Pure.

export type StepRow = { step: number } & Record<string, number>;

/** What one row stands for: the steps from `from` to its own, the least and the greatest value of each figure. */
export interface Range {
  from: number;
  low: StepRow;
  high: StepRow;
}

/** By the step of a row that stands for several. */
export type Ranges = ReadonlyMap<number, Range>;

interface Past {
  rows: readonly StepRow[];
  ranges: Ranges;
}

interface Stretch extends Range {
  row: StepRow;
}

/** A past of many more rows than a screen has pixels comes thinned to so many. */
export const CHART_POINTS = 2000;
const NEWEST_WHOLE = 500;
const MOST_ROWS = 2 * CHART_POINTS + NEWEST_WHOLE;

/** The same past, in few rows once it is long. */
export function shortened({ rows, ranges }: Past): Past {
  if (rows.length <= MOST_ROWS) return { rows, ranges };
  const end = rows.length - NEWEST_WHOLE;
  const joined = inStretches(rows.slice(0, end)).map(group => join(group, ranges));
  return {
    rows: [...joined.map(one => one.row), ...rows.slice(end)],
    ranges: new Map(
      joined.filter(one => one.from < one.row.step).map(({ row, ...range }) => [row.step, range]),
    ),
  };
}

/** The ranges of a past that the server put together; it tells where a stretch ends. */
export function rangesOf(
  rows: readonly StepRow[],
  low: readonly StepRow[],
  high: readonly StepRow[],
): Ranges {
  const found = new Map<number, Range>();
  const [first = 0, second = 0] = rows.map(row => row.step);
  const length = second - first;
  let from = first <= 2 * length ? 1 : first - length + 1; // a run that continues another begins later
  rows.forEach(({ step }, index) => {
    const [least, most] = [low[index], high[index]];
    if (least && most) found.set(step, { from: Math.min(from, step), low: least, high: most });
    from = step + 1;
  });
  return found;
}

/** Neighbors in the same stretch. A stretch is a power of two long, so that later ones hold earlier ones whole. */
function inStretches(rows: readonly StepRow[]): StepRow[][] {
  const numSteps = (rows.at(-1)?.step ?? 0) - (rows[0]?.step ?? 0) + 1;
  const length = 2 ** Math.ceil(Math.log2(numSteps / CHART_POINTS));
  const groups = new Map<number, StepRow[]>();
  for (const row of rows) {
    const place = Math.floor((row.step - 1) / length);
    const group = groups.get(place);
    if (group) group.push(row);
    else groups.set(place, [row]);
  }
  return [...groups.values()];
}

function join(rows: readonly StepRow[], ranges: Ranges): Stretch {
  const parts = rows.map(row => ({
    row,
    ...(ranges.get(row.step) ?? { from: row.step, low: row, high: row }),
  }));
  const [first, last] = [parts[0], parts.at(-1)] as [Stretch, Stretch];
  if (first === last) return first;
  const [row, low, high] = [{ ...last.row }, { ...last.row }, { ...last.row }];
  for (const name of new Set(rows.flatMap(Object.keys))) {
    if (name === 'step') continue;
    const having = parts.filter(one => one.row[name] !== undefined);
    const steps = having.reduce((sum, one) => sum + numStepsOf(one), 0);
    row[name] = having.reduce((sum, one) => sum + numStepsOf(one) * (one.row[name] ?? 0), 0) / steps;
    low[name] = Math.min(...having.map(one => one.low[name] ?? Number.POSITIVE_INFINITY));
    high[name] = Math.max(...having.map(one => one.high[name] ?? Number.NEGATIVE_INFINITY));
  }
  return { row, low, high, from: first.from };
}

function numStepsOf({ row, from }: Stretch): number {
  return row.step - from + 1;
}
