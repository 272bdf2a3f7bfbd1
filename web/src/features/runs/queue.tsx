// What runs now and what waits, in the order in which it will be done.
import { Link } from '@tanstack/react-router';
import type { RunView } from '@/lib/api/schema';
import { count, decimals, duration } from '@/lib/format';
import { WorkBadge } from '@/ui/work-badge';
import classes from './runs.module.css';

export function Queue({ runs }: { runs: RunView[] }) {
  const order = [...runs].sort((a, b) => (a.queue_position ?? -1) - (b.queue_position ?? -1));
  const isLive = order.some(run => run.status !== 'queued');
  return (
    <section className={`card ${isLive ? 'is-live' : ''} ${classes.pane}`} aria-labelledby="queue">
      <div className="card-head">
        <h2 className="h-pane" id="queue">
          Now and next
        </h2>
        <span className="note">one after another, in this order</span>
      </div>
      <ol className={classes.queue}>
        {order.map((run, index) => (
          <li key={run.id}>
            <span className={classes.place}>
              {run.status === 'queued' ? index : <span className="live" />}
            </span>
            <div>
              <Link className={classes.name} to="/runs/$runId" params={{ runId: run.id }}>
                {run.name}
              </Link>
              <p className="note">{whatItDoes(run)}</p>
            </div>
            <div className={classes.bar}>
              <div
                className={`progress ${run.status === 'running' ? 'is-live' : ''}`}
                style={{ '--p': `${share(run)}%` } as React.CSSProperties}
              >
                <i />
              </div>
            </div>
            <span className={`num ${classes.left}`}>
              {run.left_s !== null && run.left_s !== undefined ? `${duration(run.left_s)} left` : ''}
            </span>
            <WorkBadge status={run.status} />
          </li>
        ))}
      </ol>
    </section>
  );
}

function whatItDoes(run: RunView): string {
  if (run.status === 'queued')
    return run.queue_position === 0 ? 'goes next' : `waits behind ${run.queue_position ?? 0}`;
  if (run.step !== null && run.node !== null && run.steps) {
    const loss = run.loss === null ? '' : `, loss ${decimals(run.loss, 2)}`;
    return `step ${count(run.step)} of ${count(run.steps)}${loss}`;
  }
  return run.progress
    ? `${run.progress.phase}, ${count(run.progress.done)} of ${count(run.progress.total)} ${run.progress.unit}`
    : 'starting';
}

function share(run: RunView): number {
  return run.progress ? (100 * run.progress.done) / Math.max(run.progress.total, 1) : 0;
}
