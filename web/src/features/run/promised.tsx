// What was written down before the training began, beside what it was: each figure with how far it was off.
import { memo } from 'react';
import type { RunState } from '@/lib/api/schema';
import { between, bytes, count, decimals, duration, percent } from '@/lib/format';
import classes from './run.module.css';

type Row = [
  label: string,
  expected: number | null | undefined,
  measured: number | null | undefined,
  write: (value: number) => string,
];

interface PromisedProps {
  prediction: RunState['prediction'];
  measured: RunState['measured'];
}

export const Promised = memo(function Promised({ prediction, measured }: PromisedProps) {
  if (!prediction) return null;
  const rows: Row[] = [
    ['time', prediction.time_s, measured?.time_s, duration],
    ['memory', prediction.memory_bytes, measured?.memory_bytes, bytes],
    ['disk', prediction.disk_bytes, measured?.disk_bytes, bytes],
    ['first loss', prediction.first_loss, measured?.first_loss, decimals],
    ['final loss', prediction.final_loss, measured?.final_loss, decimals],
  ];
  const runs = prediction.based_on_runs;
  return (
    <section className="card" aria-labelledby="promised">
      <div className="card-head">
        <h2 className="h-pane" id="promised">
          Expected and measured
        </h2>
      </div>
      <table className={`table ${classes.promised}`}>
        <thead>
          <tr>
            <th scope="col">
              <span className="sr">What</span>
            </th>
            <th scope="col">expected</th>
            <th scope="col">measured</th>
            <th scope="col">off by</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(([label, expected, found, write]) => (
            <tr key={label}>
              <th scope="row">{label}</th>
              <td className="num">{expected == null ? 'not known' : write(expected)}</td>
              <td className="num">{found == null ? '–' : write(found)}</td>
              <td className="num">
                {expected && found != null ? percent(Math.abs(found - expected) / expected, 0) : '–'}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className={`note ${classes.foot}`}>
        Written down before the first step
        {prediction.time_s != null &&
          `; the time from ${count(runs)} ${runs === 1 ? 'run' : 'runs'} on this machine`}
        {prediction.final_loss_range &&
          `; final loss ${between(prediction.final_loss ?? 0, prediction.final_loss_range)}`}
        .{!measured && ' What it was is told when the run is over.'}
      </p>
    </section>
  );
});
