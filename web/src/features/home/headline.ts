// Home's sentences: the one on top, the line about a run that ended, the next step. Pure.
import type { RunView } from '@/lib/api/schema';
import { decimals, duration } from '@/lib/format';

/** One sentence on how things stand. */
export function headline(runs: readonly RunView[]): string {
  const active = runs.find(run => run.status === 'running' || run.status === 'stopping');
  const waiting = runs.filter(run => run.status === 'queued').length;
  const failed = runs.filter(run => run.status === 'failed').length;
  const rest = [
    ...(waiting ? [waiting === 1 ? '1 run waits' : `${waiting} runs wait`] : []),
    ...(failed ? [failed === 1 ? '1 failed' : `${failed} failed`] : []),
  ];
  if (active) {
    const share =
      active.step !== null && active.steps ? Math.round((100 * active.step) / active.steps) : null;
    const first = share === null ? `${active.name} is getting ready` : `${active.name} is ${share} % trained`;
    return `${[first, ...rest].join(', ')}.`;
  }
  if (rest.length) return `Nothing is running; ${rest.join(', ')}.`;
  return runs.length ? 'All work is done.' : 'The workshop is empty, and ready.';
}

/** What a list says of a run that ended. */
export function newsLine(run: RunView): string {
  const took = run.duration_s ? `, ${duration(run.duration_s)}` : '';
  if (run.status === 'failed') return run.error?.message ?? 'failed';
  if (run.status === 'stopped') return `paused at step ${run.step ?? 0}${took}. Its state is saved.`;
  if (run.bits_per_byte !== null) return `${decimals(run.bits_per_byte)} bits/byte on held-out text${took}.`;
  return `done${took}.`;
}

export interface NextStep {
  text: string;
  label: string;
  to: '/playground' | '/runs' | null;
  search: Record<string, string>;
}

/** The step that makes most sense now. */
export function nextStep(runs: readonly RunView[], persona: string | null): NextStep {
  const done = runs.find(run => run.status === 'done' && run.model);
  if (!done) {
    return {
      text: 'A model begins with text. Bring your own, or let the first one finish.',
      label: '',
      to: null,
      search: {},
    };
  }
  if (persona === 'practitioner' && !runs.some(run => run.recipe === 'own-text')) {
    return {
      text: `${done.name} shows how it works. A text of your own makes it a model for your work.`,
      label: 'Talk to it first',
      to: '/playground',
      search: { ref: done.model ?? '' },
    };
  }
  const hasChanged = runs.some(run => (run.changes?.length ?? 0) > 0);
  if (!hasChanged) {
    return {
      text: `Change one thing in ${done.name}, its width or how long it learns, and compare what comes out.`,
      label: 'Change something, and try again',
      to: '/runs',
      search: { new: done.recipe ?? 'first-model' },
    };
  }
  return {
    text: `Ask ${done.name} something, and open any word that it wrote: what else could it have said?`,
    label: 'Talk to it',
    to: '/playground',
    search: { ref: done.model ?? '' },
  };
}
