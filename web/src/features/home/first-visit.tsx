// The first visit: the first model, live, and one question that may be skipped.
import { Link } from '@tanstack/react-router';
import type { RunView, SampleDrawn } from '@/lib/api/schema';
import { count, decimals, duration, short } from '@/lib/format';
import { ModelText } from '@/ui/model-text';
import { LossCurve } from '@/widgets/loss-curve/loss-curve';
import classes from './first-visit.module.css';
import { Persona } from './persona';
import { lesson, story } from './story';
import { type FirstModel, useFirstModel } from './use-first-model';

interface FirstVisitProps {
  run: RunView | undefined;
  onSkip: () => void;
  onOwnText: () => void;
}

export function FirstVisit({ run, onSkip, onOwnText }: FirstVisitProps) {
  const model = useFirstModel(run);
  const chance = model.vocabSize ? Math.log(model.vocabSize) : null;
  const last = model.rows.at(-1);
  const own = model.isRecorded ? null : (last?.loss ?? null);
  const words = story(run, own, chance, last?.tokens ?? 0);
  const isActive = run === undefined || ['queued', 'running', 'stopping'].includes(run.status);
  const isLive = isActive && !model.isRecorded;
  return (
    <div className={classes.first}>
      <section className={classes.say}>
        <p className={classes.kicker}>
          {isActive && <span className="live" aria-hidden="true" />}
          <span className={isActive ? 'alive' : ''}>{words.kicker}</span>
          {own !== null && last && (
            <span className="num muted">
              step {count(last.step)} of {count(model.steps)}
            </span>
          )}
        </p>
        <h1 className={`teacher ${classes.title}`}>{words.title}</h1>
        <p className="reading" role="status">
          {words.now} <span className="muted">{words.next}</span>
        </p>
        <Actions run={run} canWrite={model.canWrite} onOwnText={onOwnText} />
        <div className={classes.ask}>
          <Persona onSkip={onSkip} isTraining={isActive} />
        </div>
      </section>
      <section
        className={classes.watch}
        aria-label={model.isRecorded ? 'A recorded run' : 'The first model, live'}
      >
        <div className={classes.watchHead}>
          <h2 className="h-pane">How surprised it is by the next token</h2>
          <span className="note">training loss, in nats. Lower is better.</span>
          {model.isRecorded && (
            <span className="tag" title="An earlier run of ours, shown until yours has begun.">
              recorded run
            </span>
          )}
        </div>
        {last ? (
          <>
            <LossCurve
              rows={model.rows.map(row => ({ step: row.step, loss: row.loss ?? 0 }))}
              steps={model.steps}
              validation={model.validation}
              chance={
                chance
                  ? {
                      value: chance,
                      label: `no knowledge: ln ${count(model.vocabSize ?? 0)} = ${decimals(chance, 2)}`,
                    }
                  : null
              }
              isLive={isLive}
              drops={chosenSamples(model.samples).map((sample, index, all) => ({
                step: sample.step,
                isHot: isLive && index === all.length - 1 && sample.step > 0,
              }))}
            />
            <Samples model={model} chance={chance} isLive={isLive} />
          </>
        ) : (
          <div className={`skeleton ${classes.waiting}`} />
        )}
        {run && !model.isRecorded && last && <Figures run={run} model={model} />}
      </section>
    </div>
  );
}

interface ActionsProps {
  run: RunView | undefined;
  canWrite: boolean;
  onOwnText: () => void;
}

/** What can be done now; talking only when something was saved that can write. */
function Actions({ run, canWrite, onOwnText }: ActionsProps) {
  return (
    <p className={`row wrap ${classes.actions}`}>
      {run && canWrite && (
        <Link className="btn primary" to="/playground" search={{ ref: `${run.id}:latest` } as never}>
          Talk to it
        </Link>
      )}
      {run && (
        <Link className="btn" to="/runs/$runId" params={{ runId: run.id }}>
          Open the run
        </Link>
      )}
      <button type="button" className="btn" onClick={onOwnText}>
        Use my own text
      </button>
    </p>
  );
}

/** The same prompt at the beginning, on the way, and now. */
function Samples({ model, chance, isLive }: { model: FirstModel; chance: number | null; isLive: boolean }) {
  const shown = chosenSamples(model.samples);
  if (shown.length === 0) return <p className="note">The first sample is being written.</p>;
  return (
    <div className={classes.samples}>
      <Leaders shares={shown.map(sample => sample.step / Math.max(model.steps, 1))} />
      {shown.map((sample, index) => {
        const isNow = index === shown.length - 1 && sample.step > 0;
        const loss = lossAt(model, sample.step) ?? (sample.step === 0 ? chance : null);
        return (
          <article key={sample.step} className={isNow && isLive ? classes.hot : ''}>
            <h3>
              <span className={`num ${isNow && isLive ? 'alive' : ''}`}>
                step {count(sample.step)}
                {isNow && isLive ? ', newest' : ''}
              </span>
              {loss !== null && <span className="num">{decimals(loss, 2)}</span>}
            </h3>
            <pre className="model">
              <span className="faint">{sample.prompt}</span>
              <ModelText text={sample.text} />
            </pre>
            <p className="teacher">{lesson(loss, chance)}</p>
          </article>
        );
      })}
      {TO_COME.slice(shown.length).map(words => (
        <article key={words} className={classes.hollow}>
          <h3>{words}</h3>
        </article>
      ))}
    </div>
  );
}

const TO_COME = ['step 0', 'after a while', 'at the end'];

/** A thin line from each point of the curve to the card of what it wrote there. In: where on the axis, from 0 to 1. */
function Leaders({ shares }: { shares: readonly number[] }) {
  return (
    <svg className={classes.leaders} viewBox="0 0 1000 100" preserveAspectRatio="none" aria-hidden="true">
      {shares.map((share, index) => {
        const [from, to] = [share * 1000, ((index + 0.5) / TO_COME.length) * 1000];
        return <path key={`${from} ${to}`} d={`M${from} 0V20C${from} 70 ${to} 30 ${to} 80V100`} />;
      })}
    </svg>
  );
}

/** The first, the newest, and the one that lies between them by learning rather than by time. */
export function chosenSamples(samples: readonly SampleDrawn[]): SampleDrawn[] {
  const bySteps = [...new Map(samples.map(sample => [sample.step, sample])).values()];
  const [first, last] = [bySteps[0], bySteps.at(-1)];
  if (!first || !last) return [];
  const middle = bySteps[Math.max(1, Math.floor((bySteps.length - 1) / 3))];
  return [...new Set([first, middle, last])].filter((one): one is SampleDrawn => one !== undefined);
}

function lossAt(model: FirstModel, step: number): number | null {
  return model.rows.find(row => row.step >= step && step > 0)?.loss ?? null;
}

function Figures({ run, model }: { run: RunView; model: FirstModel }) {
  const last = model.rows.at(-1);
  const speed = last?.tokens_per_s;
  const figures: [string, string, string][] = [
    ['tokens read', short(last?.tokens ?? 0), ''],
    ...(speed ? [['speed', short(speed), 'tok/s'] as [string, string, string]] : []),
    ...(run.bits_per_byte
      ? [['held-out text', decimals(run.bits_per_byte), 'bits/byte'] as [string, string, string]]
      : []),
    ...(run.left_s !== null && run.left_s !== undefined
      ? [['left', duration(run.left_s), ''] as [string, string, string]]
      : []),
  ];
  return (
    <dl className={classes.figures}>
      {figures.map(([label, value, unit]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>
            {value}
            {unit && <span className="unit">{unit}</span>}
          </dd>
        </div>
      ))}
    </dl>
  );
}
