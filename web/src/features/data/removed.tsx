// Up to five of the documents that a step took out or changed, with the part that decided it; each can be put back.
import type { CleaningStepView } from '@/lib/api/schema';
import { count, decimals, duration } from '@/lib/format';
import classes from './data.module.css';

interface RemovedProps {
  step: CleaningStepView;
  title: string;
  /** Seconds that the step worked; null: not known. */
  durationS: number | null;
  putBack: readonly string[];
  onPutBack: (id: string) => void;
}

export function Removed({ step, title, durationS, putBack, onPutBack }: RemovedProps) {
  const isRemoving = step.removed > 0;
  const num = isRemoving ? step.removed : step.changed;
  if (num === 0)
    return (
      <p className={`muted ${classes.removed}`}>
        {title} found nothing to do in {count(step.before.documents)} documents
        {durationS !== null && ` in ${spent(durationS)}`}.
      </p>
    );
  const hasTwins = step.samples.some(sample => sample.twin);
  return (
    <div className={classes.removed}>
      <p className={`reading ${classes.said}`}>
        {num > step.samples.length
          ? `${NUMBERS[step.samples.length] ?? step.samples.length} of the ${count(num)}`
          : `The ${count(num)}`}{' '}
        {num === 1 ? 'document' : 'documents'} that {num === 1 ? 'was' : 'were'}{' '}
        {isRemoving ? 'taken out' : 'changed'}
        {durationS !== null && ` in ${spent(durationS)}`}.
      </p>
      <div className="scroll-x">
        <table className={`table ${classes.samples}`}>
          <thead>
            <tr>
              <th>{isRemoving ? 'taken out' : 'changed'}</th>
              <th>
                text, <mark>what decided</mark>
              </th>
              <th>{hasTwins ? 'twin that stays' : 'why'}</th>
              {isRemoving && (
                <th>
                  <span className="sr">action</span>
                </th>
              )}
            </tr>
          </thead>
          <tbody>
            {step.samples.map(sample => (
              <tr key={sample.id}>
                <td className={classes.source}>
                  {sample.id}
                  {sample.place && <small>{sample.place}</small>}
                </td>
                <td className={classes.quote}>
                  <Marked text={sample.text} span={sample.span ?? null} />
                  {sample.becomes && sample.becomes !== sample.text && (
                    <p className={classes.becomes}>
                      <span className="sr">becomes: </span>
                      {around(sample.becomes, sample.span ?? null)}
                    </p>
                  )}
                </td>
                <td className={classes.source}>
                  {sample.twin ? (
                    <>
                      {sample.twin.id}
                      <small>{decimals(sample.twin.similarity, 2)} alike</small>
                    </>
                  ) : (
                    sample.reason
                  )}
                </td>
                {isRemoving && (
                  <td className="r">
                    <button
                      type="button"
                      className="btn sm"
                      aria-pressed={putBack.includes(sample.id)}
                      onClick={() => onPutBack(sample.id)}
                    >
                      {putBack.includes(sample.id) ? 'Stays' : 'Put back'}
                    </button>
                  </td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}

function spent(seconds: number): string {
  return seconds < 0.1 ? 'under 0.1 s' : duration(seconds);
}

const NUMBERS: Record<number, string> = { 1: 'One', 2: 'Two', 3: 'Three', 4: 'Four', 5: 'Five' };
const SHOWN = 240;

function Marked({ text, span }: { text: string; span: readonly number[] | null }) {
  const [start = 0, stop = 0] = span ?? [];
  const from = Math.max(0, start - SHOWN / 3);
  const to = Math.max(Math.min(stop, start + SHOWN), from + SHOWN);
  if (!span)
    return (
      <>
        {text.slice(0, SHOWN)}
        {text.length > SHOWN && '…'}
      </>
    );
  return (
    <>
      {from > 0 && '…'}
      {text.slice(from, start)}
      <mark>{text.slice(start, Math.min(stop, to))}</mark>
      {text.slice(stop, to)}
      {to < text.length && '…'}
    </>
  );
}

function around(text: string, span: readonly number[] | null): string {
  const from = Math.max(0, (span?.[0] ?? 0) - SHOWN / 3);
  const part = text.slice(from, from + SHOWN);
  return `${from > 0 ? '…' : ''}${part}${from + SHOWN < text.length ? '…' : ''}`;
}
