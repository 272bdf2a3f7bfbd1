// What was saved: each checkpoint with what it measured and its size; the best and the newest are marked.
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { RunDetail, RunState } from '@/lib/api/schema';
import { between, bytes, count } from '@/lib/format';
import { CloneDialog } from './clone-dialog';
import classes from './run.module.css';

export function Checkpoints({ detail, state }: { detail: RunDetail; state: RunState }) {
  const [branchStep, setBranchStep] = useState<number | null>(null);
  const canBranch = (detail.actions as string[]).includes('branch') && detail.recipe !== null;
  const bits = new Map(state.evaluations.map(one => [one.step, one.values.bits_per_byte]));
  const intervals = new Map(state.evaluations.map(one => [one.step, one.intervals?.bits_per_byte]));
  const newestFirst = [...state.checkpoints].sort((a, b) => b.step - a.step);
  const measured = newestFirst.filter(one => bits.get(one.step) !== undefined);
  const best = [...measured].sort((a, b) => (bits.get(a.step) ?? 0) - (bits.get(b.step) ?? 0))[0]?.step;
  return (
    <section className="card" aria-labelledby="checkpoints">
      <div className="card-head">
        <h2 className="h-pane" id="checkpoints">
          Checkpoints
        </h2>
        <span className="grow" />
        {newestFirst[0]?.size_bytes ? (
          <span className="note">{bytes(newestFirst[0].size_bytes)} each</span>
        ) : null}
      </div>
      {newestFirst.length === 0 ? (
        <p className="card-body muted">The first one is saved on the way; from then on you can talk to it.</p>
      ) : (
        <div className="card-body">
          <table className="table">
            <thead>
              <tr>
                <th>step</th>
                <th className="r">bits/byte</th>
                <th>
                  <span className="sr">mark</span>
                </th>
                <th className="r">
                  <span className="sr">open</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {newestFirst.map((one, index) => (
                <tr key={one.step}>
                  <td className="num">{count(one.step)}</td>
                  <td className={`r num ${classes.figure}`}>
                    {bits.get(one.step) === undefined
                      ? '–'
                      : between(bits.get(one.step) ?? 0, intervals.get(one.step))}
                  </td>
                  <td>
                    <span className="row">
                      {one.step === best && <span className="tag">best</span>}
                      {index === 0 && <span className="tag">newest</span>}
                    </span>
                  </td>
                  <td className="r">
                    <span className="row" style={{ justifyContent: 'flex-end' }}>
                      {canBranch && (
                        <button
                          type="button"
                          className="link"
                          aria-label={`Branch off at step ${one.step}`}
                          onClick={() => setBranchStep(one.step)}
                        >
                          Branch
                        </button>
                      )}
                      <Link
                        to="/playground"
                        search={{ ref: `${detail.run.id}:${one.step}` } as never}
                        aria-label={`Talk to step ${one.step}`}
                      >
                        Talk
                      </Link>
                    </span>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {branchStep !== null && (
        <CloneDialog detail={detail} fromStep={branchStep} onClose={() => setBranchStep(null)} />
      )}
    </section>
  );
}
