// The words for each step of cleaning, and steps as the river wants them. Pure.
import type { CleaningView, RunState } from '@/lib/api/schema';
import { count, decimals } from '@/lib/format';
import type { RiverWords } from '@/widgets/cleaning-river/cleaning-river';
import type { RiverStep } from '@/widgets/cleaning-river/river';

type Settings = Record<string, unknown>;

const TITLES: Record<string, string> = {
  repair_mojibake: 'Broken letters',
  normalize_unicode: 'One form',
  length: 'Length',
  language: 'Language',
  page_furniture: 'Page furniture',
  quality: 'Quality',
  repetition: 'Repetition',
  exact_duplicates: 'Exact copies',
  near_duplicates: 'Near copies',
  personal_data: 'Private data',
  pattern: 'Your pattern',
};

/** What a step is called over its column. */
export function stepWords(kind: string, settings: Settings): RiverWords {
  return { title: TITLES[kind] ?? kind.replaceAll('_', ' '), detail: detailOf(kind, settings) };
}

function detailOf(kind: string, settings: Settings): string {
  const number = (name: string) => (typeof settings[name] === 'number' ? (settings[name] as number) : null);
  switch (kind) {
    case 'repair_mojibake':
      return 'wrong encodings';
    case 'normalize_unicode':
      return String(settings.form ?? 'Unicode');
    case 'length':
      return number('min_characters') === null
        ? 'too short, too long'
        : `from ${count(number('min_characters') ?? 0)} characters`;
    case 'language':
      return Array.isArray(settings.keep) && settings.keep.length
        ? `keep ${settings.keep.join(', ')}`
        : 'guessed';
    case 'page_furniture':
      return 'lines on every page';
    case 'near_duplicates':
      return `MinHash over ${decimals(number('threshold') ?? 0.8, 2)}`;
    case 'exact_duplicates':
      return 'letter for letter';
    case 'repetition':
      return 'says the same again';
    case 'personal_data':
      return String(settings.action ?? 'masked');
    case 'quality':
      return 'reads like prose';
    default:
      return '';
  }
}

/** A finished cleaning's report; its times stand in the run's log, if that is still there. */
export function stepsOfReport(report: CleaningView, timed: RunState['cleaning']): RiverStep[] {
  return report.steps.map((step, index) => ({
    kind: step.kind,
    documentsBefore: step.before.documents,
    documentsAfter: step.after.documents,
    bytesBefore: step.before.bytes,
    bytesAfter: step.after.bytes,
    changed: step.changed,
    removed: step.removed,
    durationS: timed?.steps[index]?.duration_s ?? null,
  }));
}

/** A cleaning that flows now. */
export function stepsOfState(counted: NonNullable<RunState['cleaning']>): RiverStep[] {
  return counted.steps.map(step => ({
    kind: step.kind,
    documentsBefore: step.documents_before,
    documentsAfter: step.documents_after,
    bytesBefore: step.bytes_before,
    bytesAfter: step.bytes_after,
    changed: step.changed,
    removed: step.removed,
    durationS: step.duration_s,
  }));
}

/** The river in one sentence. */
export function readingOf(steps: readonly RiverStep[], isLive: boolean): string {
  const first = steps[0]?.documentsBefore ?? 0;
  const last = steps.at(-1)?.documentsAfter ?? 0;
  if (first === 0) return isLive ? 'Nothing has come through yet.' : 'Nothing came.';
  const lost = first - last;
  if (lost === 0) return isLive ? 'So far everything stays.' : 'Everything stays.';
  const most = steps.reduce((a, b) => (b.removed > a.removed ? b : a));
  const share = Math.round((100 * last) / first);
  const start = `${share === 100 && lost > 0 ? 'Nearly all' : `${share} %`} of the documents ${isLive ? 'have stayed so far' : 'stay'}.`;
  return `${start} ${MOST[most.kind] ?? 'Most of what leaves is taken out by one step.'}`;
}

const MOST: Record<string, string> = {
  length: 'Most of what leaves is too short or too long.',
  exact_duplicates: 'Most of what leaves is there twice.',
  near_duplicates: 'Most of what leaves says nearly the same as another one.',
  repetition: 'Most of what leaves says the same again and again.',
  quality: 'Most of what leaves does not read like prose.',
  language: 'Most of what leaves is in another language.',
  pattern: 'Most of what leaves fits your pattern.',
  personal_data: 'Most of what leaves holds private data.',
};
