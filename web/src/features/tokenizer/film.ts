// A text's merges as a film that runs both ways. In: the trace of a text. Out: the pieces that stand after any number of
// merges, what a piece is made of, and the merges at which something changes. Pure.
//
// Between two symbols of a word lies a border; the merge that joins them takes it away, once and for good. So the pieces
// after n merges are cut at the borders that no merge before n took, and running backwards is no harder than forwards.
import type { TraceView } from '@/lib/api/schema';

/** A stretch of bytes that is one token for now. `text` is null where the bytes are no whole characters. */
export interface Piece {
  start: number;
  end: number;
  id: number;
  hex: string;
  text: string | null;
  isSpecial: boolean;
  /** A word begins here, and no token holds what stood before it: a space, if any (WordPiece). */
  isApart: boolean;
}

/** One merge: the pieces `start..middle` and `middle..end` became one. */
export interface Step {
  rank: number;
  start: number;
  middle: number;
  end: number;
  id: number;
}

export interface Film {
  bytes: Uint8Array;
  /** Where a border lies, and the rank of the merge that takes it; Infinity: none does. */
  borders: readonly { at: number; rank: number }[];
  steps: readonly Step[];
  /** Tokens are made of bytes: each byte is one from the beginning. */
  isOfBytes: boolean;
  ids: ReadonlyMap<string, number>;
  /** Where a token begins that stands for what the tokenizer does not know, and how it is spelled. */
  unknown: ReadonlyMap<number, string>;
  /** Where a word begins whose space no token holds. */
  apart: ReadonlySet<number>;
}

const decoder = new TextDecoder('utf-8', { fatal: true });
const encoder = new TextEncoder();
const UNKNOWN = /^(\[UNK\]|<unk>)$/;
const BYTE_NAME = /^<0x([0-9A-F]{2})>$/i;

export function filmOf(trace: TraceView): Film {
  const parts: Uint8Array[] = [];
  const ends: number[] = [];
  const starts: number[][] = [];
  const ids = new Map<string, number>();
  const unknown = new Map<number, string>();
  const apart = new Set<number>();
  let at = 0;
  trace.words.forEach(word => {
    if (at > 0 && isOwnWord(word)) apart.add(at);
    const own: number[] = [];
    let taken = 0;
    word.symbols.forEach((symbol, index) => {
      const length = word.hex ? [...symbol].length : 0;
      const isUnknown = UNKNOWN.test(symbol) && word.text !== symbol;
      const data = word.hex
        ? bytesOf(word.hex.slice(2 * taken, 2 * (taken + length)))
        : isUnknown
          ? encoder.encode(word.text)
          : spelled(symbol, index > 0);
      if (isUnknown) unknown.set(at, symbol);
      taken += length;
      own.push(at);
      parts.push(data);
      ids.set(`${at},${at + data.length}`, word.base_ids[index] ?? -1);
      at += data.length;
      ends.push(at);
    });
    own.push(at);
    starts.push(own);
  });
  const ranks = new Map<number, number>();
  const steps = trace.merges.map(merge => {
    const own = starts[merge.word] ?? [];
    const [start = 0, middle = 0, end = 0] = own.slice(merge.position, merge.position + 3);
    own.splice(merge.position + 1, 1);
    ranks.set(middle, merge.rank);
    ids.set(`${start},${end}`, merge.id);
    return { rank: merge.rank, start, middle, end, id: merge.id };
  });
  const borders = ends.map(end => ({ at: end, rank: ranks.get(end) ?? Number.POSITIVE_INFINITY }));
  return {
    bytes: joined(parts, at),
    borders,
    steps,
    isOfBytes: trace.words.some(word => word.hex !== ''),
    ids,
    unknown,
    apart,
  };
}

/** Whether decoding puts a space before it that stands in none of its symbols; what is not known is such a word, too. */
function isOwnWord({ hex, text, symbols, tokens }: TraceView['words'][number]): boolean {
  const isSpaced = tokens[0]?.text.startsWith(' ') || UNKNOWN.test(symbols[0] ?? '');
  return !hex && isSpaced && !/^[\s▁]/.test(text);
}

/** The pieces after the first `numMerges` merges of the tokenizer's list. */
export function piecesAfter(film: Film, numMerges: number): Piece[] {
  const pieces: Piece[] = [];
  let start = 0;
  for (const border of film.borders) {
    if (border.rank < numMerges) continue;
    pieces.push(pieceOf(film, start, border.at));
    start = border.at;
  }
  return pieces;
}

export function pieceOf(film: Film, start: number, end: number): Piece {
  const data = film.bytes.slice(start, end);
  return {
    start,
    end,
    id: film.ids.get(`${start},${end}`) ?? -1,
    hex: hexOf(data),
    text: film.unknown.get(start) ?? textOf(data),
    isSpecial: film.unknown.has(start),
    isApart: film.apart.has(start),
  };
}

/** The last merge that touched the text before `numMerges`. */
export function lastStep(film: Film, numMerges: number): Step | undefined {
  return film.steps.findLast(step => step.rank < numMerges);
}

/** The merges within a piece, those that made it. */
export function stepsWithin(film: Film, piece: { start: number; end: number }, numMerges: number): Step[] {
  return film.steps.filter(
    step => step.rank < numMerges && step.start >= piece.start && step.end <= piece.end,
  );
}

/** A colour from 1 to 6 for each piece. It hangs on the place in the text, so that a merge changes few; neighbours differ. */
export function colorsOf(pieces: readonly { start: number }[]): number[] {
  let before = 0;
  return pieces.map(piece => {
    let color = (piece.start % 6) + 1;
    if (color === before) color = (color % 6) + 1;
    before = color;
    return color;
  });
}

export function textOf(data: Uint8Array): string | null {
  try {
    return decoder.decode(data);
  } catch {
    return null;
  }
}

export function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], pair => Number.parseInt(pair, 16));
}

/** The bytes as they are shown: `E2 80 94`. */
export function hexOf(data: Uint8Array): string {
  return Array.from(data, byte => byte.toString(16).toUpperCase().padStart(2, '0')).join(' ');
}

/** A symbol of a tokenizer that does not spell bytes, as bytes. */
function spelled(symbol: string, isInside: boolean): Uint8Array {
  const named = BYTE_NAME.exec(symbol);
  if (named) return bytesOf(named[1] ?? '');
  const text = isInside && symbol.startsWith('##') ? symbol.slice(2) : symbol;
  return encoder.encode(text.replaceAll('▁', ' '));
}

function joined(parts: readonly Uint8Array[], length: number): Uint8Array {
  const all = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
