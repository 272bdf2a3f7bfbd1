// The table twin of the curves: at most 40 steps, evenly chosen, the newest first.
import type { RunState } from '@/lib/api/schema';
import { between, count } from '@/lib/format';
import type { StepRow } from '@/lib/live/run-log';
import { thin } from '@/lib/scale';
import { formatOf, useMetrics } from './metrics';

const MOST_ROWS = 40;

export function MetricsTable({
  rows,
  state,
  names,
}: {
  rows: readonly StepRow[];
  state: RunState;
  names: string[];
}) {
  const metrics = useMetrics();
  const validation = new Map(state.evaluations.map(one => [one.step, one.values.validation_loss]));
  const intervals = new Map(state.evaluations.map(one => [one.step, one.intervals?.validation_loss]));
  const shown = thin(
    rows.filter(row => row.step === 1 || validation.has(row.step) || rows.length <= MOST_ROWS),
    MOST_ROWS,
  ).reverse();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a table that scrolls must be reachable by keyboard
    <section className="card-body scroll-x" tabIndex={0} aria-label="Figures by step">
      <table className="table">
        <thead>
          <tr>
            <th className="r">step</th>
            <th className="r">validation, nats/token</th>
            {names.map(name => (
              <th key={name} className="r">
                {metrics[name]?.label.toLowerCase() ?? name}
                {metrics[name]?.unit ? `, ${metrics[name].unit}` : ''}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.map(row => (
            <tr key={row.step}>
              <td className="r num">{count(row.step)}</td>
              <td className="r num">
                {validation.get(row.step) === undefined
                  ? '–'
                  : between(validation.get(row.step) ?? 0, intervals.get(row.step))}
              </td>
              {names.map(name => (
                <td key={name} className="r num">
                  {row[name] === undefined ? '–' : formatOf(name)(row[name] ?? 0)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
