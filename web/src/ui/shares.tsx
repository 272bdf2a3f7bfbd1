// Parts of a whole as one bar, and the key to it with each part's figure. Neither fetches.
import type { MemoryView } from '@/lib/api/schema';
import classes from './shares.module.css';

/** What memory holds while a model trains, and its color. */
export const MEMORY: [keyof MemoryView, number][] = [
  ['weights', 8],
  ['gradients', 5],
  ['optimizer', 6],
  ['activations', 4],
  ['saving', 7],
];

interface ShareBarProps {
  parts: { key: string; share: number; color: number }[];
  /** The end of the bar is a limit; true: it is passed. */
  ceiling?: boolean | undefined;
}

export function ShareBar({ parts, ceiling }: ShareBarProps) {
  const look = ceiling === undefined ? '' : `${classes.ceiling} ${ceiling ? classes.over : ''}`;
  return (
    <div className={`${classes.bar} ${look}`} data-shares aria-hidden="true">
      {parts.map(part => (
        <i key={part.key} style={{ width: `${100 * part.share}%`, background: `var(--cat-${part.color})` }} />
      ))}
    </div>
  );
}

export function Keyed({ rows }: { rows: [string, string, number][] }) {
  return (
    <dl className={classes.keyed}>
      {rows.map(([label, value, color]) => (
        <div key={label}>
          <dt>
            <i style={{ background: `var(--cat-${color})` }} />
            {label}
          </dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
