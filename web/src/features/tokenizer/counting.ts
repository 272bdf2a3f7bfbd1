// Where it is counted how often tokens and merges come. Pure.
import type { ItemView, TokenizerAbout } from '@/lib/api/schema';

/** `ref` null: nowhere. `label`: what it is called within a sentence. */
export interface Counted {
  ref: string | null;
  label: string;
}

export const NOWHERE = 'none';

/** The dataset that was chosen; where none was, the one that the tokenizer was learned from. */
export function countedIn(
  chosen: string,
  about: TokenizerAbout | undefined,
  datasets: readonly ItemView[],
): Counted {
  if (chosen === NOWHERE) return { ref: null, label: '' };
  if (chosen) return { ref: chosen, label: chosen.replace(/^dataset\//, '') };
  if (!about?.dataset) return { ref: null, label: '' };
  const item = datasets.find(one => one.artifact === about.dataset);
  return { ref: about.dataset, label: item?.name ?? 'its training text' };
}
