// Text as the tokens that a model wrote, tinted by how sure it was; each can be opened. Arrow keys move along. It never
// fetches.
import { type KeyboardEvent, useRef } from 'react';
import { percent } from '@/lib/format';
import classes from './token-text.module.css';

export interface WrittenToken {
  id: number;
  text: string;
  probability: number;
}

interface TokenTextProps {
  tokens: readonly WrittenToken[];
  selected: number | null;
  onSelect: (index: number | null) => void;
  isTinted: boolean;
  isLive: boolean;
  /** From this token on it differs from another answer. */
  partsAt?: number | null;
  children?: React.ReactNode;
}

export function TokenText({
  tokens,
  selected,
  onSelect,
  isTinted,
  isLive,
  partsAt,
  children,
}: TokenTextProps) {
  const box = useRef<HTMLParagraphElement>(null);
  const move = (event: KeyboardEvent, index: number) => {
    const to = { ArrowRight: index + 1, ArrowLeft: index - 1, Home: 0, End: tokens.length - 1 }[event.key];
    if (event.key === 'Escape') onSelect(null);
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      onSelect(index === selected ? null : index);
    }
    if (to === undefined || to < 0 || to >= tokens.length) return;
    event.preventDefault();
    onSelect(to);
    box.current?.querySelectorAll<HTMLElement>('[role=button]')[to]?.focus();
  };
  return (
    <p ref={box} className={`model ${classes.text}`}>
      {children}
      {tokens.map((token, index) => (
        // A button of the browser is a box of its own, and a line end inside it would be lost.
        // biome-ignore lint/a11y/useSemanticElements: see above
        <span
          key={index}
          role="button"
          tabIndex={index === (selected ?? 0) ? 0 : -1}
          className={`${classes.token} ${isTinted ? classes[tint(token.probability)] : ''} ${index === partsAt ? classes.parts : ''}`}
          aria-pressed={index === selected}
          aria-label={`${spoken(token.text)}, ${percent(token.probability, 0)}`}
          onClick={() => onSelect(index === selected ? null : index)}
          onKeyDown={event => move(event, index)}
        >
          {token.text}
        </span>
      ))}
      {isLive && <span className={classes.caret} aria-hidden="true" />}
    </p>
  );
}

/** Where a deeper tint begins, in bits of surprise: as good as expected, one of 4, of 16, of 64, of 256 and more. */
export const TINT_BITS = [0, 2, 4, 6, 8] as const;

/** Sure tokens stay plain; the more a token surprised the model, the deeper its glass. */
export function tint(probability: number): 't0' | 't1' | 't2' | 't3' | 't4' {
  const bits = -Math.log2(Math.max(probability, 1e-12));
  const step = TINT_BITS.filter(from => bits >= from && from > 0).length as 0 | 1 | 2 | 3 | 4;
  return `t${step}`;
}

/** A token in a list: spaces and line ends are drawn. */
export function visible(text: string): string {
  return text.replaceAll(' ', '·').replaceAll('\n', '↵').replaceAll('\t', '→') || '∅';
}

function spoken(text: string): string {
  return text.trim() || (text.includes('\n') ? 'line end' : 'space');
}
