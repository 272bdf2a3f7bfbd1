// One half of a block, drawn from left to right: norm, the matrices that read, what happens between, the matrix that writes. In:
// a part and a place. Out: marks and where the row ends. The order comes from the shapes, so a new component is drawn too. Pure.
import { count } from '@/lib/format';
import { box, cutsOf, type Mark, step, text, wire } from './marks';
import { called, type Design, kindWords, type Part, type Sheet, sheetsOf, turns } from './parts';

interface RowInput {
  design: Design;
  part: Part;
  norms: readonly Part[];
  x: number;
  y: number;
  /** Where what it reads comes from. */
  from: { x: number; y: number };
  scale: number;
}

interface Row {
  marks: Mark[];
  middle: number;
  bottom: number;
  right: number;
}

interface Split {
  vectors: Sheet[];
  reads: Sheet[];
  products: Sheet[];
  /** The last that comes back to the stream's width. */
  writes: Sheet | null;
}

const GAP = 10;
const BETWEEN = 30;
const TRIANGLE = 56;
const LABEL = 20;

export function split(part: Part, width: number): Split {
  const sheets = sheetsOf(part);
  const matrices = sheets.filter(sheet => !sheet.isVector && !sheet.isProduct);
  const writes = matrices.length > 1 ? (matrices.filter(sheet => sheet.to === width).at(-1) ?? null) : null;
  return {
    vectors: sheets.filter(sheet => sheet.isVector),
    reads: matrices.filter(sheet => sheet !== writes),
    products: sheets.filter(sheet => sheet.isProduct),
    writes,
  };
}

const side = (size: number, scale: number) => Math.max(3, Math.sqrt(size) * scale);

/** Pixels for the root of a number, so that the widest row fits and no matrix is taller than a third of the page. */
export function scaleOf(parts: readonly Part[], design: Design, room: number): number {
  const rows = parts.filter(part => part.role === 'attention' || part.role === 'feed_forward');
  const scales = rows.flatMap(part => {
    const { reads, writes } = split(part, design.width);
    const isBeside = part.role === 'attention';
    const widths = reads.map(sheet => Math.sqrt(sheet.to));
    const wide = (isBeside ? sum(widths) : Math.max(1, ...widths)) + Math.sqrt(writes?.to ?? 0);
    const fixed = isBeside ? (reads.length + 1) * GAP + TRIANGLE + 2 * BETWEEN : 4 * BETWEEN;
    const tallest = Math.max(
      Math.sqrt(design.width),
      ...[...reads, writes].map(sheet => Math.sqrt(sheet?.from ?? 0)),
    );
    const high = isBeside ? tallest : Math.max(sum(reads.map(sheet => Math.sqrt(sheet.from))), tallest);
    return [(room - fixed) / wide, 180 / high];
  });
  return Math.min(6, ...scales);
}

export function rowOf(input: RowInput): Row {
  const { design, part, norms, x, from, scale } = input;
  const marks: Mark[] = [];
  const sheets = split(part, design.width);
  const isBeside = part.role === 'attention';
  const readsHigh = isBeside
    ? Math.max(0, ...sheets.reads.map(sheet => side(sheet.from, scale)))
    : sum(sheets.reads.map(sheet => side(sheet.from, scale))) + Math.max(0, sheets.reads.length - 1) * 22;
  const high = Math.max(
    readsHigh,
    norms.length ? side(design.width, scale) : 0,
    sheets.writes ? side(sheets.writes.from, scale) : 0,
    isBeside ? TRIANGLE : 40,
  );
  const middle = input.y + LABEL + high / 2;
  const turn = Math.max(x - 14, from.x);
  marks.push(wire(`M${from.x} ${from.y}H${turn}V${middle}H${Math.max(x - 2, turn)}`));
  let at = Math.max(x, from.x);
  for (const norm of norms) {
    const h = side(design.width, scale);
    marks.push(normBox(norm, at, middle, h), text(at + 3, middle + h / 2 + 13, 'norm', 'size'));
    at += 8;
  }
  marks.push(...step(at, at + 20, middle));
  at += 22;
  at = isBeside
    ? beside(part, sheets.reads, at, middle, input, marks)
    : stacked(part, sheets.reads, at, middle, readsHigh, input, marks);
  at = isBeside
    ? scores(part, at, middle, design, marks)
    : between(part, sheets.reads.length, at, middle, marks);
  if (sheets.writes) {
    const writes = sheets.writes;
    marks.push(sheetBox(part, writes, at, middle - side(writes.from, scale) / 2, scale, []));
    at += side(writes.to, scale);
  }
  const extra = isBeside ? inside(part, sheets, design, x + 30, middle + high / 2 + 30, marks) : 0;
  return { marks, middle, bottom: middle + high / 2 + 18 + extra, right: at };
}

function normBox(norm: Part, x: number, middle: number, h: number): Mark {
  const { id, role, title, parameters } = norm;
  const says = `${title}, ${count(parameters)} parameters`;
  return box({
    id,
    name: norm.matrices[0]?.name ?? '',
    role,
    x,
    y: middle - h / 2,
    w: 6,
    h,
    says,
    at: 'none',
  });
}

/** A matrix as wide as what comes out of it and as tall as what goes in. */
function sheetBox(part: Part, sheet: Sheet, x: number, y: number, scale: number, cuts: number[]): Mark {
  return box({
    id: part.id,
    name: sheet.name,
    role: part.role,
    x,
    y,
    w: side(sheet.to, scale),
    h: side(sheet.from, scale),
    label: called(sheet.name),
    size: turns(sheet),
    says: `${called(sheet.name)}, ${turns(sheet)}, ${count(sheet.parameters)} parameters`,
    cuts,
    behind: Math.min(4, sheet.copies - 1),
  });
}

/** Matrices that read the same numbers, side by side, parted into heads. */
function beside(
  part: Part,
  reads: Sheet[],
  x: number,
  middle: number,
  input: RowInput,
  marks: Mark[],
): number {
  let at = x;
  const { design, scale } = input;
  const headWidth = (reads[0]?.to ?? 0) / Math.max(1, design.heads);
  const groups: { size: string; from: number; to: number; num: number }[] = [];
  for (const sheet of reads) {
    const w = side(sheet.to, scale);
    const heads = headWidth >= 1 && sheet.to % headWidth === 0 ? sheet.to / headWidth : 1;
    const mark = sheetBox(part, sheet, at, middle - side(sheet.from, scale) / 2, scale, cutsOf(heads, w));
    marks.push({ ...mark, size: '' } as Mark);
    const group = groups.at(-1);
    if (group?.size === turns(sheet)) Object.assign(group, { to: at + w, num: group.num + 1 });
    else groups.push({ size: turns(sheet), from: at, to: at + w, num: 1 });
    at += w + Math.max(GAP, 34 - w);
  }
  const low = middle + Math.max(0, ...reads.map(sheet => side(sheet.from, scale))) / 2 + 14;
  groups.forEach((group, index) => {
    const words = group.num > 1 ? `${group.size} each` : group.size;
    marks.push(text((group.from + group.to) / 2, low + (index % 2) * 13, words, 'size'));
  });
  return groups.at(-1)?.to ?? x;
}

/** The table of every position against every one before it. */
function scores(part: Part, x: number, middle: number, design: Design, marks: Mark[]): number {
  const at = x + BETWEEN - 4;
  marks.push(
    ...step(x + 2, at - 2, middle),
    box({
      id: part.id,
      name: 'scores',
      role: part.role,
      x: at,
      y: middle - TRIANGLE / 2,
      w: TRIANGLE,
      h: TRIANGLE,
      label: 'scores',
      size: `${count(design.heads)} × T × T`,
      says: `scores, ${count(design.heads)} tables of ${count(design.context)} by ${count(design.context)}, no weight`,
      form: 'triangle',
    }),
    ...step(at + TRIANGLE, at + TRIANGLE + BETWEEN - 8, middle),
  );
  return at + TRIANGLE + BETWEEN - 6;
}

/** Matrices over each other: each reads, their results meet. */
function stacked(
  part: Part,
  reads: Sheet[],
  x: number,
  middle: number,
  high: number,
  input: RowInput,
  marks: Mark[],
): number {
  let y = middle - high / 2;
  let widest = 0;
  for (const sheet of reads) {
    const h = side(sheet.from, input.scale);
    marks.push(sheetBox(part, sheet, x, y, input.scale, []));
    y += h + 22;
    widest = Math.max(widest, side(sheet.to, input.scale));
  }
  return x + widest + (reads.some(sheet => sheet.copies > 1) ? 14 : 0);
}

/** What happens to each number between the matrices. */
function between(part: Part, numReads: number, x: number, middle: number, marks: Mark[]): number {
  const label = kindWords(part.kind);
  const gap = Math.max(BETWEEN, label.length * 3.3 + 8);
  const at = x + gap;
  const isGated = numReads > 1;
  marks.push(
    wire(`M${x} ${middle}H${at - 13}`),
    { type: 'join', x: at, y: middle, r: 12, sign: isGated ? '×' : 'ƒ' },
    text(at, middle - 19, label, 'size'),
    ...step(at + 12, at + gap - 2, middle),
  );
  return at + gap;
}

/** What acts inside attention without a matrix that reads: positions that turn queries and keys, norms of both. */
function inside(part: Part, sheets: Split, design: Design, x: number, y: number, marks: Mark[]): number {
  const position = design.parts.find(
    one => one.role === 'position' && !['none', 'learned', 'sinusoidal'].includes(one.kind),
  );
  let at = x;
  if (position) {
    const plate = chip(position, at, y + 8);
    marks.push(...plate);
    at += (plate[0] as { w: number }).w + 8;
  }
  if (sheets.vectors.length) {
    const names = [...new Set(sheets.vectors.map(vectorName))];
    const label = names.join(', ');
    marks.push(
      box({
        id: part.id,
        name: sheets.vectors[0]?.name ?? '',
        role: 'norm',
        x: at,
        y: y - 2,
        w: 16 + label.length * 6.4,
        h: 20,
        label,
        says: `${label}, ${count(sum(sheets.vectors.map(sheet => sheet.parameters)))} parameters`,
        at: 'inside',
        form: 'chip',
      }),
    );
    at += 1;
  }
  return at > x ? 34 : 0;
}

function vectorName({ name }: Sheet): string {
  return name.endsWith('.bias') ? 'biases' : (name.split('.')[0] ?? name).replaceAll('_', ' ');
}

function sum(values: readonly number[]): number {
  return values.reduce((all, one) => all + one, 0);
}

/** A part without a matrix of its own, as a small plate with its name. */
export function chip(part: Part, x: number, y: number): Mark[] {
  const label = kindWords(part.kind);
  const w = 16 + label.length * 6.4;
  return [
    box({
      id: part.id,
      name: part.matrices[0]?.name ?? '',
      role: part.role,
      x,
      y: y - 10,
      w,
      h: 20,
      label,
      says: `${part.title}, ${count(part.parameters)} parameters`,
      at: 'inside',
      form: 'chip',
    }),
  ];
}
