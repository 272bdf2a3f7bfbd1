// How the dataset is divided: what is learned from, what is held out, and which held-out documents were copies.
import type { DatasetDetail } from '@/lib/api/schema';
import { count, percent } from '@/lib/format';
import classes from './data.module.css';

const WORDS: Record<string, string> = {
  train: 'learned from',
  validation: 'held out, to choose by',
  test: 'held out for the very end',
};

export function Split({ detail }: { detail: DatasetDetail }) {
  const newest = detail.parts.at(-1)?.run;
  const parts = detail.parts.filter(part => part.run === newest);
  const total = parts.reduce((sum, part) => sum + (part.num_documents ?? 0), 0);
  if (parts.length === 0) return null;
  return (
    <section className="card" aria-labelledby="split">
      <div className="card-head">
        <h2 className="h-pane" id="split">
          Split
        </h2>
        <span className="tag">split_dataset</span>
      </div>
      <div className="card-body">
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
      </div>
    </section>
  );
}
