// A picture's twin: the same figures as a table, folded until somebody wants them, and only then made.
import { type ReactNode, useState } from 'react';
import classes from './table-twin.module.css';

interface TableTwinProps {
  /** What the table holds, for those who hear the page. */
  label: string;
  summary?: string;
  children: () => ReactNode;
  /** What stands below the table, e.g. the way to its other pages. */
  below?: () => ReactNode;
}

export function TableTwin({ label, summary = 'The same as a table', children, below }: TableTwinProps) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <details className={classes.twin} onToggle={event => setIsOpen(event.currentTarget.open)}>
      <summary className="note">{summary}</summary>
      {isOpen && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a table that scrolls must be reachable by keyboard
        <section className={classes.scroll} tabIndex={0} aria-label={label}>
          <table className="table">{children()}</table>
        </section>
      )}
      {isOpen && below?.()}
    </details>
  );
}
