// What the chart of the loss draws, from the rows of a run: aligned columns, marks, and the picture in a sentence. Pure.
import type { RunState } from '@/lib/api/schema';
import { decimals } from '@/lib/format';
import type { Ranges, StepRow } from '@/lib/live/run-log';
import { smooth } from '@/lib/scale';
import type { ChartMark, ChartSeries } from '@/ui/chart-props';
import { findingTitle } from './remedies';

type Evaluations = RunState['evaluations'];
type Column = (number | null)[];

export interface Drawn {
  /** Each step at which there is a training loss or a validation loss. */
  steps: number[];
  series: ChartSeries[];
}

/** The losses of each step, smoothed, and on held-out text. */
export function lossLines(
  rows: readonly StepRow[],
  ranges: Ranges,
  evaluations: Evaluations,
  smoothing: number,
  isLive: boolean,
): Drawn {
  const losses = rows.filter(row => row.loss !== undefined);
  const measured = evaluations.filter(one => one.values.validation_loss !== undefined);
  const steps = union(
    losses.map(row => row.step),
    measured.map(one => one.step),
  );
  const places = new Map(steps.map((step, index) => [step, index]));
  const column = <T extends { step: number }>(
    all: readonly T[],
    pick: (one: T, index: number) => Column[number],
  ) => {
    const found: Column = new Array(steps.length).fill(null);
    all.forEach((one, index) => {
      found[places.get(one.step) ?? 0] = pick(one, index);
    });
    return found;
  };
  const calm = smooth(
    losses.map(row => row.loss ?? 0),
    smoothing,
  );
  return {
    steps,
    series: [
      {
        label: 'each step',
        look: 'raw',
        color: '--plot-raw',
        values: column(losses, row => row.loss ?? null),
        low: column(losses, row => ranges.get(row.step)?.low.loss ?? null),
        high: column(losses, row => ranges.get(row.step)?.high.loss ?? null),
      },
      {
        label: 'train',
        look: 'line',
        color: '--cat-1',
        values: column(losses, (_, index) => calm[index] ?? null),
        isLive,
      },
      {
        label: 'validation',
        look: 'points',
        color: '--cat-3',
        values: column(measured, one => one.values.validation_loss ?? null),
        low: column(measured, one => one.intervals?.validation_loss?.[0] ?? null),
        high: column(measured, one => one.intervals?.validation_loss?.[1] ?? null),
      },
    ],
  };
}

export function marksOf(state: Pick<RunState, 'attempts' | 'findings'>, read: number | null): ChartMark[] {
  const resumes = state.attempts
    .slice(1)
    .map(attempt => ({ step: attempt.from_step, label: 'resumed', color: '--glass' }));
  const findings = state.findings
    .filter(finding => finding.step !== null && finding.level !== 'note')
    .map(finding => ({
      step: finding.step ?? 0,
      label: findingTitle(finding),
      color: finding.level === 'bad' ? '--bad' : '--warn',
    }));
  const looked = read === null ? [] : [{ step: read, label: 'read', color: '--glass' }];
  return [...resumes, ...findings, ...looked];
}

/** The picture in words. */
export function sentence(rows: readonly StepRow[], evaluations: Evaluations): string {
  const [first, last] = [rows[0], rows.at(-1)];
  const measured = evaluations.at(-1)?.values.validation_loss;
  const validation = measured === undefined ? '' : ` Validation stands at ${decimals(measured)}.`;
  return `Training loss goes from ${decimals(first?.loss ?? 0, 2)} at step ${first?.step} to ${decimals(last?.loss ?? 0, 2)} at step ${last?.step}, in nats per token.${validation}`;
}

function union(a: readonly number[], b: readonly number[]): number[] {
  return [...new Set([...a, ...b])].sort((left, right) => left - right);
}
