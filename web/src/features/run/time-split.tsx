// Where the time of a step goes: the mean of the newest steps, the pauses for saving and measuring spread over them.
import { count } from '@/lib/format';
import type { StepRow } from '@/lib/live/run-log';
import { TimeStrip } from '@/widgets/time-strip/time-strip';
import { useMetrics } from './metrics';
import { Explained } from './readouts';
import { meanTimes, milliseconds, PHASES, SPLIT_OVER } from './times';

export function TimeSplit({ rows }: { rows: readonly StepRow[] }) {
  const metrics = useMetrics();
  const means = meanTimes(rows);
  if (!means) return null;
  const whole = PHASES.reduce((sum, { name }) => sum + (means[name] ?? 0), 0);
  return (
    <section className="card" aria-labelledby="time-split">
      <div className="card-head">
        <h2 className="h-pane" id="time-split">
          Where a step goes
        </h2>
        <span className="grow" />
        <span className="note">
          {milliseconds(whole)} a step, mean of{' '}
          {rows.length > SPLIT_OVER ? `the newest ${count(SPLIT_OVER)}` : `${count(rows.length)} steps`}
        </span>
      </div>
      <div className="card-body">
        <TimeStrip
          label="Time of a step by phase"
          format={milliseconds}
          parts={PHASES.map(({ name, color }) => ({
            name,
            color,
            seconds: means[name] ?? 0,
            label: <Explained metric={metrics[name]}>{metrics[name]?.label ?? name}</Explained>,
          }))}
        />
      </div>
    </section>
  );
}
