// A text as its tokens, each with its id or its bytes below. Arrow keys move along; what is chosen is a place in the text, so
// that the choice stays while merges come and go. A text may have thousands: only what changed is drawn again.
import { type KeyboardEvent, memo } from 'react';
import { colorsOf, type Piece } from './film';
import type { Under } from './state';
import { spoken, TokenMark } from './token-mark';
import classes from './tokens.module.css';

interface TokenLineProps {
  pieces: readonly Piece[];
  under: Under;
  /** The piece that is chosen, by where it starts. */
  chosen: number;
  onChoose: (start: number) => void;
}

export function TokenLine({ pieces, under, chosen, onChoose }: TokenLineProps) {
  const colors = colorsOf(pieces);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot flow as text does
    <div role="group" aria-label="Tokens" className={`model ${classes.line}`}>
      {pieces.map((piece, index) => (
        <Token
          key={`${piece.start},${piece.end}`}
          {...piece}
          color={colors[index] ?? 1}
          under={under}
          isChosen={piece.start === chosen}
          onChoose={onChoose}
        />
      ))}
    </div>
  );
}

interface TokenProps extends Piece {
  color: number;
  under: Under;
  isChosen: boolean;
  onChoose: (start: number) => void;
}

const Token = memo(function Token({ under, isChosen, onChoose, ...piece }: TokenProps) {
  const { start, id, hex, text } = piece;
  return (
    <>
      <button
        type="button"
        data-token={start}
        className={`${classes.token} ${piece.isApart ? classes.apart : ''}`}
        tabIndex={isChosen ? 0 : -1}
        aria-pressed={isChosen}
        onClick={() => onChoose(start)}
        onKeyDown={move}
      >
        <span className="sr">
          {spoken(text, hex)}, id {id}
        </span>
        <span className={classes.seen} aria-hidden="true">
          <TokenMark text={text} hex={hex} color={piece.color} isSpecial={piece.isSpecial} />
          {under !== 'none' && <small>{under === 'bytes' ? hex : id < 0 ? '–' : id}</small>}
        </span>
      </button>
      {text?.endsWith('\n') && <br />}
    </>
  );
});

/** To the token before or after, the first or the last. */
function move(event: KeyboardEvent<HTMLButtonElement>): void {
  const all = [...(event.currentTarget.parentElement?.querySelectorAll('button') ?? [])];
  const at = all.indexOf(event.currentTarget);
  const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: all.length - 1 }[event.key];
  const next = to === undefined ? undefined : all[to];
  if (!next) return;
  event.preventDefault();
  next.click();
  next.focus();
}
