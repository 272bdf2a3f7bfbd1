// How the next token is drawn, as one flow: the model's logits, then penalties and temperature, top-k, top-p, min-p, then the
// chance. Sliders change it at once. Height is probability; what a step takes out runs dry there. It never fetches.
import { useId, useState } from 'react';
import { count, decimals, percent } from '@/lib/format';
import { numKept, order, type Sampling, shape, softmax } from '@/lib/sampling';
import { visible } from '../token-text/token-text';
import { bands, columnsOf, type FlowColumn, levels } from './bands';
import classes from './sampling-flow.module.css';

interface SamplingFlowProps {
  logits: Float64Array;
  pieces: Record<string, string>;
  settings: Sampling;
  onChange: (settings: Sampling) => void;
  prompt: readonly number[];
  written: readonly number[];
  /** The token that was drawn here, if one was. */
  drawn: number | null;
}

const SHOWN = 12;
/** Bands thinner than this have no name at their end; names keep this distance, as a share of the height. */
const NAMED_FROM = 0.02;
const LABEL_GAP = 0.07;
const SLIDERS: {
  name: keyof Sampling;
  label: string;
  min: number;
  max: number;
  step: number;
  off: number;
}[] = [
  { name: 'temperature', label: 'Temperature', min: 0, max: 2, step: 0.05, off: 1 },
  { name: 'top_k', label: 'Top-k', min: 0, max: 100, step: 1, off: 0 },
  { name: 'top_p', label: 'Top-p', min: 0.05, max: 1, step: 0.01, off: 1 },
  { name: 'min_p', label: 'Min-p', min: 0, max: 0.5, step: 0.01, off: 0 },
  { name: 'repetition_penalty', label: 'Repetition', min: 1, max: 2, step: 0.05, off: 1 },
  { name: 'frequency_penalty', label: 'Frequency', min: 0, max: 2, step: 0.05, off: 0 },
  { name: 'presence_penalty', label: 'Presence', min: 0, max: 2, step: 0.05, off: 0 },
];

export function SamplingFlow(props: SamplingFlowProps) {
  const { logits, pieces, settings, onChange, prompt, written, drawn } = props;
  const [isTable, setIsTable] = useState(false);
  const id = useId();
  const steps = shape(logits, settings, prompt, written);
  const chances = softmax(steps.min_p);
  const ids = order(logits).slice(0, SHOWN);
  const columns = columnsOf(logits, steps, ids);
  const top = [...ids].sort((a, b) => (chances[b] ?? 0) - (chances[a] ?? 0))[0] ?? 0;
  const focus = drawn ?? top;
  const name = (token: number) => visible(pieces[String(token)] ?? `#${token}`);
  return (
    <div className="stack">
      <p className="reading">
        Of {count(logits.length)} tokens, {count(numKept(steps.min_p))}{' '}
        {numKept(steps.min_p) === 1 ? 'stays' : 'stay'} in the draw. The model gives “{name(focus)}”{' '}
        {percent(softmax(logits)[focus] ?? 0, 0)}; its chance here is {percent(chances[focus] ?? 0, 0)}.
      </p>
      <div className={classes.sliders}>
        {SLIDERS.map(slider => {
          const value = settings[slider.name];
          const isOff = value === slider.off;
          return (
            <div key={slider.name} className="field">
              <label className="label" htmlFor={`${id}${slider.name}`}>
                <span>{slider.label}</span>
                <span className={`num ${isOff ? 'faint' : ''}`}>
                  {isOff
                    ? slider.name === 'temperature'
                      ? '1.00'
                      : 'off'
                    : decimals(value, slider.step < 1 ? 2 : 0)}
                </span>
              </label>
              <input
                id={`${id}${slider.name}`}
                className="slider"
                type="range"
                min={slider.min}
                max={slider.max}
                step={slider.step}
                value={value}
                style={
                  {
                    '--fill': `${(100 * (value - slider.min)) / (slider.max - slider.min)}%`,
                  } as React.CSSProperties
                }
                onChange={event => onChange({ ...settings, [slider.name]: Number(event.target.value) })}
              />
            </div>
          );
        })}
      </div>
      <Flow columns={columns} ids={ids} logits={logits} name={name} focus={focus} />
      <p className="note">
        Height is probability.{' '}
        <button type="button" className="link" aria-expanded={isTable} onClick={() => setIsTable(!isTable)}>
          {isTable ? 'Hide the table' : 'Table'}
        </button>
      </p>
      {isTable && <FlowTable columns={columns} ids={ids} logits={logits} name={name} />}
    </div>
  );
}

interface FlowProps {
  columns: FlowColumn[];
  ids: number[];
  logits: Float64Array;
  name: (token: number) => string;
  focus: number;
}

function Flow({ columns, ids, logits, name, focus }: FlowProps) {
  const last = columns.at(-1);
  const [low, high] = [logits[ids.at(-1) ?? 0] ?? 0, logits[ids[0] ?? 0] ?? 1];
  return (
    <div className={classes.flow}>
      <ol className={classes.logits} aria-label="Logits">
        {ids.map(token => (
          <li key={token} className={token === focus ? classes.focus : ''}>
            <span className="model">{name(token)}</span>
            <i
              style={{ width: `${8 + (44 * ((logits[token] ?? 0) - low)) / Math.max(high - low, 1e-9)}px` }}
            />
            <span className="num">{decimals(logits[token] ?? 0, 1)}</span>
          </li>
        ))}
      </ol>
      <div className={classes.picture}>
        <svg
          viewBox="0 0 1000 1000"
          preserveAspectRatio="none"
          role="img"
          aria-label="Probability after each step"
        >
          {bands(columns, ids.length + 1).map(band => (
            <path
              key={`${band.column}-${band.index}`}
              d={band.path}
              className={
                ids[band.index] === focus
                  ? classes.bandFocus
                  : band.index % 2
                    ? classes.bandOdd
                    : classes.band
              }
            />
          ))}
          {columns.map(column => (
            <rect
              key={column.step}
              x={column.x - 5}
              y="0"
              width="10"
              height="1000"
              className={classes.post}
            />
          ))}
        </svg>
        {columns.map(column => (
          <span key={column.step} className={classes.caption} style={{ left: `${column.x / 10}%` }}>
            {column.label}
            <small>
              {column.numDropped > 0 ? `${count(column.numDropped)} out, ${percent(column.lost)}` : ' '}
            </small>
          </span>
        ))}
      </div>
      <ol className={classes.chances} aria-label="Chance of being drawn">
        {levels(last?.shares ?? [], NAMED_FROM, LABEL_GAP).map(({ index, at, share }) => {
          const token = ids[index];
          return (
            <li
              key={token ?? 'others'}
              className={token === focus ? classes.focus : ''}
              style={{ '--at': `${at * 100}%` } as React.CSSProperties}
            >
              <span className={token === undefined ? 'faint' : 'model'}>
                {token === undefined ? 'all others' : name(token)}
              </span>
              <span className="num">{percent(share, 0)}</span>
            </li>
          );
        })}
      </ol>
    </div>
  );
}

function FlowTable({ columns, ids, logits, name }: Omit<FlowProps, 'focus'>) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a table that scrolls must be reachable by keyboard
    <section className="scroll-x" tabIndex={0} aria-label="Probability of each token after each step">
      <table className="table">
        <thead>
          <tr>
            <th>token</th>
            <th className="r">logit</th>
            {columns.map(column => (
              <th key={column.step} className="r">
                {column.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {ids.map((token, index) => (
            <tr key={token}>
              <td className="model">{name(token)}</td>
              <td className="r num">{decimals(logits[token] ?? 0, 2)}</td>
              {columns.map(column => (
                <td key={column.step} className="r num">
                  {column.shares[index] ? percent(column.shares[index] ?? 0) : 'out'}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
