// The way on: what this much text is enough for, and the runs that begin at it.
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { ProblemError } from '@/lib/api/client';
import type { DatasetDetail } from '@/lib/api/schema';
import { bytes, short } from '@/lib/format';
import { orderRun } from '@/lib/order';
import { Failed } from '@/ui/failed';
import classes from './data.module.css';
import { enoughFor } from './readings';

interface NextStepProps {
  name: string;
  project: string;
  detail: DatasetDetail;
}

export function NextStep({ name, project, detail }: NextStepProps) {
  const navigate = useNavigate();
  const [problem, setProblem] = useState<ProblemError | null>(null);
  const [busy, setBusy] = useState('');
  const numBytes = detail.num_bytes ?? 0;
  const enough = enoughFor(numBytes);
  const reference = `dataset/${name}${detail.version ? `@${detail.version}` : ''}`;
  const start = async (recipe: string, called: string) => {
    setBusy(recipe);
    setProblem(null);
    try {
      const settings = [`dataset=${reference}`];
      const runId = await orderRun({ project, name: called, recipe, settings });
      await navigate({ to: '/runs/$runId', params: { runId } });
    } catch (error) {
      setProblem(error as ProblemError);
    }
    setBusy('');
  };
  return (
    <section className={`card ${classes.next}`} aria-labelledby="next">
      <div className="card-head">
        <h2 className="h-pane" id="next">
          Next step
        </h2>
      </div>
      <div className="card-body">
        <p className="reading">
          {bytes(numBytes)} {enough.words}
        </p>
        <p className="note">
          At 20 tokens for each parameter and 4 bytes a token:{' '}
          {short(Math.max(1, Math.round(enough.parameters)))} parameters.
        </p>
        <div className="row wrap">
          <button
            type="button"
            className="btn primary"
            disabled={busy !== ''}
            onClick={() => void start('dataset-tokenizer', `${name}-tokens`)}
          >
            Train a tokenizer on it
          </button>
          <button
            type="button"
            className="btn"
            disabled={busy !== ''}
            onClick={() => void start('dataset-model', `${name}-model`)}
          >
            Train a model on it
          </button>
        </div>
        {problem && <Failed title={problem.message} detail={problem.detail} />}
      </div>
    </section>
  );
}
