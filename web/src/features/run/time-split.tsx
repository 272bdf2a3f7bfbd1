// Where the time of a step goes: the mean of the newest steps, the pauses for saving and measuring spread over them.
import { memo } from 'react';
import { count } from '@/lib/format';
import type { Ranges, StepRow } from '@/lib/live/run-log';
import { TimeStrip } from '@/widgets/time-strip/time-strip';
import { useMetrics } from './metrics';
import { Explained } from './readouts';
import { meanTimes, milliseconds, newestSteps, PHASES } from './times';

interface TimeSplitProps {
  rows: readonly StepRow[];
  ranges: Ranges;
}

export const TimeSplit = memo(function TimeSplit({ rows, ranges }: TimeSplitProps) {
  const metrics = useMetrics();
  const newest = newestSteps(rows, ranges);
  const means = meanTimes(newest);
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
          {newest.length < rows.length ? `the newest ${count(newest.length)}` : `${count(rows.length)} steps`}
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
});
