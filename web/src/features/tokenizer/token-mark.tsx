// One token as it is drawn everywhere on this page: its tint, spaces and line ends visible, bytes that are part of a
// character as hatched hexadecimal digits.
import { Fragment } from 'react';
import type { TokenView } from '@/lib/api/schema';
import { bytesOf, hexOf, textOf } from './film';

// biome-ignore lint/suspicious/noControlCharactersInRegex: those are what is looked for
const SPACES = /([ \n\t\r\u00a0\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F])/;
const DRAWN: Record<string, string> = { ' ': '␣', '\n': '↵', '\t': '⇥', '\r': '␍', '\u00a0': '⍽' };

/** Text with what cannot be seen drawn. */
export function Drawn({ text }: { text: string }) {
  return text.split(SPACES).map((part, index) =>
    index % 2 === 0 ? (
      <Fragment key={index}>{part}</Fragment>
    ) : (
      <span key={index} className="ws">
        {DRAWN[part] ?? `x${part.charCodeAt(0).toString(16).padStart(2, '0')}`}
      </span>
    ),
  );
}

interface TokenMarkProps {
  /** Null: part of a character, shown as its bytes. */
  text: string | null;
  hex: string;
  color?: number;
  isSpecial?: boolean;
  isMasked?: boolean;
}

export function TokenMark({ text, hex, color = 1, isSpecial = false, isMasked = false }: TokenMarkProps) {
  const look = isSpecial ? 'special' : isMasked ? '' : `t${color}`;
  return (
    <span className={`tok ${look} ${isMasked ? 'masked' : ''} ${text === null ? 'byte' : ''}`}>
      {text === null ? hex : text === '' ? '∅' : <Drawn text={text} />}
    </span>
  );
}

/** A token as the server shows it, as text and bytes to draw. */
export function drawable(token: TokenView): { text: string | null; hex: string; isSpecial: boolean } {
  const data = bytesOf(token.hex);
  const text = token.is_special || !token.hex ? token.text : textOf(data);
  return { text, hex: hexOf(data), isSpecial: token.is_special };
}

/** A token in words, for those who hear the page. */
export function spoken(text: string | null, hex: string): string {
  if (text === null) return `bytes ${hex}`;
  if (text.trim()) return text.startsWith(' ') ? `space ${text.trim()}` : text.trim();
  if (text.includes('\n')) return 'line end';
  return text.includes('\t') ? 'tab' : 'space';
}
