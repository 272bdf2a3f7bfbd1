// What is tried in the chat view, as text for the address and back. Pure.
import type { TokenizerAbout } from '@/lib/api/schema';

export const ROLES = ['system', 'user', 'assistant', 'tool'] as const;

export interface Turn {
  role: string;
  content: string;
}

export interface Conversation {
  turns: Turn[];
  /** Null: the tokenizer's own, or the plain one. */
  template: string | null;
  /** Special tokens to add: role and spelling. */
  added: [string, string][];
  hasPrompt: boolean;
}

const TURNS: Turn[] = [
  { role: 'system', content: 'Answer in one sentence.' },
  { role: 'user', content: 'Why does glass glow?' },
  { role: 'assistant', content: 'It is so hot that it gives off light.' },
];
const WANTED: [string, string][] = [
  ['system', '<|system|>'],
  ['user', '<|user|>'],
  ['assistant', '<|assistant|>'],
  ['end', '<|end|>'],
];

/** A short conversation, and the special tokens that the plain template needs and the tokenizer lacks. */
export function usualConversation(about: TokenizerAbout): Conversation {
  const has = new Set(about.special_tokens.map(special => special.role));
  const added = about.chat_template === null ? WANTED.filter(([role]) => !has.has(role)) : [];
  return { turns: TURNS, template: null, added, hasPrompt: false };
}

/** What the address holds; the usual one where that is nothing sound. */
export function readConversation(text: string, usual: Conversation): Conversation {
  if (!text) return usual;
  try {
    const found = JSON.parse(text) as Partial<Conversation>;
    const isSound =
      Array.isArray(found.turns) &&
      Array.isArray(found.added) &&
      found.turns.every(turn => typeof turn.role === 'string' && typeof turn.content === 'string') &&
      found.added.every(pair => Array.isArray(pair) && pair.every(word => typeof word === 'string'));
    if (!isSound) return usual;
    const template = typeof found.template === 'string' ? found.template : null;
    return { ...usual, ...found, template, hasPrompt: found.hasPrompt === true };
  } catch {
    return usual;
  }
}

export function writeConversation(now: Conversation, usual: Conversation): string {
  const text = JSON.stringify(now);
  return text === JSON.stringify(usual) ? '' : text;
}

/** The special tokens that are really there to be added. */
export function addedTokens(now: Conversation): Record<string, string> {
  return Object.fromEntries(now.added.filter(([role, spelling]) => role !== '' && spelling !== ''));
}
