// One run, whole: what it does, its curves, what it says, what it saved, what it was made of; and what can be done with it.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { api, data, type ProblemError } from '@/lib/api/client';
import type { RunDetail } from '@/lib/api/schema';
import { useLiveRuns, useRunLog } from '@/lib/live/hooks';
import { NO_RANGES } from '@/lib/live/run-log';
import { useLive } from '@/lib/live/store';
import { Failed } from '@/ui/failed';
import { Loading } from '@/ui/loading';
import { Charts } from './charts';
import { Checkpoints } from './checkpoints';
import { Findings } from './findings';
import { Growth } from './growth';
import { Head } from './head';
import { Layers } from './layers';
import { Log } from './log';
import { Made } from './made';
import { Promised } from './promised';
import { Proof } from './proof';
import { Reading } from './reading';
import { Readouts } from './readouts';
import { ReplayBar, useReplay } from './replay-bar';
import classes from './run.module.css';
import { Samples } from './samples';
import { Stages } from './stages';
import { Sweep } from './sweep';
import { TimeSplit } from './time-split';

export function RunPage() {
  const { runId } = useParams({ strict: false }) as { runId: string };
  const detail = useQuery({
    queryKey: ['run', runId, 'detail'],
    queryFn: () => data(api.GET('/api/runs/{run}', { params: { path: { run: runId } } })),
  });
  const isGone = useLive(state => state.gone[runId]);
  if (isGone) {
    return (
      <Failed
        isPage
        title="This run was deleted."
        detail="What it made stays, as long as a name points to it."
        action={{ label: 'All runs', to: '/runs' }}
      />
    );
  }
  if (detail.error && !detail.data) {
    const problem = detail.error as ProblemError;
    return (
      <Failed
        isPage
        title={problem.message}
        detail={problem.detail}
        retry={() => detail.refetch()}
        action={{ label: 'All runs', to: '/runs' }}
      />
    );
  }
  if (!detail.data) {
    return (
      <>
        <h1 className="sr">Run</h1>
        <Loading label="Loading the run" heights={[28, 64, 320]} />
      </>
    );
  }
  return <Run key={runId} detail={detail.data} />;
}

function Run({ detail }: { detail: RunDetail }) {
  const live = useLiveRuns(detail.run.project);
  const run = live.find(one => one.id === detail.run.id) ?? detail.run;
  const flow = useRunLog(detail.run.id);
  const best = run.nodes.find(node => node.run !== null && node.run === run.sweep?.best_run)?.name;
  const training =
    detail.nodes.find(node => run.sweep && node.name === (best ?? run.node)) ??
    detail.nodes.find(node => node.stage === 'train_model') ??
    detail.nodes.find(node => node.run !== null);
  const node = run.nodes.find(one => one.name === training?.name);
  const own = useRunLog(node?.run ?? training?.run ?? null);
  const [zoom, setZoom] = useState<[number, number] | null>(null);
  useFreshDetail(
    detail.run.id,
    `${run.status} ${flow.cursor} ${own.state.checkpoints.length} ${own.state.attempts.length}`,
  );
  const replay = useReplay(own.rows, own.state);
  const isKnown = flow.cursor !== null && (own.cursor !== null || !(node?.run ?? training?.run));
  const isTraining = detail.nodes.some(one => one.stage === 'train_model');
  const isLive = run.status === 'running' && node?.status === 'running' && !replay.isOn;
  const shown = replay.isOn ? replay.shown : own;
  const config = (training?.config ?? {}) as Record<string, unknown>;
  const steps = run.steps ?? (typeof config.steps === 'number' ? config.steps : (own.rows.at(-1)?.step ?? 1));
  return (
    <article className={classes.run}>
      <Head run={run} detail={detail} training={own.state} steps={steps} onReplay={replay.start} />
      {run.error && run.status === 'failed' && (
        <section className="finding bad" role="alert">
          <h2 className="h-pane">{run.error.message}</h2>
          <p className="muted">{run.error.hint}</p>
          {run.error.where && <p className="note num">{run.error.where}</p>}
        </section>
      )}
      <Sweep run={run} />
      {replay.isOn && <ReplayBar replay={replay} />}
      {!isKnown && <Loading label="Loading the run" heights={[64, 320]} />}
      {isKnown && (
        <>
          {isTraining && <Readouts rows={shown.rows} state={shown.state} detail={detail} isLive={isLive} />}
          <div className={isTraining ? classes.grid : classes.column}>
            <div className={classes.column}>
              {isTraining && (
                <Charts
                  rows={shown.rows}
                  ranges={replay.isOn ? NO_RANGES : own.ranges}
                  state={shown.state}
                  detail={detail}
                  training={node?.run ?? training?.run ?? null}
                  steps={steps}
                  isLive={isLive}
                  zoom={zoom}
                  onZoom={setZoom}
                />
              )}
              {isTraining && (node?.run ?? training?.run) && (
                <Reading
                  training={node?.run ?? training?.run ?? ''}
                  steps={steps}
                  done={own.rows.at(-1)?.step ?? 0}
                />
              )}
              {isTraining && <Layers state={shown.state} steps={steps} />}
              {isTraining && <TimeSplit rows={shown.rows} />}
              <Stages run={run} detail={detail} />
              {!isTraining && <Growth run={run} detail={detail} />}
              <Promised state={own.state} />
              <Proof run={run} detail={detail} training={own.state} />
              <Made detail={detail} />
            </div>
            {isTraining && (
              <aside className={classes.column} aria-label="What it says and what it saved">
                <Findings state={shown.state} detail={detail} node={training?.name ?? ''} />
                <Samples
                  rows={shown.rows}
                  state={shown.state}
                  training={node?.run ?? training?.run ?? ''}
                  project={detail.run.project}
                />
                <Checkpoints detail={detail} state={shown.state} />
              </aside>
            )}
          </div>
        </>
      )}
      <Log
        run={detail.run.id}
        cursor={own.cursor ?? flow.cursor ?? ''}
        events={[...flow.state.attempts, ...own.state.attempts].length}
        detail={detail}
      />
    </article>
  );
}

/** The detail is asked for again when an event says that it is no longer what it was. */
function useFreshDetail(run: string, version: string): void {
  const queries = useQueryClient();
  // biome-ignore lint/correctness/useExhaustiveDependencies: `version` changes when something happened
  useEffect(() => {
    const timer = setTimeout(() => queries.invalidateQueries({ queryKey: ['run', run] }), 300);
    return () => clearTimeout(timer);
  }, [queries, run, version]);
}
