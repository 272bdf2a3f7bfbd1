// What a figure of each layer is over the steps, as rows: all of them, and those that the healthy range speaks of. Pure.
import type { RunState } from '@/lib/api/schema';
import type { StepRow } from '@/lib/live/run-log';
import { listed } from '@/lib/step-pages';
import type { HeatRow } from '@/widgets/heat-map/heat-map';
import { type Healthy, rampOf } from '@/widgets/heat-map/ramp';
import type { Metric } from './metrics';

export type Measured = RunState['layers'];
type Judged = Pick<Metric, 'is_log' | 'healthy_from' | 'healthy_to' | 'is_of_full_rate'>;

/** What is shown of one figure. */
export function drawnOf(
  layers: Measured,
  name: string,
  metric: Judged | undefined,
  trained: readonly StepRow[],
) {
  const measured = layers.filter(one => one.values[name] !== undefined);
  const steps = measured.map(one => one.step);
  const rows = rowsOf(measured.map(one => one.values[name] ?? []));
  const isJudged = metric?.is_of_full_rate ? isAtFullRate(trained) : () => true;
  const judgedStep = steps.filter(isJudged).at(-1) ?? 0;
  const upTo = steps.indexOf(judgedStep) + 1;
  const judged = rows.map(row => ({
    ...row,
    values: row.values.slice(0, upTo).map((value, at) => (isJudged(steps[at] ?? 0) ? value : null)),
  }));
  const ramp = rampOf(
    rows.flatMap(row => row.values),
    metric?.is_log ?? false,
  );
  const healthy: Healthy = { from: metric?.healthy_from ?? null, to: metric?.healthy_to ?? null };
  const byStep = new Map(measured.map(one => [one.step, one.values[name] ?? []]));
  return { steps, rows, judged, judgedStep, isJudged, ramp, healthy, byStep, list: listed(steps) };
}

/** Whether the learning rate of a step is more than a tenth of its height; before and after, every change is small. */
function isAtFullRate(trained: readonly StepRow[]): (step: number) => boolean {
  const rates = new Map(trained.map(row => [row.step, row.learning_rate ?? 0]));
  const most = Math.max(0, ...rates.values());
  const known = [...rates.keys()];
  return step => {
    const at = rates.has(step) ? step : (known.findLast(one => one <= step) ?? 0);
    return (rates.get(at) ?? most) > most / 10;
  };
}

function rowsOf(columns: readonly (readonly (number | null)[])[]): HeatRow[] {
  const numLayers = columns.reduce((most, column) => Math.max(most, column.length), 0);
  return Array.from({ length: numLayers }, (_, layer) => ({
    label: `layer ${layer + 1}`,
    values: columns.map(column => column[layer] ?? null),
  }));
}
