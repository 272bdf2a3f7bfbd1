// Prove it resumes: kills the worker on purpose, lets it resume, lays both curves over each other and says the largest
// difference.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { memo, useState } from 'react';
import { api, data, type ProblemError } from '@/lib/api/client';
import type { ProofView, RunDetail, RunState, RunView } from '@/lib/api/schema';
import { count, decimals, scientific } from '@/lib/format';
import { path, ticks } from '@/lib/scale';
import classes from './run.module.css';

const AGAIN_MS = 1500;

interface ProofProps {
  run: RunView;
  detail: RunDetail;
  /** Those of its training. */
  attempts: RunState['attempts'];
}

export function Proof({ run, detail, attempts }: ProofProps) {
  const queries = useQueryClient();
  const [problem, setProblem] = useState('');
  const [isBusy, setIsBusy] = useState(false);
  const mayProve = (detail.actions as string[]).includes('prove');
  const proofs = useQuery({
    queryKey: ['run', run.id, 'proof', attempts.length],
    queryFn: () => data(api.GET('/api/runs/{run}/proof', { params: { path: { run: run.id } } })),
    refetchInterval: query =>
      run.is_proving || (run.status === 'running' && isDoneAgain(attempts, query.state.data))
        ? AGAIN_MS
        : false,
  });
  const start = async () => {
    setIsBusy(true);
    setProblem('');
    try {
      await api.POST('/api/runs/{run}/prove', { params: { path: { run: run.id } } });
      await queries.invalidateQueries({ queryKey: ['run', run.id] });
    } catch (error) {
      setProblem((error as ProblemError).message);
    }
    setIsBusy(false);
  };
  const last = proofs.data?.at(-1) as ProofView | undefined;
  if (!mayProve && !last && !run.is_proving) return null;
  return (
    <section className="card" aria-labelledby="proof">
      <div className="card-head">
        <h2 className="h-pane" id="proof">
          Does it resume exactly?
        </h2>
        <span className="grow" />
        {mayProve && (
          <button type="button" className="btn" disabled={isBusy || run.is_proving} onClick={start}>
            {run.is_proving ? 'Waiting for the next saved state' : 'Kill its worker, and see'}
          </button>
        )}
      </div>
      <div className="card-body stack" aria-live="polite">
        {!last && (
          <p className="muted">
            {run.is_proving
              ? 'Some steps after the next saved state the worker is killed, as by a power cut. It is started again and does those steps a second time.'
              : 'The worker is killed on purpose and started again. The steps that it does twice are laid over each other.'}
          </p>
        )}
        {problem && (
          <p className={classes.problem} role="alert">
            {problem}
          </p>
        )}
        {last && <Overlay proof={last} />}
      </div>
    </section>
  );
}

type Told = Pick<ProofView, 'resumed' | 'num_compared' | 'from_step' | 'last_step'>;

/** Whether steps that an earlier attempt lost are being done a second time: not all of them are known yet. */
function isDoneAgain(attempts: RunState['attempts'], proofs: readonly Told[] | undefined): boolean {
  const [lost, now] = [attempts.at(-2), attempts.at(-1)];
  if (!lost || !now || lost.outcome === 'stopped') return false;
  const proof = proofs?.find(one => one.resumed === now.number);
  return !proof || proof.num_compared < proof.last_step - proof.from_step;
}

const Overlay = memo(function Overlay({ proof }: { proof: ProofView }) {
  const isSame = proof.largest_difference === 0;
  const [first, last] = [proof.pairs[0]?.[0] ?? 0, proof.pairs.at(-1)?.[0] ?? 1];
  const values = proof.pairs.flatMap(([, before, after]) => [before, after]);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const x = (step: number) => ((step - first) / Math.max(last - first, 1)) * 1000;
  const y = (loss: number) => 950 - ((loss - low) / Math.max(high - low, 1e-9)) * 900;
  const curve = (at: 1 | 2) => path(proof.pairs.map(pair => ({ x: x(pair[0]), y: y(pair[at]) })));
  return (
    <>
      <p className="reading">
        {isSame
          ? `Bit for bit the same: ${proof.num_compared} steps done twice, largest difference 0.`
          : `Not the same: ${proof.num_compared} steps done twice, largest difference ${scientific(proof.largest_difference ?? 0)} nats.`}
      </p>
      {!proof.is_bit_exact && <p className="note">Not promised here: {proof.caveats?.join('; ')}.</p>}
      <div className="plot" style={{ '--h': '150px', '--pl': '44px' } as React.CSSProperties}>
        <svg
          viewBox="0 0 1000 1000"
          preserveAspectRatio="none"
          role="img"
          aria-label={`Loss of attempt ${proof.killed} and of attempt ${proof.resumed} over steps ${first} to ${last}`}
        >
          <path className="axis" d="M0 1000H1000" />
          <path
            className="ln"
            stroke="var(--cat-2)"
            strokeWidth="5"
            strokeOpacity="0.55"
            style={{ strokeWidth: 5 }}
            d={curve(1)}
          />
          <path className="ln" stroke="var(--cat-1)" d={curve(2)} />
        </svg>
        {ticks(low, high, 3).map(level => (
          <span key={level} className="ty" style={{ top: `${y(level) / 10}%` }}>
            {decimals(level, 2)}
          </span>
        ))}
        <span className="tx first" style={{ left: 0 }}>
          step {count(first)}
        </span>
        <span className="tx last" style={{ left: '100%' }}>
          {count(last)}
        </span>
      </div>
      <p className="note">
        Wide: attempt {proof.killed}, killed after step {count(proof.last_step)}. Thin: attempt{' '}
        {proof.resumed}, from the state at step {count(proof.from_step)}. Loss in nats per token, every step
        as it was measured.
      </p>
    </>
  );
});
