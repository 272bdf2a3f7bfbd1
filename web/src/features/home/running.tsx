// The run that is at work, as home shows it: figures, curve, and what it says now.
import { Link } from '@tanstack/react-router';
import type { RunView } from '@/lib/api/schema';
import { count, decimals, duration } from '@/lib/format';
import { useRunLog } from '@/lib/live/hooks';
import { ModelText } from '@/ui/model-text';
import { WorkBadge } from '@/ui/work-badge';
import { LossCurve } from '@/widgets/loss-curve/loss-curve';
import classes from './home.module.css';

export function Running({ run }: { run: RunView }) {
  const training = run.nodes.find(node => node.stage === 'train_model');
  const log = useRunLog(training?.run ?? null);
  const sample = log.state.samples.at(-1);
  return (
    <section className="card is-live" aria-label={`${run.name} is running`}>
      <div className="card-head">
        <h2 className="h-pane">{run.name}</h2>
        <WorkBadge status={run.status} word={wordOf(run)} />
        <span className="grow" />
        {run.left_s !== null && run.left_s !== undefined && (
          <span className="note">
            <span className="num">{duration(run.left_s)}</span> left
          </span>
        )}
      </div>
      <div className={classes.running}>
        <div className={classes.curve}>
          <dl className={classes.figures}>
            {run.step !== null && (
              <Figure label="Step" value={count(run.step)} unit={run.steps ? `of ${count(run.steps)}` : ''} />
            )}
            {run.loss !== null && (
              <Figure label="Training loss" value={decimals(run.loss, 2)} unit="nats/token" />
            )}
            {run.bits_per_byte !== null && (
              <Figure label="Validation" value={decimals(run.bits_per_byte)} unit="bits/byte" />
            )}
          </dl>
          {log.rows.length > 0 ? (
            <LossCurve
              rows={log.rows.map(row => ({ step: row.step, loss: row.loss ?? 0 }))}
              steps={run.steps ?? 1}
              isLive
              height="180px"
            />
          ) : (
            <p className="muted">
              {run.progress
                ? `${run.progress.phase}: ${count(run.progress.done)} of ${count(run.progress.total)} ${run.progress.unit}`
                : 'Its first stage begins.'}
            </p>
          )}
        </div>
        <div className={classes.says}>
          <h3 className="label">
            {sample ? `It says, at step ${count(sample.step)}` : 'It has not written yet'}
          </h3>
          {sample && (
            <pre className="model">
              <span className="faint">{sample.prompt}</span>
              <ModelText text={sample.text} />
            </pre>
          )}
          <div className="row">
            {log.state.checkpoints.length > 0 && (
              <Link className="btn sm" to="/playground" search={{ ref: `${run.id}:latest` } as never}>
                Talk to it
              </Link>
            )}
            <Link className="btn sm" to="/runs/$runId" params={{ runId: run.id }}>
              Open run
            </Link>
          </div>
        </div>
      </div>
    </section>
  );
}

const WORDS: Record<string, string> = {
  import_dataset: 'reading',
  split_dataset: 'splitting',
  train_tokenizer: 'finding a vocabulary',
  tokenize_dataset: 'tokenizing',
  train_model: 'training',
  evaluate_model: 'measuring',
  export_model: 'exporting',
};

/** What it does now, in the words of the sentence on top. */
function wordOf(run: RunView): string {
  const stage = run.nodes.find(one => one.name === run.node)?.stage ?? '';
  if (run.step === null && stage === 'train_model') return 'getting ready';
  return WORDS[stage] ?? (run.step === null ? 'getting ready' : 'running');
}

function Figure({ label, value, unit }: { label: string; value: string; unit: string }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>
        {value}
        {unit && <span className="unit">{unit}</span>}
      </dd>
    </div>
  );
}
