// The table twin of the curves, page by page, the newest first: the steps at which the model was measured, or every step.
import { useMemo, useState } from 'react';
import type { RunState } from '@/lib/api/schema';
import { between, count } from '@/lib/format';
import { everyStep, listed } from '@/lib/step-pages';
import { Failed } from '@/ui/failed';
import { StepPager, useStepPage } from '@/ui/step-pager';
import type { Detail } from './detail';
import { useExactRows } from './exact-rows';
import { formatOf, useMetrics } from './metrics';
import classes from './run.module.css';

const PAGE = 50;

interface MetricsTableProps {
  training: string | null;
  known: Detail;
  evaluations: RunState['evaluations'];
  /** How many attempts there were: another one does steps again. */
  attempts: number;
  names: string[];
}

export function MetricsTable({ training, known, evaluations, attempts, names }: MetricsTableProps) {
  const [isEach, setIsEach] = useState(false);
  const first = firstStep(known);
  const last = known.rows.at(-1)?.step ?? 0;
  const measured = useMemo(
    () =>
      new Map(
        evaluations.flatMap(one => (one.values.validation_loss === undefined ? [] : [[one.step, one]])),
      ),
    [evaluations],
  );
  const steps = useMemo(() => {
    const known = [...measured.keys()].filter(step => step > first && step <= last);
    return isEach || known.length === 0 ? everyStep(first, last) : listed([first, ...known]);
  }, [isEach, measured, first, last]);
  const { page, go } = useStepPage(steps, PAGE);
  const exact = useExactRows(training, attempts, known, page.steps);
  const metrics = useMetrics();
  return (
    <div className="card-body stack">
      <div className={`row wrap ${classes.paging}`}>
        <fieldset className="segmented" aria-label="Which steps">
          <button type="button" aria-pressed={!isEach} onClick={() => setIsEach(false)}>
            Measured steps
          </button>
          <button type="button" aria-pressed={isEach} onClick={() => setIsEach(true)}>
            Every step
          </button>
        </fieldset>
        <StepPager page={page} go={go} label="Pages of the table" />
        {steps.num > PAGE && <UpTo last={last} go={go} />}
      </div>
      {exact.error && <Failed title={exact.error.message} />}
      <section
        className={classes.figures}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a table that scrolls must be reachable by keyboard
        tabIndex={0}
        aria-label="Figures by step"
        aria-busy={exact.isLoading}
      >
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
            {page.steps.map(step => {
              const { values, intervals } = measured.get(step) ?? {};
              const row = exact.rows.get(step);
              return (
                <tr key={step}>
                  <td className="r num">{count(step)}</td>
                  <td className="r num">
                    {values?.validation_loss === undefined
                      ? '–'
                      : between(values.validation_loss, intervals?.validation_loss)}
                  </td>
                  {names.map(name => (
                    <td key={name} className="r num">
                      {row?.[name] === undefined ? (exact.isLoading ? '…' : '–') : formatOf(name)(row[name])}
                    </td>
                  ))}
                </tr>
              );
            })}
          </tbody>
        </table>
      </section>
    </div>
  );
}

/** To the page that begins with a step. */
function UpTo({ last, go }: { last: number; go: (top: number | null) => void }) {
  const [typed, setTyped] = useState('');
  return (
    <form
      className="row"
      onSubmit={event => {
        event.preventDefault();
        go(typed === '' ? null : Number(typed));
      }}
    >
      <label className="row">
        <span className="note">up to step</span>
        <input
          className={`input num ${classes.upTo}`}
          type="number"
          min={1}
          max={last}
          value={typed}
          onChange={event => setTyped(event.target.value)}
        />
      </label>
      <button type="submit" className="btn sm">
        Go
      </button>
    </form>
  );
}

function firstStep({ rows, ranges }: Detail): number {
  const step = rows[0]?.step ?? 1;
  return ranges.get(step)?.from ?? step;
}
