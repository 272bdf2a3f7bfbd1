// The run that makes the next version, while it goes on or when it failed: how far it is, and what can be done.
import { useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { api, data } from '@/lib/api/client';
import type { RunState, RunView } from '@/lib/api/schema';
import { bytes, count, duration } from '@/lib/format';
import classes from './data.module.css';

const DOING: Record<string, string> = {
  data: 'Reading the files',
  clean: 'Cleaning',
  split: 'Splitting',
  describe: 'Counting',
};

export function Making({ run, reading }: { run: RunView; reading: RunState }) {
  const queries = useQueryClient();
  const isActive = ['queued', 'running', 'stopping'].includes(run.status);
  const findings = reading.findings;
  if (run.status === 'done' && findings.length === 0) return null;
  const stop = () => data(api.POST('/api/runs/{run}/cancel', { params: { path: { run: run.id } } }));
  const resume = async () => {
    await data(api.POST('/api/runs/{run}/resume', { params: { path: { run: run.id } } }));
    await queries.invalidateQueries({ queryKey: ['run', run.id] });
  };
  const { progress } = run;
  const share = progress ? progress.done / Math.max(progress.total, 1) : 0;
  const amount = (value: number) => (progress?.unit === 'bytes' ? bytes(value) : count(value));
  return (
    <section className={`card ${isActive ? 'is-live' : ''}`} aria-label="What is being made">
      <div className={`card-body ${classes.making}`}>
        {isActive && (
          <>
            <div className="row between wrap">
              <b>{run.status === 'queued' ? waiting(run) : (DOING[run.node ?? ''] ?? 'Working')}</b>
              <span className="note">
                {progress && run.status === 'running' && (
                  <>
                    {amount(progress.done)} of {amount(progress.total)}
                    {progress.unit === 'bytes' ? '' : ` ${progress.unit}`}
                  </>
                )}
                {run.left_s != null && run.status === 'running' && `, about ${duration(run.left_s)} left`}
              </span>
            </div>
            <div className="progress is-live" style={{ '--p': `${100 * share}%` } as React.CSSProperties}>
              <i />
            </div>
          </>
        )}
        {run.status === 'failed' && run.error && (
          <div role="alert">
            <h2 className="h-pane">{run.error.message}</h2>
            <p className="muted">{run.error.hint}</p>
          </div>
        )}
        {(run.status === 'stopped' || run.status === 'interrupted') && (
          <p>It was stopped before it was done. What had been made is kept.</p>
        )}
        {findings.map(finding => (
          <p key={finding.message} className="note">
            {finding.message}
          </p>
        ))}
        <div className="row wrap">
          <Link className="btn quiet sm" to="/runs/$runId" params={{ runId: run.id }}>
            Open the run
          </Link>
          {run.status === 'queued' && (
            <Link className="btn quiet sm" to="/runs">
              See what runs before it
            </Link>
          )}
          {isActive && (
            <button type="button" className="btn quiet sm" onClick={() => void stop()}>
              Stop
            </button>
          )}
          {['failed', 'stopped', 'interrupted'].includes(run.status) && (
            <button type="button" className="btn sm" onClick={() => void resume()}>
              Go on
            </button>
          )}
        </div>
      </div>
    </section>
  );
}

/** One run is done after another; what is before this one can be paused on the page of the runs. */
function waiting(run: RunView): string {
  const before = run.queue_position ?? 0;
  if (before === 0) return 'Goes next, when the run before it is done';
  return `Waits for its turn, ${count(before)} ${before === 1 ? 'other waits' : 'others wait'} before it`;
}
