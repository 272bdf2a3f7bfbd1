// The whole model, drawn: every matrix of every block at one scale, the stream beside them. In: a design. Out: a drawing in which
// each block can be opened. Pure.
import { count, short } from '@/lib/format';
import { split } from './layout-row';
import { arrow, box, type Drawing, type Mark, text, wire } from './marks';
import { blockOf, type Design, type Part, type Sheet, sheetsOf } from './parts';

const WIDTH = 640;
const PIPE = 66;
const LEFT = 118;
const ROOM = WIDTH - LEFT - 24;
const MOST = 128;

export function layoutModel(design: Design): Drawing {
  const numRows = Math.min(design.layers, MOST);
  const height = Math.min(64, 680 / numRows);
  const blocks = Array.from({ length: numRows }, (_, layer) => blockOf(design.parts, layer));
  const scale = scaleOf(design, blocks, height);
  const ends = Math.max(10, Math.sqrt(design.width) * scale);
  const marks: Mark[] = [
    text(PIPE, 14, 'tokens', 'head'),
    wire(`M${PIPE} 20V${42}`),
    arrow(PIPE, 44, 90),
    ...end(design, 'embedding', 36 + ends / 2, scale),
  ];
  let y = 36 + ends + 34;
  const wide = Math.max(0, ...blocks.map(parts => widthOf(parts, height, scale)));
  blocks.forEach((parts, layer) => {
    marks.push(...row(parts, layer, y, height, scale, LEFT + wide - 28));
    if (numRows <= 24 || layer % 4 === 3 || layer === 0)
      marks.push(text(24, y + height / 2 + 4, String(layer + 1), 'size', 'end'));
    y += height;
  });
  const [first] = blocks;
  if (first)
    marks.push(
      text(LEFT + wide + 16, 36 + ends + 34 + height / 2 + 4, `${short(total(first))} each`, 'size', 'start'),
    );
  if (design.layers > MOST)
    marks.push(text(LEFT, y + 14, `and ${count(design.layers - MOST)} more blocks`, 'size', 'start'));
  y += design.layers > MOST ? 30 : 14;
  marks.push(...end(design, 'head', y + ends / 2, scale));
  const low = y + ends + 18;
  marks.unshift({ type: 'pipe', x: PIPE - 5, y: 42, w: 10, h: low - 42 });
  marks.push(
    wire(`M${PIPE} ${low}V${low + 12}`),
    arrow(PIPE, low + 14, 90),
    text(PIPE, low + 30, 'logits', 'head'),
  );
  return { width: WIDTH, height: low + 42, marks };
}

/** The largest scale at which the widest block and the embedding fit. */
function scaleOf(design: Design, blocks: readonly Part[][], height: number): number {
  const sheets = blocks.flatMap(parts => parts.flatMap(weights));
  const tallest = Math.max(1, ...sheets.map(sheet => Math.sqrt(sheet.from)));
  const widest = Math.max(
    1,
    ...blocks.map(parts => parts.flatMap(weights).reduce((all, sheet) => all + Math.sqrt(sheet.to), 0)),
  );
  const most = Math.max(...blocks.map(parts => parts.flatMap(weights).length), 1);
  const inHeight = (height - Math.min(8, height * 0.25)) / tallest;
  return Math.min(inHeight, (ROOM - most * 6) / widest, ROOM / Math.sqrt(design.vocabSize));
}

function total(parts: readonly Part[]): number {
  return parts.reduce((all, part) => all + part.parameters, 0);
}

function weights(part: Part): Sheet[] {
  return part.role === 'attention' || part.role === 'feed_forward'
    ? sheetsOf(part).filter(sheet => !sheet.isVector && !sheet.isProduct)
    : [];
}

/** The embedding or the head, lying: a vocabulary wide. */
function end(design: Design, role: string, middle: number, scale: number): Mark[] {
  const part = design.parts.find(one => one.role === role);
  if (!part) return [];
  const w = Math.sqrt(design.vocabSize) * scale;
  const h = Math.max(2, Math.sqrt(design.width) * scale);
  const isShared = role === 'head' && design.isTied;
  const words = isShared ? 'head, the embedding again' : `${role}, ${short(part.parameters)}`;
  return [
    wire(`M${PIPE + 5} ${middle}H${LEFT - 2}`),
    box({
      id: part.id,
      name: part.matrices[0]?.name ?? '',
      role,
      x: LEFT,
      y: middle - h / 2,
      w,
      h,
      says: `${part.title}, ${count(part.parameters)} parameters`,
      at: 'none',
    }),
    text(Math.min(LEFT + 2, LEFT + w), middle + h / 2 + 14, words, 'size', 'start'),
  ];
}

/** Pixels that a block's matrices take beside each other. */
function widthOf(parts: readonly Part[], height: number, scale: number): number {
  const sheets = parts.flatMap(weights);
  return sheets.reduce(
    (all, sheet) => all + Math.max(1, Math.sqrt(sheet.to) * scale) + (height > 20 ? 6 : 3),
    0,
  );
}

/** A block: a plate that opens it, and its matrices in the order of the computation. */
function row(
  parts: readonly Part[],
  layer: number,
  y: number,
  height: number,
  scale: number,
  wide: number,
): Mark[] {
  const middle = y + height / 2;
  const marks: Mark[] = [
    box({
      id: `block.${layer}`,
      role: 'block',
      x: 34,
      y: y + Math.min(1.5, height * 0.1),
      w: wide,
      h: Math.max(2, height - Math.min(3, height * 0.2)),
      says: `Block ${layer + 1}, ${count(total(parts))} parameters`,
      at: 'none',
      form: 'row',
    }),
    wire(`M${PIPE + 5} ${middle}H${LEFT - 4}`),
  ];
  let x = LEFT;
  for (const part of parts) {
    const { reads, writes } = split(part, Number.NaN);
    for (const sheet of [...reads, ...(writes ? [writes] : [])]) {
      const w = Math.max(1, Math.sqrt(sheet.to) * scale);
      const h = Math.max(1, Math.sqrt(sheet.from) * scale);
      marks.push(
        box({
          id: `block.${layer}`,
          role: part.role,
          x,
          y: middle - h / 2,
          w,
          h,
          says: '',
          at: 'none',
          behind: height > 20 ? Math.min(3, sheet.copies - 1) : 0,
        }),
      );
      x += w + (height > 20 ? 6 : 3);
    }
  }
  return marks;
}
