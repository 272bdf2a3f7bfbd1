// An event in words, for people. Progress is not told: a bar shows it. Pure.
import type { RunEvent } from '@/lib/fold/fold';
import { between, bytes, count } from '@/lib/format';

/** Types of events that have no words: what they tell is shown elsewhere. */
export const NOT_TOLD: RunEvent['type'][] = [
  'run.progress',
  'sample.drawn',
  'prompt.tracked',
  'tokenizer.grown',
  'rung.closed',
  'cleaning.counted',
  'run.predicted',
  'run.measured',
];

export function eventWords(event: RunEvent): string | null {
  switch (event.type) {
    case 'run.created':
      return `ordered as ${event.name}`;
    case 'run.renamed':
      return `renamed to ${event.name}`;
    case 'run.queued':
      return 'waits for its turn';
    case 'node.decided':
      return event.action === 'reuse'
        ? `${event.node} is reused: ${event.reason}`
        : `${event.node} runs: ${event.reason}`;
    case 'attempt.started':
      return event.from_step
        ? `attempt ${event.attempt} goes on from step ${count(event.from_step)}${event.is_bit_exact ? ', bit for bit' : `; not bit-exact: ${event.caveats?.join(', ')}`}`
        : `attempt ${event.attempt} begins`;
    case 'attempt.ended':
      return `attempt ${event.attempt} ended: ${event.outcome}${event.error ? `. ${event.error.message}` : ''}`;
    case 'stop.requested':
      return event.how === 'save' ? 'asked to save and stop' : 'asked to stop at once';
    case 'run.done':
      return 'done';
    case 'run.stopped':
      return 'stopped';
    case 'run.failed':
      return `failed: ${event.error.message}`;
    case 'checkpoint.saved':
      return `step ${count(event.step)} saved${event.size_bytes ? `, ${bytes(event.size_bytes)}` : ''}`;
    case 'checkpoint.dropped':
      return `the checkpoint at step ${count(event.step)} was not kept`;
    case 'evaluation.recorded':
      return `step ${count(event.step)} measured: ${Object.entries(event.values)
        .map(([name, value]) => `${name} ${between(value, event.intervals?.[name])}`)
        .join(', ')}`;
    case 'layers.measured':
      return `step ${count(event.step)}: layers measured`;
    case 'finding.raised':
      return event.message;
    case 'state.set_aside':
      return `the state at step ${count(event.step)} was damaged and set aside: ${event.reason}`;
    case 'artifact.published':
      return `${event.output} is in the store as ${event.artifact.slice(0, 8)}…`;
    default:
      return null;
  }
}
