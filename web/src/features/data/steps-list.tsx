// Steps in their order, each with its switch, its place and its settings. In: the steps as they are. Out: as they are wanted.
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, data, type ProblemError } from '@/lib/api/client';
import { fieldsOf } from '@/lib/schema-fields';
import { changedSettings, isSound, SettingsForm, type Typed } from '@/widgets/settings-form/settings-form';
import { type ChosenStep, moved } from './clean-again';
import classes from './data.module.css';
import { stepWords } from './steps';

interface StepsListProps {
  first: readonly ChosenStep[];
  isBusy: boolean;
  problem: ProblemError | null;
  onStart: (steps: ChosenStep[]) => void;
  onClose: () => void;
}

interface Row extends ChosenStep {
  /** Stays with a row when it moves. */
  id: number;
  typed: Typed;
}

const FILTERS = 'data.filters';

export function StepsList({ first, isBusy, problem, onStart, onClose }: StepsListProps) {
  const [rows, setRows] = useState<Row[]>(() => first.map((step, id) => ({ ...step, id, typed: {} })));
  const catalog = useQuery({
    queryKey: ['catalog'],
    queryFn: () => data(api.GET('/api/catalog')),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const known = catalog.data?.components[FILTERS] ?? {};
  const fields = (row: Row) => {
    const schema = known[row.kind]?.schema as Record<string, unknown> | undefined;
    return schema ? fieldsOf(schema, row.settings, row.kind, row.typed) : [];
  };
  const change = (id: number, part: Partial<Row>) =>
    setRows(before => before.map(row => (row.id === id ? { ...row, ...part } : row)));
  const add = (kind: string) =>
    setRows(before => [...before, { id: Date.now(), kind, settings: {}, isOn: true, typed: {} }]);
  const areSound = rows.every(row => isSound(fields(row), row.typed));
  const start = () =>
    onStart(
      rows.map(row => ({
        kind: row.kind,
        isOn: row.isOn,
        settings: { ...row.settings, ...valuesOf(changedSettings(fields(row), row.typed)) },
      })),
    );
  return (
    <form
      className="stack"
      onSubmit={event => {
        event.preventDefault();
        start();
      }}
    >
      <p className="muted">
        Documents go through them from above. The text is cleaned anew from what was read; this makes the next
        version, and the one before stays.
      </p>
      <ol className={classes.steps}>
        {rows.map((row, index) => {
          const words = stepWords(row.kind, row.settings);
          return (
            <li key={row.id}>
              <div className="row">
                <input
                  className="switch"
                  type="checkbox"
                  aria-label={`${words.title} is on`}
                  checked={row.isOn}
                  onChange={event => change(row.id, { isOn: event.target.checked })}
                />
                <b className={row.isOn ? '' : 'faint'}>{words.title}</b>
                <span className="note">{words.detail}</span>
                <span className="grow" />
                <button
                  type="button"
                  className="btn quiet sm icon"
                  aria-label={`${words.title} one place up`}
                  disabled={index === 0}
                  onClick={() => setRows(moved(rows, index, -1))}
                >
                  ↑
                </button>
                <button
                  type="button"
                  className="btn quiet sm icon"
                  aria-label={`${words.title} one place down`}
                  disabled={index === rows.length - 1}
                  onClick={() => setRows(moved(rows, index, 1))}
                >
                  ↓
                </button>
              </div>
              {row.isOn && fields(row).length > 0 && (
                <details>
                  <summary className="note">settings</summary>
                  <SettingsForm
                    settings={fields(row)}
                    typed={row.typed}
                    onChange={typed => change(row.id, { typed })}
                  />
                </details>
              )}
            </li>
          );
        })}
      </ol>
      <label className="row">
        <span className="label">Another step</span>
        <select
          className={`select ${classes.add}`}
          value=""
          onChange={event => event.target.value && add(event.target.value)}
        >
          <option value="">choose</option>
          {Object.keys(known).map(kind => (
            <option key={kind} value={kind}>
              {stepWords(kind, {}).title}
            </option>
          ))}
        </select>
      </label>
      {problem && (
        <div className="finding bad" role="alert">
          <h3 className="h-pane">{problem.message}</h3>
          <p className="muted">{problem.detail}</p>
        </div>
      )}
      <div className="row between dialog-foot">
        <button type="button" className="btn quiet" onClick={onClose}>
          Cancel
        </button>
        <button type="submit" className="btn primary" disabled={isBusy || !areSound}>
          Clean again
        </button>
      </div>
    </form>
  );
}

/** `kind.field=text` lines as values: what is JSON is read as such. */
function valuesOf(lines: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(
    lines.map(line => {
      const at = line.indexOf('=');
      const text = line.slice(at + 1);
      return [line.slice(line.indexOf('.') + 1, at), parsed(text)];
    }),
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
