// What runs now and what waits, in the order in which it will be done.
import { Link } from '@tanstack/react-router';
import type { RunView } from '@/lib/api/schema';
import { count, decimals, duration } from '@/lib/format';
import { WorkBadge } from '@/ui/work-badge';
import classes from './runs.module.css';

export function Queue({ runs }: { runs: RunView[] }) {
  const order = [...runs].sort((a, b) => (a.queue_position ?? -1) - (b.queue_position ?? -1));
  const running = order.filter(run => run.status !== 'queued');
  const isLive = running.length > 0;
  const leftS = running.length === 1 ? (running[0]?.left_s ?? null) : null;
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
              <p className="note">{whatItDoes(run, leftS)}</p>
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

/** `leftS`: of the run that is at work, when it is one alone and can tell. */
function whatItDoes(run: RunView, leftS: number | null): string {
  if (run.status === 'queued') {
    const next = leftS === null ? 'goes next' : `goes next, in about ${duration(leftS)}`;
    return run.queue_position === 0 ? next : `waits behind ${run.queue_position ?? 0}`;
  }
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
