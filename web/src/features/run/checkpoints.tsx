// What was saved: each checkpoint with what it measured and whether its bytes are what was saved, page by page; the best, the newest and
// the kept ones are marked, and the best stands on every page.
import { Link } from '@tanstack/react-router';
import { memo, useMemo, useState } from 'react';
import type { RunDetail, RunState } from '@/lib/api/schema';
import { between, bytes, count } from '@/lib/format';
import { listed } from '@/lib/step-pages';
import { StepPager, useStepPage } from '@/ui/step-pager';
import { CloneDialog } from './clone-dialog';
import classes from './run.module.css';
import { useCheckpoints } from './use-checkpoints';

const PAGE = 12;

interface CheckpointsProps {
  detail: RunDetail;
  /** The run of the training itself. */
  training: string;
  checkpoints: RunState['checkpoints'];
  evaluations: RunState['evaluations'];
}

export const Checkpoints = memo(function Checkpoints(props: CheckpointsProps) {
  const { detail, training, checkpoints, evaluations } = props;
  const [branchStep, setBranchStep] = useState<number | null>(null);
  const canBranch = (detail.actions as string[]).includes('branch') && detail.recipe !== null;
  const { steps, bits, intervals, best, newest } = useMemo(
    () => savedOf(checkpoints, evaluations),
    [checkpoints, evaluations],
  );
  const { page, go } = useStepPage(steps, PAGE);
  const shown = [...new Set([...page.steps, ...(best === null ? [] : [best])])].sort((a, b) => b - a);
  const store = useCheckpoints(training, shown, checkpoints.length);
  const sizeBytes = newest ? store.of.get(newest.step)?.size_bytes : 0;
  return (
    <section className="card" aria-labelledby="checkpoints">
      <div className="card-head">
        <h2 className="h-pane" id="checkpoints">
          Checkpoints
        </h2>
        <span className="grow" />
        {sizeBytes ? <span className="note">{bytes(sizeBytes)} each</span> : null}
        {shown.some(step => store.checked.get(step) === '') && (
          <span className="badge done" aria-hidden>
            <i />
            verified
          </span>
        )}
        {store.ask && (
          <button type="button" className="btn sm" onClick={store.ask}>
            Verify {bytes(store.numBytes)}
          </button>
        )}
      </div>
      {!newest ? (
        <p className="card-body muted">The first one is saved on the way; from then on you can talk to it.</p>
      ) : (
        <div className="card-body stack">
          <table className="table">
            <thead>
              <tr>
                <th>step</th>
                <th className="r">bits/byte</th>
                <th className="r">
                  <span className="sr">open</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {shown.map(step => (
                <tr key={step}>
                  <td className="num">
                    {count(step)} <Soundness problem={store.checked.get(step)} isReading={store.isChecking} />
                  </td>
                  <td className={`r num ${classes.figure}`}>
                    {bits.get(step) === undefined ? '–' : between(bits.get(step) ?? 0, intervals.get(step))}
                    <span className={`row ${classes.marks}`}>
                      {step === best && <span className="tag">best</span>}
                      {step === newest.step && <span className="tag">newest</span>}
                      {store.of.get(step)?.kept_as && (
                        <span className="tag" title={`kept as ${store.of.get(step)?.kept_as}`}>
                          kept
                        </span>
                      )}
                    </span>
                  </td>
                  <td className="r">
                    <span className={`row ${classes.verbs}`}>
                      {store.of.get(step)?.kept_as ? (
                        <button
                          type="button"
                          className="link"
                          aria-label={`Let go step ${step}`}
                          title={`It is the model ${store.of.get(step)?.kept_as}`}
                          onClick={() => store.release(step)}
                        >
                          Let go
                        </button>
                      ) : (
                        <button
                          type="button"
                          className="link"
                          aria-label={`Keep step ${step}`}
                          title="Give it a name, so that nothing removes it"
                          onClick={() => store.keep(step)}
                        >
                          Keep
                        </button>
                      )}
                      {canBranch && (
                        <button
                          type="button"
                          className="link"
                          aria-label={`Branch off at step ${step}`}
                          onClick={() => setBranchStep(step)}
                        >
                          Branch
                        </button>
                      )}
                      <Link
                        to="/playground"
                        search={{ ref: `${training}:${step}` } as never}
                        aria-label={`Talk to step ${step}`}
                      >
                        Talk
                      </Link>
                    </span>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
          {store.problem && (
            <p className={classes.problem} role="alert">
              {store.problem}
            </p>
          )}
          <StepPager page={page} go={go} label="Pages of checkpoints" />
        </div>
      )}
      {branchStep !== null && (
        <CloneDialog
          detail={detail}
          fromStep={branchStep}
          isFromWeights={store.of.get(branchStep)?.has_state === false}
          onClose={() => setBranchStep(null)}
        />
      )}
    </section>
  );
});

/** Whether the bytes are those that were saved: nothing before they were read, then a dot, or what is wrong. */
function Soundness({ problem, isReading }: { problem: string | undefined; isReading: boolean }) {
  if (problem === undefined) return isReading ? <span className="sr">being read</span> : null;
  return problem === '' ? (
    <span className="badge done" title="Verified: every byte was read again and is what was saved">
      <i />
      <span className="sr">verified</span>
    </span>
  ) : (
    <span
      className="badge failed"
      title={`${problem}. Do not use it; those of other steps are not touched by this.`}
    >
      <i />
      damaged
    </span>
  );
}

/** The saved steps, rising, with what was measured there; the best has the fewest bits a byte. */
function savedOf(checkpoints: RunState['checkpoints'], evaluations: RunState['evaluations']) {
  const bits = new Map(evaluations.map(one => [one.step, one.values.bits_per_byte]));
  const intervals = new Map(evaluations.map(one => [one.step, one.intervals?.bits_per_byte]));
  const saved = [...checkpoints].sort((a, b) => a.step - b.step);
  let best: number | null = null;
  for (const { step } of saved) {
    const value = bits.get(step);
    if (value !== undefined && (best === null || value <= (bits.get(best) ?? value))) best = step;
  }
  return { steps: listed(saved.map(one => one.step)), bits, intervals, best, newest: saved.at(-1) };
}
