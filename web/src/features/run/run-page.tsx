// One run, whole: what it does, its curves, what it says, what it saved, what it was made of; and what can be done with it.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { api, data, type ProblemError } from '@/lib/api/client';
import type { RunDetail, RunState, RunView } from '@/lib/api/schema';
import { useLiveRuns, useRunLog } from '@/lib/live/hooks';
import { useLive } from '@/lib/live/store';
import { Failed } from '@/ui/failed';
import { Loading } from '@/ui/loading';
import { Charts } from './charts';
import { Checkpoints } from './checkpoints';
import { Evaluated } from './evaluated';
import { Findings } from './findings';
import { Growth } from './growth';
import { Head } from './head';
import { ImportFindings } from './import-findings';
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
import { useFresh } from './use-fresh';

/** The detail is asked for again when an event says that it is no longer what it was; at most so often. */
const FRESH_MS = 2000;

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
    trainingOf(run, detail) ??
    detail.nodes.find(node => node.run !== null);
  const node = run.nodes.find(one => one.name === training?.name);
  const trainingRun = node?.run ?? training?.run ?? null;
  const own = useRunLog(trainingRun);
  const [zoom, setZoom] = useState<[number, number] | null>(null);
  const flowVersion = `${run.status} ${flow.cursor}`;
  const queries = useQueryClient();
  useFresh(
    `${flowVersion} ${own.state.attempts.length} ${own.state.status} ${own.state.checkpoints.length > 0}`,
    FRESH_MS,
    () => queries.invalidateQueries({ queryKey: ['run', detail.run.id] }),
  );
  const replay = useReplay(own.rows, own.state);
  const isKnown = flow.cursor !== null && (own.cursor !== null || !trainingRun);
  const isTraining = detail.nodes.some(one => one.stage === 'train_model');
  const isLive = run.status === 'running' && node?.status === 'running' && !replay.isOn;
  const shown = replay.isOn ? replay.shown : own;
  const facts = shown.state;
  const config = (training?.config ?? {}) as Record<string, unknown>;
  const planned = typeof config.steps === 'number' ? config.steps : null;
  const told = run.status === 'done' ? (planned ?? run.steps) : (run.steps ?? planned);
  const steps = told ?? own.rows.at(-1)?.step ?? 1;
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
          {isTraining && (
            <Readouts rows={shown.rows} ranges={own.ranges} evaluations={facts.evaluations} detail={detail} />
          )}
          <div className={isTraining ? classes.grid : classes.column}>
            {isTraining && (
              <div className={`${classes.column} ${classes.told}`}>
                <Findings
                  findings={facts.findings}
                  setAside={facts.set_aside}
                  detail={detail}
                  node={training?.name ?? ''}
                />
              </div>
            )}
            <div className={classes.column}>
              {isTraining && (
                <Charts
                  rows={shown.rows}
                  ranges={own.ranges}
                  evaluations={facts.evaluations}
                  attempts={facts.attempts}
                  findings={facts.findings}
                  detail={detail}
                  training={trainingRun}
                  steps={steps}
                  isLive={isLive}
                  isReplay={replay.isOn}
                  zoom={zoom}
                  onZoom={setZoom}
                />
              )}
              {isTraining && trainingRun && (
                <Reading training={trainingRun} steps={steps} done={own.rows.at(-1)?.step ?? 0} />
              )}
              <Evaluated run={run} />
              {isTraining && <Layers layers={facts.layers} rows={own.rows} steps={steps} />}
              {isTraining && <TimeSplit rows={shown.rows} ranges={own.ranges} />}
              <ImportFindings run={run} detail={detail} />
              <Stages run={run} detail={detail} />
              {!isTraining && <Growth run={run} detail={detail} />}
              <Promised prediction={own.state.prediction} measured={own.state.measured} />
              <Proof run={run} detail={detail} attempts={own.state.attempts} />
              <Made detail={detail} />
            </div>
            {isTraining && (
              <aside className={classes.column} aria-label="What it writes and what it saved">
                <Samples
                  rows={shown.rows}
                  samples={facts.samples}
                  trackedPrompts={facts.tracked_prompts}
                  training={trainingRun ?? ''}
                  project={detail.run.project}
                  isAsked={config.sample_every !== 0}
                />
                <Checkpoints
                  detail={detail}
                  training={trainingRun ?? ''}
                  checkpoints={facts.checkpoints}
                  evaluations={facts.evaluations}
                />
              </aside>
            )}
          </div>
        </>
      )}
      <Log
        detail={detail}
        training={trainingRun}
        flowVersion={flowVersion}
        version={toldVersion(own.state)}
      />
    </article>
  );
}

/** Of several trainings the one whose model the run was for, once it is over; before, the newest that has begun. */
function trainingOf(run: RunView, detail: RunDetail) {
  const trainings = detail.nodes.filter(node => node.stage === 'train_model');
  const output = detail.recipe?.output?.split('.')[0];
  const hasBegun = (name: string) =>
    run.nodes.some(node => node.name === name && ['done', 'reused', 'running'].includes(node.status));
  return (
    (run.status === 'done' && trainings.find(node => node.name === output)) ||
    (trainings.findLast(node => hasBegun(node.name)) ?? trainings[0])
  );
}

/** Changes when a run's log tells something new; progress, which comes all the time, is not told there. */
function toldVersion(state: RunState): string {
  const { attempts, checkpoints, evaluations, layers, findings, set_aside } = state;
  const told = [attempts, checkpoints, evaluations, layers, findings, set_aside];
  return `${state.status} ${told.map(facts => facts.length).join(' ')} ${checkpoints.at(-1)?.step}`;
}
