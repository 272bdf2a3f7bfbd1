// What cleaning does to a dataset, flowing or finished: the river, and of the chosen step what it took out or changed.
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import type { CleaningView, RunState } from '@/lib/api/schema';
import { useRunLog } from '@/lib/live/hooks';
import { CleaningRiver, CleaningTable } from '@/widgets/cleaning-river/cleaning-river';
import type { RiverUnit } from '@/widgets/cleaning-river/river';
import classes from './data.module.css';
import { Removed } from './removed';
import { readingOf, stepsOfReport, stepsOfState, stepWords } from './steps';
import { StepsDialog } from './steps-dialog';

interface CleaningProps {
  name: string;
  report: CleaningView | null;
  raw: string | null;
  /** Counts of a cleaning that flows now; they go before the report of the version before. */
  live: RunState['cleaning'] | null;
}

interface Search {
  step?: string;
  unit?: string;
}

export function Cleaning({ name, report, raw, live }: CleaningProps) {
  const search = useSearch({ strict: false }) as Search;
  const navigate = useNavigate();
  const [isTable, setIsTable] = useState(false);
  const [isChanging, setIsChanging] = useState(false);
  const [putBack, setPutBack] = useState<string[]>([]);
  const timed = useRunLog(live ? null : (report?.run ?? null));
  const unit: RiverUnit = search.unit === 'bytes' ? 'bytes' : 'documents';
  const change = (fields: Search) =>
    navigate({ to: '.', search: ((before: object) => ({ ...before, ...fields })) as never, replace: true });
  const steps = live ? stepsOfState(live) : report ? stepsOfReport(report, timed.state.cleaning) : [];
  if (steps.length === 0) return null;
  const words = steps.map((step, index) => stepWords(step.kind, report?.steps[index]?.settings ?? {}));
  const wanted = steps.findIndex((step, index) => search.step === keyOf(step.kind, index));
  const most = steps.reduce(
    (best, step, index) => (step.removed > (steps[best]?.removed ?? 0) ? index : best),
    0,
  );
  const chosen = live ? null : wanted >= 0 ? wanted : most;
  const shown = chosen === null ? undefined : report?.steps[chosen];
  return (
    <section className={`card ${live ? 'is-live' : ''}`} aria-labelledby="cleaning">
      <div className="card-head">
        <h2 className="h-pane" id="cleaning">
          Cleaning
        </h2>
        <span className="tag">clean_dataset</span>
        <span className="grow" />
        <fieldset className="segmented" aria-label="Counted in">
          {(['documents', 'bytes'] as const).map(each => (
            <button
              key={each}
              type="button"
              aria-pressed={unit === each}
              onClick={() => change({ unit: each === 'bytes' ? 'bytes' : '' })}
            >
              {each === 'bytes' ? 'Bytes' : 'Documents'}
            </button>
          ))}
        </fieldset>
        <button type="button" className="btn sm" aria-pressed={isTable} onClick={() => setIsTable(!isTable)}>
          {isTable ? 'As a picture' : 'As a table'}
        </button>
        {!live && (
          <button type="button" className="btn sm" onClick={() => setIsChanging(true)}>
            Change the steps
          </button>
        )}
      </div>
      <div className={`card-body ${classes.cleaning}`}>
        <p className={`reading ${classes.said}`}>{readingOf(steps, live !== null)}</p>
        {isTable ? (
          <CleaningTable steps={steps} words={words} />
        ) : (
          <CleaningRiver
            steps={steps}
            words={words}
            unit={unit}
            chosen={chosen}
            onChoose={index => change({ step: keyOf(steps[index]?.kind ?? '', index) })}
            isLive={live !== null}
          />
        )}
        {shown && chosen !== null && (
          <Removed
            step={shown}
            title={words[chosen]?.title ?? ''}
            durationS={steps[chosen]?.durationS ?? null}
            putBack={putBack}
            onPutBack={id =>
              setPutBack(before => (before.includes(id) ? before.filter(one => one !== id) : [...before, id]))
            }
          />
        )}
      </div>
      {report && (isChanging || putBack.length > 0) && (
        <StepsDialog
          name={name}
          report={report}
          raw={raw}
          putBack={putBack}
          isOpen={isChanging}
          onOpen={() => setIsChanging(true)}
          onClose={() => setIsChanging(false)}
          onForget={() => setPutBack([])}
        />
      )}
    </section>
  );
}

function keyOf(kind: string, index: number): string {
  return index === 0 ? kind : `${kind}-${index}`;
}
