// What the palette can do, beside finding runs.
import type { useNavigate } from '@tanstack/react-router';
import { useDialogs } from '../dialogs';

type Navigate = ReturnType<typeof useNavigate>;

export interface Entry {
  group: string;
  label: string;
  hint: string;
  perform: (navigate: Navigate) => unknown;
}

const go = (
  label: string,
  to: '/' | '/data' | '/tokenizer' | '/models/design' | '/runs' | '/playground' | '/settings' | '/style',
  hint = '',
): Entry => ({
  group: 'Open',
  label,
  hint,
  perform: navigate => navigate({ to }),
});

export const ACTIONS: Entry[] = [
  {
    group: 'Do',
    label: 'Start a run',
    hint: 'first-model',
    perform: navigate => navigate({ to: '/runs', search: { new: 'first-model' } as never }),
  },
  {
    group: 'Do',
    label: 'Start a run of arithmetic',
    hint: 'arithmetic',
    perform: navigate => navigate({ to: '/runs', search: { new: 'arithmetic' } as never }),
  },
  {
    group: 'Do',
    label: 'Bring text of your own',
    hint: 'files, folders',
    perform: navigate => navigate({ to: '/data' }),
  },
  {
    group: 'Do',
    label: 'Design a model',
    hint: 'architecture',
    perform: navigate => navigate({ to: '/models/design' }),
  },
  {
    group: 'Do',
    label: 'Talk to the newest model',
    hint: '',
    perform: navigate => navigate({ to: '/playground' }),
  },
  go('Home', '/'),
  go('Data', '/data', 'datasets'),
  go('Tokenizer lab', '/tokenizer', 'tokens, merges, vocabulary'),
  go('Model designer', '/models/design', 'architecture, parameters, memory'),
  go('Runs', '/runs'),
  go('Playground', '/playground'),
  go('Settings', '/settings'),
  go('Parts of the interface', '/style'),
  {
    group: 'Learn',
    label: 'Keys',
    hint: '?',
    perform: () => useDialogs.getState().setOpen('shortcuts'),
  },
  {
    group: 'Learn',
    label: 'The interface for programs',
    hint: '/api/docs',
    perform: () => location.assign('/api/docs'),
  },
];

/** Entries whose label or hint has every word of the query. */
export function find(entries: readonly Entry[], query: string): Entry[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  return entries.filter(entry =>
    words.every(word => `${entry.label} ${entry.hint}`.toLowerCase().includes(word)),
  );
}
