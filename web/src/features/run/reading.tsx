// What it read at a step: the very documents and tokens of that batch, with the loss of each token, and the most surprising first.
// The step stands in the link; arrow keys go to the step before and after.
import { useQuery } from '@tanstack/react-query';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { api, data, type ProblemError } from '@/lib/api/client';
import type { BatchView } from '@/lib/api/schema';
import { count } from '@/lib/format';
import { Failed } from '@/ui/failed';
import { Loading } from '@/ui/loading';
import { TINT_BITS } from '@/widgets/token-text/token-text';
import classes from './reading.module.css';
import { type Mark, ReadingRows } from './reading-rows';
import { lossWords, sizeWords, weightsWords } from './reading-words';
import { Surprising } from './surprising';
import { ROWS, useRead, useRested } from './use-read';

interface ReadingProps {
  /** The run of the training itself. */
  training: string;
  steps: number;
  /** The newest step that was done. */
  done: number;
}

export function Reading({ training, steps, done }: ReadingProps) {
  const { step, row, open, toRow, close } = useRead();
  const [mark, setMark] = useState<Mark | null>(null);
  const box = useRef<HTMLElement>(null);
  const asked = useRested(step);
  const found = useQuery({
    queryKey: ['run-batch', training, asked, row, (asked ?? 0) > done ? done : null], // what is ahead may change
    queryFn: () => readBatch(training, asked ?? 1, row),
    enabled: asked !== null,
    placeholderData: before => before,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  const isOpen = step !== null;
  useEffect(() => {
    if (!isOpen) return;
    box.current?.focus({ preventScroll: true });
    box.current?.scrollIntoView({ block: 'nearest' });
  }, [isOpen]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a mark belongs to its step
  useEffect(() => setMark(null), [step]);
  if (step === null) return null;
  const last = found.data?.last_step ?? steps;
  const go = (to: number) => open(Math.min(Math.max(1, to), last));
  const keys = (event: KeyboardEvent) => {
    if ((event.target as HTMLElement).closest('input, select, textarea')) return;
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (event.key === 'Escape') close();
    if (!by) return;
    event.preventDefault();
    go(step + by * (event.shiftKey ? 10 : 1));
  };
  const problem = found.error as ProblemError | null;
  const batch = found.data;
  const isWaiting = batch !== undefined && (found.isPlaceholderData || asked !== step);
  return (
    <section ref={box} className="card" aria-labelledby="reading" tabIndex={-1} onKeyDown={keys}>
      <div className={`card-head ${classes.head}`}>
        <h2 className="h-pane" id="reading">
          What it read at step {count(step)}
        </h2>
        <span className="grow" />
        <button type="button" className="btn sm" disabled={step <= 1} onClick={() => go(step - 1)}>
          Step before
        </button>
        <label>
          <span className="sr">Step</span>
          <input
            className={`input num ${classes.step}`}
            type="number"
            min={1}
            max={last}
            value={step}
            onChange={event => event.target.value && go(Number(event.target.value))}
          />
        </label>
        <button type="button" className="btn sm" disabled={step >= last} onClick={() => go(step + 1)}>
          Step after
        </button>
        <button type="button" className="btn quiet sm" onClick={close}>
          Close
        </button>
      </div>
      <div className={`card-body stack ${isWaiting ? classes.waiting : ''}`} aria-busy={isWaiting}>
        {problem && (
          <Failed title={problem.message} detail={problem.detail} retry={() => void found.refetch()} />
        )}
        {!problem && !batch && <Loading heights={[40, 160, 220]} label="Reading the batch again" />}
        {!problem && batch && <Batch batch={batch} mark={mark} onMark={setMark} row={row} onRow={toRow} />}
      </div>
    </section>
  );
}

interface BatchProps {
  batch: BatchView;
  mark: Mark | null;
  onMark: (mark: Mark | null) => void;
  row: number;
  onRow: (row: number) => void;
}

function Batch({ batch, mark, onMark, row, onRow }: BatchProps) {
  const show = (one: Mark) => {
    onMark(one);
    onRow(Math.floor(one.row / ROWS) * ROWS);
  };
  return (
    <>
      <div className={classes.sentences}>
        <p className="reading">{weightsWords(batch)}</p>
        <p className="note">
          {sizeWords(batch)} {lossWords(batch)}
        </p>
      </div>
      <Surprising batch={batch} onShow={show} />
      <div className="legend">
        <span>surprise in bits</span>
        {TINT_BITS.map((bits, index) => (
          <span key={bits} className={classes.step0}>
            <i style={{ background: index === 0 ? 'var(--surface)' : `var(--seq-${index - 1})` }} />
            <span className="num">{index === TINT_BITS.length - 1 ? `${bits}+` : bits}</span>
          </span>
        ))}
        <span>dots below: not trained on</span>
        <span className="grow" />
        <span className="note">
          <span className="kbd">←</span> <span className="kbd">→</span> step, with{' '}
          <span className="kbd">Shift</span> ten
        </span>
      </div>
      <ReadingRows batch={batch} mark={mark} row={row} onRow={onRow} />
    </>
  );
}

function readBatch(run: string, step: number, row: number): Promise<BatchView> {
  return data(
    api.GET('/api/runs/{run}/steps/{step}/batch', {
      params: { path: { run, step }, query: { row, rows: ROWS } },
    }),
  );
}
