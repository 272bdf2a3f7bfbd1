// One block, drawn: the stream as a tube, and what reads from it and writes back, every matrix at one scale (a side is the root
// of its size). In: a design and the block's number. Out: a drawing. Pure.
import { count } from '@/lib/format';
import { chip, rowOf, scaleOf } from './layout-row';
import { arrow, box, type Drawing, type Mark, step, text, wire } from './marks';
import { blockOf, type Design, kindWords, type Part } from './parts';

export const WIDTH = 640;
const PIPE = 66;
const LEFT = 118;
/** Kinds that act on the embedded tokens; others act inside attention. */
const AT_EMBEDDING = ['learned', 'sinusoidal'];

export function layoutBlock(design: Design, layer: number): Drawing {
  const parts = blockOf(design.parts, layer);
  const scale = scaleOf(parts, design, WIDTH - LEFT - 92);
  const marks: Mark[] = [];
  const top = embedding(design, scale, marks);
  marks.push(
    text(PIPE + 14, top + 26, `Block ${layer + 1}`, 'head', 'start'),
    text(WIDTH - 26, top + 26, sameWords(design), 'size', 'end'),
  );
  const bottom = design.isParallel
    ? beside(design, parts, top + 52, scale, marks)
    : inTurn(design, parts, top + 52, scale, marks);
  marks.unshift({ type: 'frame', x: 14, y: top + 6, w: WIDTH - 28, h: bottom - top - 4 });
  const end = others(design, layer, bottom + 20, marks);
  marks.unshift({ type: 'pipe', x: PIPE - 5, y: 56, w: 10, h: end - 56 });
  return { width: WIDTH, height: outside(design, end, scale, marks), marks };
}

/** One half after the other: each reads the stream, and adds its answer before the next begins. */
function inTurn(design: Design, parts: readonly Part[], top: number, scale: number, marks: Mark[]): number {
  let y = top;
  for (const { norms, main } of halves(parts)) {
    const before = design.isPost ? [] : norms;
    const from = { x: PIPE + 5, y: y - 2 };
    const row = rowOf({ design, part: main, norms: before, x: LEFT, y: y + 12, from, scale });
    const plus = row.bottom + 22;
    marks.push(...row.marks, ...back(row.right, row.middle, plus));
    y = (design.isPost ? after(norms, plus + 22, design, marks) : plus) + 24;
  }
  return y - 8;
}

/** Both halves read the same numbers, and their answers are added at one place. */
function beside(design: Design, parts: readonly Part[], top: number, scale: number, marks: Mark[]): number {
  const all = halves(parts);
  const norms = all.flatMap(half => half.norms);
  let from = { x: PIPE + 5, y: top - 2 };
  let y = top + 12;
  const ends: { right: number; middle: number }[] = [];
  all.forEach(({ main }, index) => {
    const before = design.isPost || index > 0 ? [] : norms;
    const row = rowOf({ design, part: main, norms: before, x: LEFT, y, from, scale });
    marks.push(...row.marks);
    ends.push(row);
    from = { x: LEFT + (before.length ? 14 : -14), y: row.middle };
    y = row.bottom + 8;
  });
  const plus = y + 14;
  const right = Math.max(...ends.map(end => end.right)) + 14;
  for (const end of ends) marks.push(wire(`M${end.right} ${end.middle}H${right}V${plus}H${PIPE + 12}`));
  marks.push(arrow(PIPE + 11, plus, 180), { type: 'join', x: PIPE, y: plus, r: 9, sign: '+' });
  return (design.isPost ? after(norms, plus + 22, design, marks) : plus) + 16;
}

/** A block's halves: what works, and the norms that go with it. */
function halves(parts: readonly Part[]): { norms: Part[]; main: Part }[] {
  const found: { norms: Part[]; main: Part }[] = [];
  let norms: Part[] = [];
  for (const part of parts) {
    if (part.role === 'norm') norms.push(part);
    else if (part.role === 'attention' || part.role === 'feed_forward') {
      found.push({ norms, main: part });
      norms = [];
    }
  }
  return found;
}

function sameWords(design: Design): string {
  const sent = new Set(design.parts.flatMap(part => (part.layer === null ? [] : [part.layer])));
  if (design.layers === 1) return 'the only block';
  return sent.size > 1
    ? `one of ${design.layers}, they differ`
    : `each of ${design.layers} is built like this`;
}

/** Tokens come in, are looked up, and where positions are added they are added here. */
function embedding(design: Design, scale: number, marks: Mark[]): number {
  const part = design.parts.find(one => one.role === 'embedding');
  const most = 230;
  const long = Math.sqrt(design.vocabSize) * scale;
  const w = Math.min(most, long);
  const h = Math.max(6, Math.sqrt(design.width) * scale * 0.5);
  const y = Math.max(48, 24 + h / 2);
  marks.push(
    text(PIPE, 14, 'tokens', 'head'),
    text(PIPE, 29, `${count(design.context)} at once`, 'size'),
    wire(`M${PIPE} 35V56`),
    arrow(PIPE, 58, 90),
    wire(`M${PIPE + 6} ${y}H150`),
  );
  if (part)
    marks.push(
      box({
        id: part.id,
        name: part.matrices[0]?.name ?? '',
        role: part.role,
        x: 152,
        y: y - h / 2,
        w,
        h,
        label: 'embedding',
        size: `${count(design.vocabSize)} × ${count(design.width)}`,
        says: `${part.title}, ${count(part.parameters)} parameters`,
        at: 'right',
        isBroken: long > most,
      }),
    );
  const position = design.parts.find(one => one.role === 'position' && one.kind !== 'none');
  if (position && AT_EMBEDDING.includes(position.kind)) {
    marks.push(...chip(position, 152 + w + 128, y));
  }
  return y + h / 2 + 12;
}

/** The way back to the stream, where the answer is added. */
function back(right: number, middle: number, plus: number): Mark[] {
  return [
    wire(`M${right} ${middle}H${right + 14}V${plus}H${PIPE + 12}`),
    arrow(PIPE + 11, plus, 180),
    { type: 'join', x: PIPE, y: plus, r: 9, sign: '+' },
  ];
}

/** Norms that stand on the stream itself, after what was added. */
function after(norms: readonly Part[], y: number, design: Design, marks: Mark[]): number {
  norms.forEach((norm, index) => {
    marks.push(
      box({
        id: norm.id,
        role: norm.role,
        x: PIPE - 22,
        y: y + index * 18 - 5,
        w: 44,
        h: 10,
        label: kindWords(norm.kind),
        says: `${norm.title}, ${count(design.width)} numbers`,
        at: 'right',
      }),
    );
  });
  return y + norms.length * 18 - 8;
}

/** The other blocks as slabs round the tube. */
function others(design: Design, layer: number, y: number, marks: Mark[]): number {
  const num = design.layers - 1;
  const gap = Math.min(9, 62 / Math.max(1, num));
  for (let index = 0; index < num; index += 1)
    marks.push(
      box({
        id: `block.${index < layer ? index : index + 1}`,
        role: 'block',
        x: PIPE - 38,
        y: y + index * gap,
        w: 76,
        h: Math.max(1, gap - 3),
        says: `Block ${(index < layer ? index : index + 1) + 1}`,
        at: 'none',
        form: 'row',
      }),
    );
  const words = num === 0 ? 'no other block' : num === 1 ? 'and one more block' : `and ${num} more blocks`;
  marks.push(text(PIPE + 54, y + 4 + (num * gap) / 2, words, 'word', 'start'));
  return y + num * gap + 22;
}

/** The last norm, the head, and the scores that come out. */
function outside(design: Design, y: number, scale: number, marks: Mark[]): number {
  const head = design.parts.find(part => part.role === 'head');
  const norm = design.parts.find(part => part.role === 'norm' && part.layer === null);
  const h = Math.max(6, Math.sqrt(design.width) * scale * 0.5);
  const long = Math.sqrt(design.vocabSize) * scale;
  const w = Math.min(230, long);
  const middle = y + Math.max(10, h / 2 + 4);
  let x = 150;
  marks.push(wire(`M${PIPE} ${y}V${middle}H${x - 2}`));
  if (norm) {
    marks.push(
      box({
        id: norm.id,
        name: norm.matrices[0]?.name ?? '',
        role: 'norm',
        x,
        y: middle - h / 2,
        w: 6,
        h,
        says: `${norm.title}, ${count(norm.parameters)} parameters`,
        at: 'none',
      }),
      ...step(x + 6, x + 24, middle),
    );
    x += 26;
  }
  if (head)
    marks.push(
      box({
        id: head.id,
        name: head.matrices[0]?.name ?? '',
        role: 'head',
        x,
        y: middle - h / 2,
        w,
        h,
        label: 'head',
        size: design.isTied
          ? 'the embedding again, shared'
          : `${count(design.width)} → ${count(design.vocabSize)}`,
        says: `${head.title}, ${count(head.parameters)} parameters`,
        at: 'right',
        isBroken: long > 230,
      }),
    );
  const low = middle + h / 2 + 26;
  marks.push(
    text(x, low, 'logits', 'head', 'start'),
    text(x + 46, low, `one score for each of ${count(design.vocabSize)} tokens`, 'size', 'start'),
  );
  return low + 14;
}
