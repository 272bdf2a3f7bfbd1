// The whole state of the designer as it stands in the address, so that a link is a copy of it: what was begun with, what was
// changed, what is looked at, what stands beside it. Pure.
import type { TrainingSettings } from '@/lib/training-settings';
import { type Document, isObject, type Typed } from './document';

export const VIEWS = ['model', 'block', 'matrix'] as const;
export type View = (typeof VIEWS)[number];

export interface DesignState {
  /** What was begun with: `preset:small`, `item:mine@2`, `run:r123`; empty: the document itself, or the usual preset. */
  from: string;
  /** A document that was pasted or planned. */
  doc: Document | null;
  /** What was typed since, as `--set` names it. */
  set: Typed;
  view: View;
  layer: number;
  part: string;
  matrix: string;
  /** What stands beside it, as `from` names it. */
  beside: string[];
  batch: number;
  steps: number;
  /** Into how many pieces a batch is cut. */
  accumulation: number;
  /** What a plan says of the training beside these: optimizer, rates, how often it is measured. */
  planned: TrainingSettings | null;
  /** Where the vocabulary is the tokenizer's: how many tokens are counted with. */
  vocab: number;
}

export type Search = Record<string, unknown>;

export const MAX_BESIDE = 3;
const USUAL = { batch: 8, steps: 1000, accumulation: 1, vocab: 4096 };

export function fromSearch(search: Search): DesignState {
  return {
    from: String(search.from ?? ''),
    doc: isObject(search.doc) ? search.doc : null,
    set: texts(search.set),
    view: VIEWS.find(one => one === search.view) ?? 'block',
    layer: whole(search.layer, 0, 0),
    part: String(search.part ?? ''),
    matrix: String(search.matrix ?? ''),
    beside: String(search.vs ?? '')
      .split(',')
      .filter(Boolean)
      .slice(0, MAX_BESIDE),
    batch: whole(search.batch, USUAL.batch, 1),
    steps: whole(search.steps, USUAL.steps, 1),
    accumulation: whole(search.accumulation, USUAL.accumulation, 1),
    planned: isObject(search.planned) ? search.planned : null,
    vocab: whole(search.vocab, USUAL.vocab, 2),
  };
}

/** Only what differs from the beginning stands in the address. */
export function toSearch(state: DesignState): Search {
  const search: Search = {};
  if (state.from) search.from = state.from;
  if (state.doc) search.doc = state.doc;
  if (Object.keys(state.set).length) search.set = state.set;
  if (state.view !== 'block') search.view = state.view;
  if (state.layer) search.layer = state.layer;
  if (state.part) search.part = state.part;
  if (state.matrix) search.matrix = state.matrix;
  if (state.beside.length) search.vs = state.beside.join(',');
  if (state.planned) search.planned = state.planned;
  for (const name of ['batch', 'steps', 'accumulation', 'vocab'] as const)
    if (state[name] !== USUAL[name]) search[name] = state[name];
  return search;
}

/** The training that the costs are counted with, as a `config` of it. */
export function trainingOf(state: DesignState): TrainingSettings {
  const { batch, steps, accumulation } = state;
  return { ...state.planned, batch_size: batch, steps, accumulation };
}

/** What of it was planned or typed, for a run of this model; the rest is the recipe's. */
export function trainingToStart(state: DesignState): TrainingSettings {
  const found: TrainingSettings = { ...state.planned };
  if (state.planned || state.batch !== USUAL.batch) found.batch_size = state.batch;
  if (state.planned || state.steps !== USUAL.steps) found.steps = state.steps;
  if (state.accumulation !== USUAL.accumulation) found.accumulation = state.accumulation;
  return found;
}

/** The vocabulary that was planned or typed; the recipe's own otherwise. */
export function vocabToStart(state: DesignState): number | undefined {
  return state.planned || state.vocab !== USUAL.vocab ? state.vocab : undefined;
}

function texts(value: unknown): Typed {
  if (!isObject(value)) return {};
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, String(one)]));
}

function whole(value: unknown, usual: number, least: number): number {
  const number = Math.floor(Number(value));
  return value !== undefined && Number.isFinite(number) && number >= least ? number : usual;
}

/** What can be undone: the design, not what is looked at. */
export type Step = Pick<DesignState, 'from' | 'doc' | 'set'>;

export function stepOf({ from, doc, set }: DesignState): Step {
  return { from, doc, set };
}

/** Whether two changes are one to a person: letters typed into the same field. */
export function isSameStroke(before: Step, now: Step, next: Step): boolean {
  return now.from === next.from && now.doc === next.doc && touched(before, now) === touched(now, next);
}

function touched(a: Step, b: Step): string {
  const names = new Set([...Object.keys(a.set), ...Object.keys(b.set)]);
  return [...names].filter(name => a.set[name] !== b.set[name]).join(' ');
}
