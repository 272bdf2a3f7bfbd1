// What a drawing consists of, and the shapes that several drawings share. In: places in pixels. Out: marks. Pure.

export interface Box {
  type: 'box';
  /** The part's id, and of a matrix its name. */
  id: string;
  name: string;
  role: string;
  x: number;
  y: number;
  w: number;
  h: number;
  label: string;
  size: string;
  /** What it is for those who hear the page. */
  says: string;
  /** Where the label stands: above, inside, or to the right of it. */
  at: 'above' | 'inside' | 'right' | 'none';
  form: 'matrix' | 'triangle' | 'chip' | 'row';
  /** Vertical lines that part it, as shares of its width. */
  cuts: number[];
  /** Sheets behind it. */
  behind: number;
  isBroken: boolean;
}
export interface Text {
  type: 'text';
  x: number;
  y: number;
  text: string;
  look: 'head' | 'word' | 'size';
  anchor: 'start' | 'middle' | 'end';
}
export type Mark =
  | Box
  | Text
  | { type: 'wire'; d: string }
  | { type: 'arrow'; x: number; y: number; turn: number }
  | { type: 'join'; x: number; y: number; r: number; sign: string }
  | { type: 'pipe'; x: number; y: number; w: number; h: number }
  | { type: 'frame'; x: number; y: number; w: number; h: number };

export interface Drawing {
  width: number;
  height: number;
  marks: Mark[];
}

const DEFAULTS = {
  name: '',
  label: '',
  size: '',
  at: 'above',
  form: 'matrix',
  behind: 0,
  isBroken: false,
} as const;
type Optional = keyof typeof DEFAULTS | 'cuts';

export function box(fields: Omit<Box, 'type' | Optional> & Partial<Pick<Box, Optional>>): Box {
  return { type: 'box', ...DEFAULTS, cuts: [], ...fields };
}

export function text(
  x: number,
  y: number,
  words: string,
  look: Text['look'] = 'word',
  anchor: Text['anchor'] = 'middle',
): Text {
  return { type: 'text', x, y, text: words, look, anchor };
}

export function wire(d: string): Mark {
  return { type: 'wire', d };
}

export function arrow(x: number, y: number, turn = 0): Mark {
  return { type: 'arrow', x, y, turn };
}

/** A short wire with its head, from left to right. */
export function step(from: number, to: number, y: number): Mark[] {
  return [wire(`M${from} ${y}H${to - 2}`), arrow(to, y)];
}

/** The lines between `num` equal pieces, at most so many that they can be told apart. */
export function cutsOf(num: number, width: number): number[] {
  if (num < 2 || width / num < 3) return [];
  return Array.from({ length: num - 1 }, (_, index) => (index + 1) / num);
}
