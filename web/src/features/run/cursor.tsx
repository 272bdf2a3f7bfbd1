// What every chart shows at the step under the pointer, in one place. Of a long past a point is the mean of a stretch, and says so.
import type { RunState } from '@/lib/api/schema';
import { between, count, decimals } from '@/lib/format';
import type { Ranges, StepRow } from '@/lib/live/run-log';
import { formatOf, useMetrics } from './metrics';
import classes from './run.module.css';

interface CursorProps {
  step: number;
  rows: readonly StepRow[];
  ranges: Ranges;
  evaluations: RunState['evaluations'];
  names: string[];
  beside: string;
}

export function Cursor({ step, rows, ranges, evaluations, names, beside }: CursorProps) {
  const metrics = useMetrics();
  const row = rows.find(one => one.step === step);
  const range = ranges.get(step);
  const measured = evaluations.find(one => one.step === step);
  const validation = measured?.values.validation_loss;
  return (
    <div className={`tooltip ${classes.cursor}`} aria-hidden="true">
      <b className="num">step {count(step)}</b>
      {validation !== undefined && (
        <Line label="validation" value={between(validation, measured?.intervals?.validation_loss)} />
      )}
      {row && range && (
        <span className={`note ${classes.cursorLine}`}>
          mean of steps {count(range.from)} to {count(step)}
        </span>
      )}
      {row?.loss !== undefined && <Line label="train" value={decimals(row.loss)} />}
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
