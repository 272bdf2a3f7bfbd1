// The law that a sweep's sizes follow: asked for, drawn with its doubt, and written down as a promise.
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, data, type ProblemError } from '@/lib/api/client';
import type { RunView } from '@/lib/api/schema';
import { decimals, short } from '@/lib/format';
import { ScalingPlot } from '@/widgets/scaling-plot/scaling-plot';

const NEEDED = 3;

interface ScalingProps {
  run: RunView;
  metric: string;
  label: string;
  numDone: number;
}

export function Scaling({ run, metric, label, numDone }: ScalingProps) {
  const [isAsked, setIsAsked] = useState(false);
  const [typed, setTyped] = useState('');
  const size = Number(typed);
  const at = typed.trim() !== '' && size > 0 ? [size] : [];
  const query = { run: [run.id], metric, by: 'parameters' as const };
  const fit = useQuery({
    queryKey: ['scaling', run.id, metric, ...at],
    queryFn: () =>
      data(api.GET('/api/scaling', { params: { query: { ...query, ...(at.length ? { at } : {}) } } })),
    enabled: isAsked,
    placeholderData: before => before,
    retry: false,
  });
  const promised = useMutation({
    mutationFn: () =>
      data(
        api.POST('/api/scaling/promises', { body: { runs: [run.id], x: size, metric, by: 'parameters' } }),
      ),
  });
  if (run.status !== 'done' || numDone < NEEDED) return null;
  if (!isAsked) {
    return (
      <p>
        <button type="button" className="link" onClick={() => setIsAsked(true)}>
          Fit a law through these sizes
        </button>
      </p>
    );
  }
  if (fit.error) {
    const problem = fit.error as ProblemError;
    return (
      <p className="note" role="alert">
        {problem.message} {problem.detail}
      </p>
    );
  }
  if (!fit.data)
    return <div className="skeleton" style={{ height: 220 }} role="status" aria-label="Fitting" />;
  const [predicted] = fit.data.predictions;
  return (
    <section aria-labelledby="scaling" className="stack">
      <h3 className="label" id="scaling">
        What a larger model would bring
      </h3>
      <p className="reading">
        {predicted
          ? `With ${short(predicted.x)} parameters about ${decimals(predicted.value)}, between ${decimals(predicted.low)} and ${decimals(predicted.high)} in 95 of 100 such fits.`
          : `Each doubling of the size brings less, down to about ${decimals(fit.data.floor.value)} (${decimals(fit.data.floor.low)} to ${decimals(fit.data.floor.high)}).`}
      </p>
      <ScalingPlot fit={fit.data} label={label} />
      <div className="row">
        <label className="field">
          <span className="label">Predict a model of so many parameters</span>
          <input
            className="input num"
            inputMode="numeric"
            placeholder="5000000"
            value={typed}
            onChange={event => setTyped(event.target.value)}
          />
        </label>
        {predicted && (
          <button
            type="button"
            className="btn sm"
            disabled={promised.isPending || promised.isSuccess}
            onClick={() => promised.mutate()}
          >
            {promised.isSuccess ? 'Written down' : 'Write it down as a promise'}
          </button>
        )}
      </div>
      {promised.isSuccess && (
        <p className="note" role="status">
          The next finished run of this size on the same text is held against it:{' '}
          <code>glassworks scaling</code> lists all promises.
        </p>
      )}
      {fit.data.remarks.map(remark => (
        <p key={remark} className="note">
          {remark}
        </p>
      ))}
    </section>
  );
}
