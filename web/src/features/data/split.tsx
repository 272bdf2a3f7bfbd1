// How the dataset is divided: what is learned from, what is held out. Where it is not yet, it can be done here.
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { ProblemError } from '@/lib/api/client';
import type { DatasetDetail } from '@/lib/api/schema';
import { count, percent } from '@/lib/format';
import { useRunLog } from '@/lib/live/hooks';
import { flow, orderRun } from '@/lib/order';
import { Failed } from '@/ui/failed';
import classes from './data.module.css';
import { Leakage } from './leakage';

/** As the recipes divide, so that a training finds it in the store. */
const TENTH = { kind: 'fraction', fraction: 0.1 };
const TENTH_OF_THE_REST = { kind: 'fraction', fraction: 0.11, seed: 1 };
const WORDS: Record<string, string> = {
  train: 'learned from',
  validation: 'held out, to choose by',
  test: 'held out for the very end',
};

interface SplitProps {
  name: string;
  project: string;
  detail: DatasetDetail;
}

export function Split({ name, project, detail }: SplitProps) {
  const newest = detail.parts[0]?.run;
  const parts = detail.parts.filter(part => part.run === newest);
  const total = parts.reduce((sum, part) => sum + (part.num_documents ?? 0), 0);
  return (
    <section className="card" aria-labelledby="split">
      <div className="card-head">
        <h2 className="h-pane" id="split">
          Split
        </h2>
        <span className="tag">split_dataset</span>
      </div>
      <div className="card-body">
        {parts.length === 0 ? (
          <NotSplit name={name} project={project} detail={detail} />
        ) : (
          <>
            <div className={classes.splitBar} aria-hidden="true">
              {parts.map(part => (
                <i
                  key={part.part}
                  data-part={part.part}
                  style={{ flex: Math.max(part.num_documents ?? 0, total / 100) }}
                />
              ))}
            </div>
            <ul className={classes.splitKey}>
              {parts.map(part => (
                <li key={part.part}>
                  <i data-part={part.part} />
                  <span>
                    {part.part} <span className="faint">{WORDS[part.part] ?? ''}</span>
                  </span>
                  <span className="num">{count(part.num_documents ?? 0)}</span>
                  <span className="num faint">{percent((part.num_documents ?? 0) / Math.max(total, 1))}</span>
                </li>
              ))}
            </ul>
            {detail.leakage && <Leakage found={detail.leakage} />}
          </>
        )}
      </div>
    </section>
  );
}

function NotSplit({ name, project, detail }: SplitProps) {
  const queries = useQueryClient();
  const [run, setRun] = useState<string | null>(null);
  const [hasTest, setHasTest] = useState(false);
  const [problem, setProblem] = useState<ProblemError | null>(null);
  const { state } = useRunLog(run);
  const isBusy = run !== null && state.status !== 'failed' && state.status !== 'stopped';
  if (run && state.status === 'done')
    setTimeout(() => queries.invalidateQueries({ queryKey: ['dataset', project] }), 0);
  const divide = async () => {
    setProblem(null);
    try {
      const config = hasTest ? { by: TENTH, test: TENTH_OF_THE_REST } : { by: TENTH };
      const document = flow('dataset-split', `${name}, divided`, 'split.train', {
        split: { stage: 'split_dataset', config, inputs: { dataset: detail.artifact } },
      });
      setRun(await orderRun({ project, name: `${name}-train`, document }));
    } catch (error) {
      setProblem(error as ProblemError);
    }
  };
  return (
    <div className="stack">
      <p className="reading">A model is judged by text that it has never read.</p>
      <p className="note">
        Every tenth group of documents is held out, and copies of what is learned from leave the held-out
        part. A training does this by itself; here it is seen beforehand.
      </p>
      <label className="row">
        <input type="checkbox" checked={hasTest} onChange={event => setHasTest(event.target.checked)} />
        <span>and another tenth for the very end</span>
      </label>
      <button type="button" className="btn sm" disabled={isBusy} onClick={() => void divide()}>
        {isBusy ? 'Being divided' : 'Divide it'}
      </button>
      {state.status === 'failed' && state.error && (
        <Failed title={state.error.message} detail={state.error.hint} />
      )}
      {problem && <Failed title={problem.message} detail={problem.detail} />}
    </div>
  );
}
