// What it wrote along the way, and what it would have said next: one time slider, whose rail is the loss, moves both.
import { memo, useMemo, useState } from 'react';
import type { RunState } from '@/lib/api/schema';
import { count, percent } from '@/lib/format';
import type { StepRow } from '@/lib/live/run-log';
import { path, thin } from '@/lib/scale';
import { useCopies } from '@/lib/use-copies';
import { ModelText } from '@/ui/model-text';
import { CopiesPanel } from '@/widgets/copied-text/copies-panel';
import classes from './run.module.css';

interface SamplesProps {
  rows: readonly StepRow[];
  samples: RunState['samples'];
  trackedPrompts: RunState['tracked_prompts'];
  /** The run of the training itself. */
  training: string;
  project: string;
  /** Whether its settings ask for samples. */
  isAsked: boolean;
}

export const Samples = memo(function Samples(props: SamplesProps) {
  const { rows, samples, trackedPrompts, training, project, isAsked } = props;
  const steps = useMemo(
    () => [...new Set([...samples, ...trackedPrompts].map(fact => fact.step))].sort((a, b) => a - b),
    [samples, trackedPrompts],
  );
  const [chosen, setChosen] = useState<number | null>(null);
  const index = chosen === null || !steps.includes(chosen) ? steps.length - 1 : steps.indexOf(chosen);
  const step = steps[index];
  const sample = samples.findLast(one => one.step === step);
  const tracked = trackedPrompts.filter(one => one.step === step);
  const text = sample?.text ?? '';
  const copies = useCopies({ at: training, project, text, isWhole: true });
  return (
    <section className="card" aria-labelledby="samples">
      <div className="card-head">
        <h2 className="h-pane" id="samples">
          Samples
        </h2>
        <span className="grow" />
        {step !== undefined && <span className="num note">step {count(step)}</span>}
      </div>
      {step === undefined ? (
        <p className="card-body muted">
          {isAsked
            ? 'It writes its first sample before it has learned anything.'
            : 'This run was asked for none. A clone with sample_every above 0 writes on the way.'}
        </p>
      ) : (
        <div className="card-body stack">
          {sample && (
            <pre className={`model ${classes.sample}`}>
              <span className="faint">{sample.prompt}</span>
              <ModelText text={sample.text} />
            </pre>
          )}
          {steps.length > 1 && (
            <div className={classes.timeSlider}>
              <Rail rows={rows} last={steps.at(-1) ?? 1} />
              <input
                className="slider"
                type="range"
                min={0}
                max={steps.length - 1}
                value={index}
                aria-label="Step of the sample"
                aria-valuetext={`step ${step}`}
                style={{ '--fill': `${(100 * index) / (steps.length - 1)}%` } as React.CSSProperties}
                onChange={event =>
                  setChosen(
                    Number(event.target.value) === steps.length - 1
                      ? null
                      : (steps[Number(event.target.value)] ?? null),
                  )
                }
              />
              <div className="row between num note">
                <span>{count(steps[0] ?? 0)}</span>
                <span>{count(steps.at(-1) ?? 0)}</span>
              </div>
            </div>
          )}
          {sample && <CopiesPanel key={sample.step} text={text} {...copies} />}
          {sample && <p className="note">The same prompt each time, at temperature {sample.temperature}.</p>}
          {tracked.map(one => (
            <div key={one.prompt} className={classes.tracked}>
              <p className="model">
                {one.prompt}
                <span className="faint">…</span>
              </p>
              {one.tokens.map((token, at) => (
                <div key={`${token}${at}`} className={classes.next}>
                  <span className="model">{visible(token)}</span>
                  <span className={classes.nextBar}>
                    <i style={{ width: `${100 * (one.probabilities[at] ?? 0)}%` }} />
                  </span>
                  <span className="num">{chance(one.probabilities[at] ?? 0)}</span>
                </div>
              ))}
            </div>
          ))}
        </div>
      )}
    </section>
  );
});

/** The loss as the rail of the time slider. */
function Rail({ rows, last }: { rows: readonly StepRow[]; last: number }) {
  const losses = thin(
    rows.filter(row => row.loss !== undefined && row.step <= last),
    200,
  );
  if (losses.length < 2) return null;
  const values = losses.map(row => row.loss ?? 0);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const points = losses.map(row => ({
    x: (row.step / Math.max(last, 1)) * 1000,
    y: 98 - (((row.loss ?? 0) - low) / Math.max(high - low, 1e-9)) * 92,
  }));
  return (
    <svg viewBox="0 0 1000 100" preserveAspectRatio="none" aria-hidden="true">
      <path
        d={path(points)}
        fill="none"
        stroke="var(--cat-1)"
        strokeWidth="1.3"
        vectorEffect="non-scaling-stroke"
      />
    </svg>
  );
}

function chance(share: number): string {
  return percent(share, share < 0.01 ? 2 : 0);
}

function visible(token: string): string {
  return token.replaceAll(' ', '·').replaceAll('\n', '↵').replaceAll('\t', '→') || '∅';
}
