// What every chart shows at the step under the pointer, in one place.
import type { RunState } from '@/lib/api/schema';
import { between, count, decimals } from '@/lib/format';
import type { StepRow } from '@/lib/live/run-log';
import { formatOf, useMetrics } from './metrics';
import classes from './run.module.css';

export function Cursor({
  step,
  rows,
  state,
  names,
  beside,
}: {
  step: number;
  rows: readonly StepRow[];
  state: RunState;
  names: string[];
  beside: string;
}) {
  const metrics = useMetrics();
  const row = rows.find(one => one.step === step);
  const measured = state.evaluations.find(one => one.step === step);
  const validation = measured?.values.validation_loss;
  return (
    <div className={`tooltip ${classes.cursor}`} aria-hidden="true">
      <b className="num">step {count(step)}</b>
      {row?.loss !== undefined && <Line label="train" value={decimals(row.loss)} />}
      {validation !== undefined && (
        <Line label="validation" value={between(validation, measured?.intervals?.validation_loss)} />
      )}
      {row &&
        names.map(name => (
          <Line
            key={name}
            label={metrics[name]?.label.toLowerCase() ?? name}
            value={formatOf(name)(row[name] ?? 0)}
          />
        ))}
      {beside && <span className={classes.cursorLine}>{beside} was writing</span>}
    </div>
  );
}

function Line({ label, value }: { label: string; value: string }) {
  return (
    <span className={classes.cursorLine}>
      {label} <span className="num">{value}</span>
    </span>
  );
}
