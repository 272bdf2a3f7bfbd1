// The whole state of the lab as it stands in the address, so that a link is a copy of it. Pure.

export const TABS = ['text', 'vocabulary', 'size', 'chat'] as const;
export type Tab = (typeof TABS)[number];
export type Under = 'ids' | 'bytes' | 'none';
export const GROUPINGS = ['probes', 'script', 'kind'] as const;
export type By = (typeof GROUPINGS)[number];
export const ORDERS = [
  'id',
  'longest',
  'most_used',
  'rarest',
  'never_used',
  'nested',
  'only_inside',
] as const;
export type Order = (typeof ORDERS)[number];

export interface LabState {
  ref: string;
  tab: Tab;
  text: string;
  /** How many merges of the list are used; null: all. */
  merges: number | null;
  under: Under;
  /** The token that is looked at, by the place of its first byte. */
  at: number;
  /** By what the texts of the comparison are grouped. */
  by: By;
  /** Tokenizers beside the first; null: those that are there to compare with anyway. */
  others: string[] | null;
  /** Where it is counted; empty: what the tokenizer was learned from, `none`: nowhere. */
  dataset: string;
  order: Order;
  query: string;
  width: number;
  isTied: boolean;
  /** Parameters of the model without embedding and head; null: those of a small one. */
  body: number | null;
  /** The conversation, template and special tokens that are tried, as JSON; empty: the usual ones. */
  chat: string;
  /** The run of a training that was started here. */
  run: string;
}

export type Search = Record<string, string | number | undefined>;

/** A sentence with what tokenizers find hard: old words, a tab, digits, letters outside ASCII, another script. */
export const SAMPLE =
  'Wherefore should the glassblower fear the furnace?\n\tHe hath breathed ten thousand bubbles, and lost 1,024 — größer, 学ぶ.';
/** A link keeps that many characters of a text. */
export const LINK_CHARACTERS = 2_000;
export const MAX_OTHERS = 3;
const WIDTH = 512;

export function fromSearch(search: Search): LabState {
  return {
    ref: String(search.ref ?? ''),
    tab: one(TABS, search.tab),
    text: search.text === undefined ? SAMPLE : String(search.text),
    merges: whole(search.m, null),
    under: one(['ids', 'bytes', 'none'] as const, search.under),
    at: whole(search.at, 0),
    by: one(GROUPINGS, search.by),
    others:
      search.with === undefined ? null : String(search.with).split(',').filter(Boolean).slice(0, MAX_OTHERS),
    dataset: String(search.dataset ?? ''),
    order: one(ORDERS, search.order),
    query: String(search.q ?? ''),
    width: Math.max(1, whole(search.width, WIDTH)),
    isTied: search.tied !== 0,
    body: whole(search.body, null),
    chat: String(search.chat ?? ''),
    run: String(search.run ?? ''),
  };
}

/** Only what differs from the beginning stands in the address. */
export function toSearch(state: LabState): Search {
  const search: Search = {};
  if (state.ref) search.ref = state.ref;
  if (state.tab !== 'text') search.tab = state.tab;
  if (state.text !== SAMPLE) search.text = cut(state.text, LINK_CHARACTERS);
  if (state.merges !== null) search.m = state.merges;
  if (state.under !== 'ids') search.under = state.under;
  if (state.at) search.at = state.at;
  if (state.by !== 'probes') search.by = state.by;
  if (state.others) search.with = state.others.join(',');
  if (state.dataset) search.dataset = state.dataset;
  if (state.order !== 'id') search.order = state.order;
  if (state.query) search.q = state.query;
  if (state.width !== WIDTH) search.width = state.width;
  if (!state.isTied) search.tied = 0;
  if (state.body !== null) search.body = state.body;
  if (state.chat && state.chat.length <= LINK_CHARACTERS) search.chat = state.chat;
  if (state.run) search.run = state.run;
  return search;
}

/** The beginning of a text, never half of a character. */
export function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  const last = text.charCodeAt(most - 1);
  return text.slice(0, last >= 0xd800 && last < 0xdc00 ? most - 1 : most);
}

function one<T extends string>(known: readonly [T, ...T[]], value: unknown): T {
  return known.find(each => each === value) ?? known[0];
}

function whole<T>(value: unknown, usual: T): number | T {
  const number = Math.floor(Number(value));
  return value !== undefined && Number.isFinite(number) && number >= 0 ? number : usual;
}
