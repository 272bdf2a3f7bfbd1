// One matrix, drawn in its real proportions: numbers that come in on the left, numbers that go out below, heads as stripes. In: a
// part and the matrix's name. Out: a drawing. Pure.
import { count } from '@/lib/format';
import { arrow, box, cutsOf, type Drawing, type Mark, text, wire } from './marks';
import { called, type Design, kindWords, type Part, type Sheet, sheetsOf, turns } from './parts';

const WIDTH = 640;
const LEFT = 150;
const TOP = 70;
const ROOM = 360;
const THIN = 8;

/** The sheet of that name, or the first that has weights. */
export function sheetNamed(part: Part, name: string): Sheet | undefined {
  const sheets = sheetsOf(part);
  return sheets.find(sheet => sheet.name === name) ?? sheets.find(sheet => !sheet.isProduct) ?? sheets[0];
}

export function layoutMatrix(design: Design, part: Part, name: string): Drawing {
  const sheet = sheetNamed(part, name);
  if (!sheet) return without(part);
  const [wide, high] = sheet.isProduct ? [design.context, design.context] : [sheet.to, sheet.from];
  const scale = ROOM / Math.max(wide, high);
  const w = Math.max(THIN, wide * scale);
  const h = Math.max(THIN, high * scale);
  const headWidth = (sheetsOf(part)[0]?.to ?? 0) / Math.max(1, design.heads);
  const isHeads = part.role === 'attention' && headWidth >= 1 && wide % headWidth === 0 && !sheet.isProduct;
  const heads = isHeads ? wide / headWidth : 1;
  const [ins, outs] = sheet.isProduct
    ? ['every position', 'every position before it']
    : ['come in', 'go out'];
  const marks: Mark[] = [
    text(
      LEFT,
      24,
      `${called(sheet.name)}${sheet.copies > 1 ? `, one of ${sheet.copies}` : ''}`,
      'head',
      'start',
    ),
    text(
      LEFT,
      42,
      sheet.isProduct ? `${count(design.context)} × ${count(design.context)} for each head` : turns(sheet),
      'size',
      'start',
    ),
    text(LEFT - 62, TOP + h / 2 - 2, count(high), 'head', 'middle'),
    text(LEFT - 62, TOP + h / 2 + 13, ins, 'size', 'middle'),
    wire(`M${LEFT - 26} ${TOP + h / 2}H${LEFT - 6}`),
    arrow(LEFT - 4, TOP + h / 2),
    wire(`M${LEFT + w / 2} ${TOP + h + 4}V${TOP + h + 22}`),
    arrow(LEFT + w / 2, TOP + h + 24, 90),
    text(LEFT + w / 2, TOP + h + 42, count(wide), 'head'),
    text(LEFT + w / 2, TOP + h + 57, outs, 'size'),
    box({
      id: part.id,
      name: sheet.name,
      role: part.role,
      x: LEFT,
      y: TOP,
      w,
      h,
      says: `${called(sheet.name)}, ${turns(sheet)}, ${count(sheet.parameters)} parameters`,
      at: 'none',
      form: sheet.isProduct ? 'triangle' : 'matrix',
      cuts: cutsOf(heads, w),
      behind: Math.min(4, sheet.copies - 1),
    }),
  ];
  if (heads > 1)
    marks.push(text(LEFT + w + 14, TOP + 12, `${heads} heads of ${count(headWidth)}`, 'size', 'start'));
  return { width: WIDTH, height: TOP + h + 76, marks };
}

function without(part: Part): Drawing {
  const marks = [
    text(WIDTH / 2, 60, kindWords(part.kind), 'head'),
    text(WIDTH / 2, 82, 'It has no weights: it is a rule.', 'size'),
  ];
  return { width: WIDTH, height: 140, marks };
}
