// Amounts as bars with their names and figures; a hollow bar is what was before. It never fetches; its text is its table twin.
import classes from './share-bars.module.css';

export interface ShareBar {
  label: string;
  /** From 0 to 1 of the widest. */
  share: number;
  text: string;
  /** What it was before, hollow. */
  before?: number;
  isQuiet?: boolean;
}

export function ShareBars({ bars, label }: { bars: readonly ShareBar[]; label: string }) {
  return (
    <ul className={classes.bars} aria-label={label}>
      {bars.map(bar => (
        <li key={bar.label}>
          <span className={classes.name}>{bar.label}</span>
          <span className={classes.stack}>
            {bar.before !== undefined && (
              <i className={classes.was} style={{ width: `${100 * Math.min(1, bar.before)}%` }} />
            )}
            <i
              className={bar.isQuiet ? classes.quiet : undefined}
              style={{ width: `${100 * Math.min(1, bar.share)}%` }}
            />
          </span>
          <span className="num">{bar.text}</span>
        </li>
      ))}
    </ul>
  );
}
