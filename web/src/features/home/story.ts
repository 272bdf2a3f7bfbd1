// The first page's words: what is going on now, what it means, what comes next. Pure; in: what is known of the run.
import type { RunView } from '@/lib/api/schema';
import { short } from '@/lib/format';

export interface Story {
  kicker: string;
  title: string;
  now: string;
  next: string;
}

/** What happens in a node while the training has not begun. */
const BEFORE: Record<string, [string, string]> = {
  import_dataset: [
    'It is reading the text from this machine.',
    'Then some whole texts are put aside, to measure it on.',
  ],
  split_dataset: [
    'Some whole texts are put aside. It will never read them; they measure what it learned.',
    'Then it gets a vocabulary.',
  ],
  train_tokenizer: [
    'It is finding its vocabulary: pieces of words that come again and again.',
    'Then the text is written in these pieces, called tokens.',
  ],
  tokenize_dataset: [
    'The text is being written in tokens, the only thing that a model reads.',
    'Then it learns, token by token.',
  ],
};

/** How much a loss says, from guessing to writing; the shares are of the way from guessing down to 3 nats. */
const LEARNED: [number, string][] = [
  [0.04, 'To it every token is still about equally likely.'],
  [0.3, 'It has found which tokens are common.'],
  [0.55, 'It has found short common words, and how a line begins.'],
  [0.75, 'It has found names, and how speeches are set in lines.'],
  [
    Number.POSITIVE_INFINITY,
    'It writes speakers and lines in the form of verse; their sense does not hold for long.',
  ],
];
const FLOOR_NATS = 3;

export function story(
  run: RunView | undefined,
  loss: number | null,
  chance: number | null,
  tokens: number,
): Story {
  if (!run) {
    return {
      kicker: 'Getting ready',
      title: 'Your first model is about to begin.',
      now: 'Glassworks measures this machine once, so that it can say how long things take.',
      next: 'Then the text is read.',
    };
  }
  if (run.status === 'done') {
    return {
      kicker: 'Done',
      title: 'Your first model has learned to write.',
      now: `It has read ${short(tokens)} tokens. ${lesson(loss, chance)}`,
      next: 'Talk to it, look at how it learned, or change something and try again.',
    };
  }
  if (run.status === 'failed') {
    return {
      kicker: 'Failed',
      title: 'Your first model could not go on.',
      now: run.error?.message ?? 'The run failed.',
      next: run.error?.hint ?? 'Open the run to see why.',
    };
  }
  if (run.status === 'stopped' || run.status === 'interrupted') {
    return {
      kicker: run.status === 'stopped' ? 'Paused' : 'Interrupted',
      title: 'Your first model is waiting.',
      now: 'Its state is saved. It goes on exactly where it stopped.',
      next: 'Open the run to go on.',
    };
  }
  const stage = run.nodes.find(node => node.name === run.node)?.stage ?? '';
  if (loss === null || stage === '') {
    const [now, next] = BEFORE[stage] ?? ['It is being prepared.', 'Then it learns, token by token.'];
    return { kicker: 'Getting ready', title: 'Your first model is about to begin.', now, next };
  }
  if (stage === 'evaluate_model') {
    return {
      kicker: 'Measuring',
      title: 'Your first model is being measured.',
      now: 'It reads the texts that were put aside, beside a guess and a count of word pairs.',
      next: 'Then it is yours.',
    };
  }
  return {
    kicker: 'Training now',
    title: 'Your first model is already learning.',
    now: `It has read ${short(tokens)} tokens. ${lesson(loss, chance)}`,
    next: 'After that it is measured on text that it has never read.',
  };
}

/** One sentence on how far a model has come, from its loss against a guess's. */
export function lesson(loss: number | null, chance: number | null): string {
  if (loss === null || chance === null) return '';
  const share = (chance - loss) / Math.max(chance - FLOOR_NATS, 0.1);
  return (LEARNED.find(([limit]) => share < limit) ?? ['', ''])[1] as string;
}
