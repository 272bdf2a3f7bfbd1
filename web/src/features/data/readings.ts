// Figures about a dataset, each in one sentence. Pure.
import type { StatisticsView } from '@/lib/api/schema';
import { count, percent } from '@/lib/format';

/** How long the documents are. */
export function lengthReading(lengths: StatisticsView['lengths']): string {
  const unit = lengths.unit;
  if (lengths.min === lengths.max) return `Every document has ${count(lengths.max)} ${unit}.`;
  if (lengths.median === lengths.max) return `Every document has ${count(lengths.max)} ${unit} or fewer.`;
  return `Half of the documents are shorter than ${count(lengths.median)} ${unit}; one in ten has ${count(lengths.p90)} or more.`;
}

/** Which scripts the letters are of. */
export function scriptsReading(found: StatisticsView): string {
  const [first, second] = found.scripts;
  if (!first) return 'There are no letters in it.';
  if (first.share > 0.995) return `Written in ${first.name}.`;
  if (!second || first.share > 0.9) return `Written in ${first.name}, with some ${second?.name ?? 'signs'}.`;
  return `${first.name} and ${second.name} side by side.`;
}

/** What is there more than once. */
export function copiesReading(found: StatisticsView): string {
  const { exact_documents: exact, near_documents: near } = found.duplicates;
  if (exact + near === 0) return 'Nothing is there twice.';
  if (near === 0) return `${countOf(exact)} there more than once.`;
  if (exact === 0) return `${countOf(near)} nearly the same as another one.`;
  const share = (exact + near) / Math.max(1, found.num_documents);
  return `${percent(share)} says what another document says already.`;
}

const STAGES: Record<string, string> = {
  import_dataset: 'read',
  clean_dataset: 'cleaned',
  split_dataset: 'divided',
};

/** What a stage did to a dataset, in a word. */
export function stageWords(stage: string): string {
  return STAGES[stage] ?? stage;
}

/** What the dataset is enough for: twenty tokens for each parameter, four bytes a token. Hoffmann et al. 2022, arXiv 2203.15556. */
export function enoughFor(numBytes: number): { parameters: number; words: string } {
  const parameters = numBytes / 4 / 20;
  if (parameters < 20_000)
    return { parameters, words: 'is little: a model of it learns by heart more than it learns to write.' };
  if (parameters < 1_000_000) return { parameters, words: 'is enough for a tokenizer and a small model.' };
  return { parameters, words: 'is enough for a tokenizer and for a model from scratch.' };
}

function countOf(number: number): string {
  return `${count(number)} ${number === 1 ? 'document is' : 'documents are'}`;
}
