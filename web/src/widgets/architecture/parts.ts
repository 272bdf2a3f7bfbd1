// The parts of a model as the diagram needs them, and how they are grouped into blocks. In: parts as the server explains them;
// equal blocks come once. Out: what stands in which block, matrices that are alike taken together. Pure.
import { count } from '@/lib/format';

export interface Matrix {
  name: string;
  /** As it lies in a checkpoint: numbers that come out, numbers that go in; experts before both. Empty: no weight. */
  shape: readonly number[];
  parameters: number;
  flops_per_token: number;
}

export interface Part {
  id: string;
  role: string;
  kind: string;
  layer: number | null;
  title: string;
  words: string;
  formula: string;
  source: string;
  file: string;
  matrices: readonly Matrix[];
  parameters: number;
  flops_per_token: number;
  cached_per_token: number;
  kept_per_token: number;
}

/** What the diagram is drawn from. */
export interface Design {
  parts: readonly Part[];
  layers: number;
  width: number;
  context: number;
  vocabSize: number;
  heads: number;
  isTied: boolean;
  /** The norm stands after what was added, on the stream itself. */
  isPost: boolean;
  /** Attention and feed-forward read the same numbers. */
  isParallel: boolean;
}

/** A matrix with what it turns into what; `copies` where there are several of the same size (experts). */
export interface Sheet {
  name: string;
  from: number;
  to: number;
  copies: number;
  parameters: number;
  flops: number;
  isVector: boolean;
  isProduct: boolean;
}

/** The rack's colour of a role: embedding 8, attention 1, feed-forward 2, norm 6, position 4. */
export const COLORS: Record<string, number> = {
  embedding: 8,
  head: 8,
  attention: 1,
  feed_forward: 2,
  norm: 6,
  position: 4,
  residual: 7,
};

export const ROLE_WORDS: Record<string, string> = {
  embedding: 'Embedding',
  head: 'Head',
  attention: 'Attention',
  feed_forward: 'Feed-forward',
  norm: 'Norms',
  position: 'Position',
  residual: 'Residual',
};

/** The parts of block `layer`; where blocks are equal, those of the one that was sent. */
export function blockOf(parts: readonly Part[], layer: number): Part[] {
  const own = parts.filter(part => part.layer === layer);
  if (own.length) return own;
  const sent = [...new Set(parts.flatMap(part => (part.layer === null ? [] : [part.layer])))];
  const before = sent.filter(one => one <= layer).at(-1) ?? sent[0];
  return parts.filter(part => part.layer !== null && part.layer === before);
}

/** A part by its id; of a block that was not sent the one that is equal to it. */
export function partOf(design: Design, id: string): Part | undefined {
  const [, number, rest] = /^layers\.(\d+)\.(.+)$/.exec(id) ?? [];
  if (number === undefined) return design.parts.find(part => part.id === id);
  return blockOf(design.parts, Number(number)).find(part => part.id.endsWith(`.${rest}`));
}

/** All matrices of a part in the order of the computation; equal ones of numbered experts as one with copies. */
export function sheetsOf(part: Part): Sheet[] {
  const found: Sheet[] = [];
  const places = new Map<string, Sheet>();
  for (const matrix of part.matrices) {
    const sheet = sheetOf(matrix);
    const key = `${matrix.name.replace(/\d+/g, 'n')} ${sheet.from} ${sheet.to}`;
    const same = places.get(key);
    if (same && /\d/.test(matrix.name)) {
      same.copies += sheet.copies;
      same.parameters += sheet.parameters;
      same.flops += sheet.flops;
    } else {
      found.push(sheet);
      places.set(key, sheet);
    }
  }
  return found;
}

function sheetOf({ name, shape, parameters, flops_per_token }: Matrix): Sheet {
  const to = shape.at(-2) ?? 1;
  const from = shape.at(-1) ?? 0;
  return {
    name,
    from: shape.length === 1 ? 1 : from,
    to: shape.length === 1 ? from : to,
    copies: shape.length > 2 ? shape.slice(0, -2).reduce((all, one) => all * one, 1) : 1,
    parameters,
    flops: flops_per_token,
    isVector: shape.length === 1,
    isProduct: shape.length === 0,
  };
}

const NAMES: Record<string, string> = {
  q: 'query',
  k: 'key',
  v: 'value',
  o: 'output',
  qkv: 'query, key, value',
  up: 'up',
  gate: 'gate',
  down: 'down',
  router: 'router',
  scores: 'scores',
  mix: 'mix',
};

/** What a matrix is called: `q.weight` is the query. */
export function called(name: string): string {
  const short = name
    .replace(/\.(weight|weights|bias)$/, '')
    .split('.')
    .filter(word => !/^\d+$/.test(word))
    .at(-1);
  return NAMES[short ?? ''] ?? (short ?? name).replaceAll('_', ' ');
}

/** `512 → 128`: from that many numbers to that many. */
export function turns(sheet: Sheet): string {
  if (sheet.isVector) return count(sheet.to);
  if (sheet.isProduct) return 'no weight';
  const each = `${count(sheet.from)} → ${count(sheet.to)}`;
  return sheet.copies > 1 ? `${sheet.copies} × ${each}` : each;
}

/** Parameters by role, the largest roles' order fixed, head and embedding apart; blocks counted as often as they stand. */
export function sharesOf(design: Design): { role: string; parameters: number; flops: number }[] {
  const found = new Map<string, { role: string; parameters: number; flops: number }>();
  const add = (part: Part) => {
    const one = found.get(part.role) ?? { role: part.role, parameters: 0, flops: 0 };
    one.parameters += part.parameters;
    one.flops += part.flops_per_token;
    found.set(part.role, one);
  };
  for (const part of design.parts) if (part.layer === null) add(part);
  for (let layer = 0; layer < design.layers; layer += 1) blockOf(design.parts, layer).forEach(add);
  return Object.keys(COLORS).flatMap(role => found.get(role) ?? []);
}

const KINDS: Record<string, string> = {
  rms_norm: 'RMSNorm',
  layer_norm: 'LayerNorm',
  swiglu: 'SwiGLU',
  geglu: 'GeGLU',
  gelu: 'GELU',
  relu: 'ReLU',
  squared_relu: 'squared ReLU',
  alibi: 'ALiBi',
  multi_head: 'multi-head',
  multi_query: 'multi-query',
};

/** A kind as the field writes it: `rms_norm` is RMSNorm. */
export function kindWords(kind: string): string {
  return KINDS[kind] ?? kind.replaceAll('_', ' ');
}
