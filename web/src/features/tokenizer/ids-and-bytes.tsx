// The same text as a model reads it, ids, and as a file holds it, bytes; each number lights up with its token.
import { useState } from 'react';
import { CopyButton } from '@/ui/copy-button';
import type { Piece } from './film';
import classes from './tokens.module.css';

const MOST = 600;

export function IdsAndBytes({ pieces }: { pieces: readonly Piece[] }) {
  const [isOpen, setIsOpen] = useState(false);
  const shown = pieces.slice(0, MOST);
  const rest = pieces.length - shown.length;
  return (
    <details className={classes.details} onToggle={event => setIsOpen(event.currentTarget.open)}>
      <summary>As ids and as bytes</summary>
      {isOpen && (
        <div className={classes.strips}>
          <Strip
            title="ids"
            shown={shown}
            rest={rest}
            of={piece => (piece.id < 0 ? '–' : String(piece.id))}
          />
          <Strip title="bytes" shown={shown} rest={rest} of={piece => piece.hex} />
          <div className="row">
            <CopyButton label="Copy the ids" text={JSON.stringify(pieces.map(piece => piece.id))} />
            <CopyButton label="Copy the bytes" text={pieces.map(piece => piece.hex).join(' ')} />
          </div>
        </div>
      )}
    </details>
  );
}

interface StripProps {
  title: string;
  shown: readonly Piece[];
  rest: number;
  of: (piece: Piece) => string;
}

function Strip({ title, shown, rest, of }: StripProps) {
  return (
    <div>
      <h3 className="label">{title}</h3>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: numbers that scroll must be reachable by keyboard */}
      <section className={`model ${classes.strip}`} tabIndex={0} aria-label={`The text as ${title}`}>
        {shown.map(piece => (
          <span key={`${piece.start},${piece.end}`} data-token={piece.start}>
            {of(piece)}
          </span>
        ))}
        {rest > 0 && <span className="faint">and {rest} more</span>}
      </section>
    </div>
  );
}
