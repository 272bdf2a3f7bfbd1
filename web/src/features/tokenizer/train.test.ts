import { expect, it } from 'vitest';
import { extendDocument, nameProblem, PLAYS, trainDocument } from './train';

it('learns from a dataset that is there, without a stage before it', () => {
  const made = trainDocument({ name: 'mine', text: 'dataset/letters', kind: 'unigram', vocabSize: 512 });
  expect(made.output).toBe('tokenizer.tokenizer');
  expect(made.nodes).toEqual({
    tokenizer: {
      stage: 'train_tokenizer',
      inputs: { dataset: 'dataset/letters' },
      config: { trainer: { kind: 'unigram', vocab_size: 512 } },
    },
  });
});

it('reads the plays first where no dataset is there', () => {
  const made = trainDocument({ name: 'plays', text: PLAYS, kind: 'byte_bpe', vocabSize: 2048 });
  expect(Object.keys(made.nodes)).toEqual(['data', 'tokenizer']);
  expect(made.nodes.tokenizer?.inputs).toEqual({ dataset: 'data.dataset' });
});

it('extends a tokenizer; no template means the one that is there', () => {
  const made = extendDocument('chat', 'tokenizer/plays', { user: '<|user|>' }, null);
  expect(made.nodes.extend?.config).toEqual({ special_tokens: { user: '<|user|>' }, chat_template: '' });
});

it('tells a name that will be refused', () => {
  expect([nameProblem(''), nameProblem('plays-4k'), nameProblem('Plays 4k')].map(Boolean)).toEqual([
    false,
    false,
    true,
  ]);
});
