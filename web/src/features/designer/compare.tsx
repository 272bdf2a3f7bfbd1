// Side by side: this draft and up to three others, published sizes among them; what differs is marked by a line, not by colour alone.
import { useState } from 'react';
import type { ArchitectureRow, ExplainView, PresetView } from '@/lib/api/schema';
import { count } from '@/lib/format';
import { Failed } from '@/ui/failed';
import { useAllExplained } from './calls';
import classes from './compare.module.css';
import { rowsOf } from './comparison';
import { Choices, type RunChoice } from './start-from';
import { type DesignState, MAX_BESIDE } from './state';
import type { Asked } from './use-base';

interface CompareProps {
  draft: ExplainView;
  title: string;
  note: string;
  others: readonly Asked[];
  state: DesignState;
  presets: readonly PresetView[];
  items: readonly ArchitectureRow[];
  runs: readonly RunChoice[];
  onChange: (fields: Partial<DesignState>) => void;
}

export function Compare(props: CompareProps) {
  const { draft, title, note, others, state, presets, onChange } = props;
  const [hasSame, setHasSame] = useState(true);
  const answers = useAllExplained(
    others.map(one => one.base?.document ?? null),
    state.vocab,
  );
  const columns = [draft, ...answers.map(answer => (answer.data?.parameters ? answer.data : null))];
  const rows = rowsOf(columns);
  const shown = hasSame || columns.length === 1 ? rows : rows.filter(row => row.differs.some(Boolean));
  const without = (ref: string) => onChange({ beside: state.beside.filter(one => one !== ref) });
  const failed = others.find(one => one.error);
  return (
    <section className={classes.compare} aria-labelledby="beside">
      <div className={`row wrap ${classes.head}`}>
        <h2 className="title" id="beside">
          Side by side
        </h2>
        <span className={classes.grow} />
        <span className={`note ${classes.mark}`}>differs from this draft</span>
        <label className={`row note ${classes.same}`}>
          <input
            type="checkbox"
            className="switch"
            checked={hasSame}
            onChange={event => setHasSame(event.target.checked)}
          />
          what is the same too
        </label>
        {state.beside.length < MAX_BESIDE && (
          <select
            className={`select ${classes.add}`}
            aria-label="Put beside it"
            value=""
            onChange={event => onChange({ beside: [...state.beside, event.target.value] })}
          >
            <option value="">Compare with …</option>
            <Choices {...props} />
          </select>
        )}
      </div>
      {failed?.error && (
        <Failed title={failed.error.message} detail="Take it away, or try again." retry={failed.retry} />
      )}
      {others.length === 0 ? (
        <div className={`row wrap ${classes.offer}`}>
          <p className="muted">Up to three stand beside this draft, and what differs is marked.</p>
          {nearest(presets, draft.parameters ?? 0).map(one => (
            <button
              key={one.id}
              type="button"
              className="btn sm"
              onClick={() => onChange({ beside: [`preset:${one.id}`] })}
            >
              Compare with {one.title}
            </button>
          ))}
        </div>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a table that scrolls must be reachable by keyboard
        <section className="scroll-x" tabIndex={0} aria-label="Comparison">
          <table className={`table ${classes.table}`}>
            <thead>
              <tr>
                <th>
                  <span className="sr">setting</span>
                </th>
                <th scope="col">
                  <Silhouette explained={draft} />
                  <b>{title}</b>
                  <span className="note">{note}</span>
                </th>
                {others.map((one, index) => (
                  <th key={state.beside[index]} scope="col">
                    <Silhouette explained={columns[index + 1] ?? null} />
                    <b>{one.base?.title ?? state.beside[index]}</b>
                    <span className="note">
                      {one.base?.note}{' '}
                      <button
                        type="button"
                        className="link"
                        onClick={() => onChange({ from: state.beside[index] ?? '', doc: null, set: {} })}
                      >
                        start from it
                      </button>{' '}
                      <button
                        type="button"
                        className="link"
                        onClick={() => without(state.beside[index] ?? '')}
                      >
                        take away
                      </button>
                    </span>
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {shown.map(row => (
                <tr key={row.label}>
                  <th scope="row">{row.label}</th>
                  {row.cells.map((cell, index) => (
                    <td key={index} className={`num ${row.differs[index] ? classes.differs : ''}`}>
                      {row.differs[index] && <span className="sr">differs: </span>}
                      {cell || '…'}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </section>
  );
}

/** The published sizes that are nearest in parameters. */
function nearest(presets: readonly PresetView[], parameters: number): PresetView[] {
  const far = (one: PresetView) => Math.abs(Math.log(one.parameters / Math.max(1, parameters)));
  return presets
    .filter(one => one.is_published)
    .sort((a, b) => far(a) - far(b))
    .slice(0, 2);
}

/** Blocks as lines, as many and as wide as they are. */
function Silhouette({ explained }: { explained: ExplainView | null }) {
  const layers = Number(explained?.document?.layers ?? 0);
  const width = Number(explained?.document?.width ?? 0);
  const step = Math.min(3, 54 / Math.max(1, layers));
  const w = Math.min(120, 2.4 * Math.sqrt(width));
  return (
    <svg
      viewBox="0 0 120 58"
      className={classes.silhouette}
      role="img"
      aria-label={`${layers} blocks, ${count(width)} wide`}
    >
      {Array.from({ length: layers }, (_, index) => (
        <rect key={index} x={0} y={56 - (index + 1) * step} width={w} height={Math.max(0.5, step * 0.55)} />
      ))}
    </svg>
  );
}
