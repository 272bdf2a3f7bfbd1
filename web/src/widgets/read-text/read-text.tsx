// Text as the tokens that a training read, tinted by how much each surprised the model; what is not trained on stays plain, with
// dots below. Tells which token is under the pointer. It never fetches.
import { useEffect, useRef } from 'react';
import { tint } from '@/widgets/token-text/token-text';
import classes from './read-text.module.css';

export interface TokenRead {
  text: string;
  /** Loss in nats; null for a token that is only read. */
  nats: number | null;
  is_trained: boolean;
}

interface ReadTextProps {
  tokens: readonly TokenRead[];
  /** The place of the first token. */
  first: number;
  /** The place of a token that somebody asked for. */
  marked: number | null;
  onLook: (place: number | null) => void;
}

export function ReadText({ tokens, first, marked, onLook }: ReadTextProps) {
  const box = useRef<HTMLParagraphElement>(null);
  useEffect(() => {
    if (marked === null) return;
    box.current?.querySelector(`[data-place="${marked}"]`)?.scrollIntoView({ block: 'nearest' });
  }, [marked]);
  const look = (target: EventTarget) => {
    const place = (target as HTMLElement).dataset?.place;
    if (place !== undefined) onLook(Number(place));
  };
  return (
    <p
      ref={box}
      className={`model ${classes.text}`}
      onPointerOver={event => look(event.target)}
      onPointerDown={event => look(event.target)}
      onPointerLeave={() => onLook(null)}
    >
      {tokens.map((token, index) => (
        <span
          key={index}
          data-place={first + index}
          className={`${lookOf(token)} ${first + index === marked ? classes.marked : ''}`}
        >
          {token.text}
        </span>
      ))}
    </p>
  );
}

function lookOf(token: TokenRead): string {
  if (!token.is_trained || token.nats === null) return classes.untrained ?? '';
  return classes[tint(Math.exp(-token.nats))] ?? '';
}
