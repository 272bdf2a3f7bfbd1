// The merges of the list as a slider whose rail is what they save: tokens left after each merge. Arrow keys go from change
// to change, Page Up and Down ten at a time, Home and End to the ends.
import { type CSSProperties, type KeyboardEvent, useEffect, useId, useState } from 'react';
import { count, short } from '@/lib/format';
import { ticks } from '@/lib/scale';
import { type Cost, costAt, curvePath, hop, marks, mergesAt, placeOf } from './cost-curve';
import classes from './rail.module.css';

const HOPS: Record<string, number> = {
  ArrowRight: 1,
  ArrowUp: 1,
  PageUp: 10,
  ArrowLeft: -1,
  ArrowDown: -1,
  PageDown: -10,
};
/** A film of a whole text takes about so long; one step of it no longer than an explanation. */
const FILM_MS = 12_000;
const STEP_MS = 700;

interface MergeRailProps {
  curve: readonly Cost[];
  most: number;
  value: number;
  onChange: (value: number) => void;
}

export function MergeRail({ curve, most, value, onChange }: MergeRailProps) {
  const id = useId();
  const [isPlaying, setIsPlaying] = useState(false);
  const tokens = costAt(curve, value);
  const by = (steps: number) => onChange(hop(curve, value, steps, most));
  const isAtEnd = value >= most;
  useEffect(() => {
    if (!isPlaying) return;
    if (isAtEnd) return setIsPlaying(false);
    const wait = Math.max(60, Math.min(STEP_MS, FILM_MS / curve.length));
    const timer = setTimeout(() => onChange(hop(curve, value, 1, most)), wait);
    return () => clearTimeout(timer);
  }, [isPlaying, isAtEnd, curve, value, most, onChange]);
  const play = () => {
    if (!isPlaying && isAtEnd) onChange(0);
    setIsPlaying(!isPlaying);
  };
  const press = (event: KeyboardEvent) => {
    const steps = HOPS[event.key];
    if (!steps) return;
    event.preventDefault();
    setIsPlaying(false);
    by(steps);
  };
  return (
    <>
      <div className="row between wrap">
        <label className="h-pane" htmlFor={id}>
          Merges used: <span className={`num ${classes.value}`}>{count(value)}</span>
        </label>
        <div className="row">
          <button type="button" className="btn sm" disabled={value === 0} onClick={() => by(-1)}>
            −1<span className="sr"> merge</span>
          </button>
          <button type="button" className="btn sm" disabled={isAtEnd} onClick={() => by(1)}>
            +1<span className="sr"> merge</span>
          </button>
          <button type="button" className="btn sm" onClick={play} disabled={curve.length < 2}>
            <svg className="solid" viewBox="0 0 14 14" aria-hidden="true">
              <path
                d={isPlaying ? 'M3.500 2.500h2.500v9H3.500zM8 2.500h2.500v9H8z' : 'M4 2.500v9l7.500-4.500z'}
              />
            </svg>
            {isPlaying ? 'Pause' : 'Play'}
          </button>
        </div>
      </div>
      <Picture curve={curve} most={most} value={value} tokens={tokens} />
      <div className={classes.slider}>
        <input
          id={id}
          className="slider"
          type="range"
          min={0}
          max={1000}
          step="any"
          value={1000 * placeOf(value, most)}
          style={{ '--fill': `${100 * placeOf(value, most)}%` } as CSSProperties}
          aria-valuetext={`${count(value)} merges, ${count(tokens)} tokens`}
          onChange={event => {
            setIsPlaying(false);
            onChange(mergesAt(Number(event.target.value) / 1000, most));
          }}
          onKeyDown={press}
        />
        <div className={`num ${classes.marks}`} aria-hidden="true">
          {marks(most).map((mark, index, all) => (
            <span
              key={mark}
              className={markClass(index, all.length, placeOf(mark, most))}
              style={{ left: `${100 * placeOf(mark, most)}%` }}
            >
              {short(mark)}
            </span>
          ))}
        </div>
      </div>
    </>
  );
}

/** The last mark but one stands too near to the last on a phone. */
function markClass(index: number, number: number, place: number): string | undefined {
  if (index === 0) return classes.first;
  if (index === number - 1) return classes.last;
  return place > 0.72 ? classes.near : '';
}

function Picture({ curve, most, value, tokens }: Omit<MergeRailProps, 'onChange'> & { tokens: number }) {
  const start = curve[0]?.numTokens ?? 0;
  const lines = ticks(0, start, 3);
  const top = Math.max(start, lines.at(-1) ?? 0, 1);
  const line = curvePath(curve, most, top);
  const x = placeOf(value, most);
  const label = `Tokens of this text against merges used: ${count(start)} without any, ${count(curve.at(-1)?.numTokens ?? 0)} with all ${count(most)}.`;
  return (
    <div className={`plot ${classes.plot}`}>
      <svg viewBox="0 0 1000 1000" preserveAspectRatio="none" role="img" aria-label={label}>
        {lines.map(tick => (
          <path key={tick} className="grid" d={`M0 ${1000 * (1 - tick / top)}H1000`} />
        ))}
        <path className={classes.area} d={`${line}V1000H0Z`} />
        <path className={`ln ${classes.line}`} d={line} />
        <path className="cursor" d={`M${1000 * x} 0V1000`} />
      </svg>
      {lines.map(tick => (
        <span key={tick} className="ty" style={{ top: `${100 * (1 - tick / top)}%` }}>
          {short(tick)}
        </span>
      ))}
      <span
        className={`dot ${classes.dot}`}
        style={{ left: `${100 * x}%`, top: `${100 * (1 - tokens / top)}%` }}
      />
      <span
        className={`an ${classes.note} ${x > 0.7 ? classes.before : ''}`}
        style={{ left: `${100 * x}%`, top: `${100 * (1 - tokens / top)}%` }}
      >
        {count(tokens)} {tokens === 1 ? 'token' : 'tokens'}
      </span>
    </div>
  );
}
