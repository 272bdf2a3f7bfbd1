// The head of a run: its name and state, what can be done now, and how far it is.
import { Link } from '@tanstack/react-router';
import { memo, useEffect, useState } from 'react';
import type { RunDetail, RunState, RunView } from '@/lib/api/schema';
import { spentS } from '@/lib/fold/spent';
import { count, duration } from '@/lib/format';
import { thin } from '@/lib/scale';
import { WorkBadge } from '@/ui/work-badge';
import { Actions } from './actions';
import classes from './run.module.css';
import { tagsOf } from './words';

const MOST_TICKS = 100;

interface HeadProps {
  run: RunView;
  detail: RunDetail;
  training: RunState;
  steps: number;
  onReplay: () => void;
}

export function Head({ run, detail, training, steps, onReplay }: HeadProps) {
  return (
    <header>
      <p className="crumbs">
        <Link to="/runs">Runs</Link> <span>/</span> <span className="num">{run.id}</span>
      </p>
      <div className="page-head">
        <h1 className="title">{run.name}</h1>
        <WorkBadge status={run.status} word={statusWords(run)} />
        {tagsOf(detail, run.sweep !== null).map(tag => (
          <span key={tag} className="tag">
            {tag}
          </span>
        ))}
        <span className="grow" />
        <Actions
          run={run}
          detail={detail}
          hasCheckpoint={training.checkpoints.length > 0}
          onReplay={onReplay}
        />
      </div>
      <Rail
        run={run}
        training={training}
        steps={detail.nodes.some(node => node.stage === 'train_model') ? steps : null}
      />
    </header>
  );
}

function statusWords(run: RunView): string {
  if (run.status === 'running') {
    return run.is_proving ? 'running; its worker will be killed' : (run.progress?.phase ?? 'running');
  }
  if (run.status === 'queued')
    return run.queue_position ? `queued, ${run.queue_position} before it` : 'queued, goes next';
  return (
    { stopping: 'saving', stopped: 'paused', done: 'done', failed: 'failed', interrupted: 'interrupted' }[
      run.status
    ] ?? run.status
  );
}

interface RailProps {
  run: RunView;
  training: RunState;
  /** Steps of the training, or null where nothing is trained: then stages are counted. */
  steps: number | null;
}

/** How far it is: checkpoints as ticks, the hot end where work happens; it cools once when the run ends. */
function Rail({ run, training, steps }: RailProps) {
  const now = useNow(run.status === 'running');
  const isStages = steps === null;
  const total = isStages ? run.nodes.length : steps;
  const step = isStages
    ? run.nodes.filter(node => node.status === 'done' || node.status === 'reused').length
    : ((run.status === 'done' ? null : run.step) ?? training.checkpoints.at(-1)?.step ?? run.step ?? 0);
  const share = run.status === 'done' ? 1 : Math.min(1, step / Math.max(total, 1));
  const spent = run.work.length ? spentS(run.work, now) : null;
  return (
    <div className={classes.rail}>
      <div
        className={`progress cooled ${run.status === 'running' ? 'is-live' : ''}`}
        style={{ '--p': `${100 * share}%` } as React.CSSProperties}
        role="progressbar"
        aria-label={isStages ? 'Stages done' : 'Steps done'}
        aria-valuenow={Math.round(100 * share)}
        aria-valuemin={0}
        aria-valuemax={100}
      >
        <Ticks checkpoints={training.checkpoints} total={total} />
        <i />
      </div>
      <div className="row between note">
        <span>
          {isStages ? 'stages' : 'step'} <b className="num">{count(step)}</b> of {count(total)}
        </span>
        {training.checkpoints.length > 0 && <span className={classes.wide}>checkpoints at each tick</span>}
        <span>
          {spent !== null && (
            <>
              <b className="num">{duration(spent)}</b>{' '}
              {run.work.length > 1 ? 'at work' : run.ended_at ? 'in all' : 'so far'}
            </>
          )}
          {run.left_s !== null && run.left_s !== undefined && run.status === 'running' && (
            <>
              , <b className="num">{duration(run.left_s)}</b> left
            </>
          )}
        </span>
      </div>
    </div>
  );
}

/** Of very many checkpoints those that can be told apart. */
const Ticks = memo(function Ticks({
  checkpoints,
  total,
}: {
  checkpoints: RunState['checkpoints'];
  total: number;
}) {
  return thin(checkpoints, MOST_TICKS).map(({ step }) => (
    <b key={step} style={{ left: `${(100 * step) / Math.max(total, 1)}%` }} />
  ));
});

function useNow(isTicking: boolean): number {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    if (!isTicking) return;
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [isTicking]);
  return now;
}
