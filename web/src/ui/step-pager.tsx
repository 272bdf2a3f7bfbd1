// Leafs through a long list of steps, the newest first; says which steps are shown and how many there are in all.
import { useState } from 'react';
import { count } from '@/lib/format';
import { pageOf, type StepPage, type Steps } from '@/lib/step-pages';

/** A page of `all`, and the way to others. */
export function useStepPage(all: Steps, size: number): { page: StepPage; go: (top: number | null) => void } {
  const [top, setTop] = useState<number | null>(null);
  return { page: pageOf(all, top, size), go: setTop };
}

interface StepPagerProps {
  page: StepPage;
  go: (top: number | null) => void;
  /** What is leafed through, for those who hear the page. */
  label: string;
}

export function StepPager({ page, go, label }: StepPagerProps) {
  if (page.isNewest && page.isOldest) return null;
  return (
    <nav className="row wrap" aria-label={label}>
      <button type="button" className="btn sm" disabled={page.isNewest} onClick={() => go(null)}>
        Newest
      </button>
      <button type="button" className="btn sm" disabled={page.isNewest} onClick={() => go(page.newer)}>
        Newer
      </button>
      <button type="button" className="btn sm" disabled={page.isOldest} onClick={() => go(page.older)}>
        Older
      </button>
      <button type="button" className="btn sm" disabled={page.isOldest} onClick={() => go(page.oldest)}>
        Oldest
      </button>
      <span className="note num">
        {count(page.steps.length)} of {count(page.num)}
      </span>
    </nav>
  );
}
