// What the panel about a batch says, in sentences. Pure.
import type { BatchView, StretchView } from '@/lib/api/schema';
import { count, decimals } from '@/lib/format';

/** How large the batch is, and how much of it is learned from. */
export function sizeWords(batch: BatchView): string {
  const rows = `${count(batch.num_rows)} ${batch.num_rows === 1 ? 'row' : 'rows'} of ${count(batch.context)} tokens`;
  const share =
    batch.num_trained === batch.num_tokens
      ? 'all of them trained on'
      : `${count(batch.num_trained)} of ${count(batch.num_tokens)} trained on`;
  return `${rows}, ${share}.`;
}

/** Whose loss is shown, honestly. */
export function weightsWords({ weights, step }: BatchView): string {
  if (weights.kind === 'fresh')
    return `Loss per token under fresh weights, as the run drew them from its seed: nothing was saved before step ${count(step)}.`;
  if (weights.kind === 'begun')
    return `Loss per token under the weights that the run began with: nothing was saved before step ${count(step)}.`;
  const read =
    step === weights.step + 1
      ? 'the very ones that read this batch'
      : `this batch was read at step ${count(step)}`;
  return `Loss per token under the weights of step ${count(weights.step)}; ${read}.`;
}

/** The mean, beside what the run itself wrote down. */
export function lossWords(batch: BatchView): string {
  if (batch.mean_nats === null) return 'Nothing here is trained on.';
  const of =
    batch.num_scored_rows === batch.num_rows ? 'Mean' : `Mean of these ${count(batch.num_scored_rows)} rows`;
  const mean = `${of} ${decimals(batch.mean_nats, 3)} nats`;
  if (batch.recorded_loss === null) return `${mean}; the run has not read this step yet.`;
  return `${mean}; the run recorded ${decimals(batch.recorded_loss, 3)} with the weights that it had then.`;
}

/** Where in its document a stretch stands. */
export function placeWords(stretch: StretchView): string {
  const begin = stretch.is_begun ? 'from its beginning' : `from token ${count(stretch.offset)}`;
  return stretch.is_ended ? `${begin} to its end` : begin;
}

/** A token alone. */
export function tokenWords(text: string, nats: number | null, isTrained: boolean): string {
  const drawn = text.replaceAll('\n', '↵').replaceAll('\t', '→').replaceAll(' ', '·') || '∅';
  if (nats === null) return `${drawn}  only read: the first of its row`;
  const told = `${drawn}  ${decimals(nats, 2)} nats, probability ${share(Math.exp(-nats))}`;
  return isTrained ? told : `${told}; not trained on`;
}

function share(value: number): string {
  if (value >= 0.0995) return `${Math.round(100 * value)} %`;
  return value >= 0.001 ? `${(100 * value).toFixed(1)} %` : `1 in ${count(Math.round(1 / value))}`;
}
