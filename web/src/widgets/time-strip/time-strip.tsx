// Where a span of time goes: a strip of stacked stretches, and the same as figures below it. It never fetches.
import type { ReactNode } from 'react';
import { percent } from '@/lib/format';
import classes from './time-strip.module.css';

export interface TimePart {
  name: string;
  label: ReactNode;
  seconds: number;
  /** A colour of the theme, e.g. `--cat-1`. */
  color: string;
}

interface TimeStripProps {
  parts: readonly TimePart[];
  label: string;
  format: (seconds: number) => string;
}

export function TimeStrip({ parts, label, format }: TimeStripProps) {
  const whole = parts.reduce((sum, part) => sum + part.seconds, 0);
  if (whole <= 0) return null;
  return (
    <>
      <div className={classes.strip} aria-hidden="true">
        {parts.map(part => (
          <i
            key={part.name}
            style={{ width: `${(100 * part.seconds) / whole}%`, background: `var(${part.color})` }}
          />
        ))}
      </div>
      <ul className={classes.parts} aria-label={label}>
        {parts.map(part => (
          <li key={part.name}>
            <i style={{ background: `var(${part.color})` }} aria-hidden="true" />
            <span>{part.label}</span>
            <span className="num">{format(part.seconds)}</span>
            <span className="num faint">{percent(part.seconds / whole)}</span>
          </li>
        ))}
      </ul>
    </>
  );
}
