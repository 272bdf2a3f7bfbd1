// A tokenizer that is being made, started from this page: how far it is, and the way to it when it is done.
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { CSSProperties } from 'react';
import { api, data } from '@/lib/api/client';
import type { TokenizerRow } from '@/lib/api/schema';
import { count } from '@/lib/format';
import { useLiveRuns, useRunLog } from '@/lib/live/hooks';
import { WorkBadge } from '@/ui/work-badge';
import { VocabularyGrowth } from '@/widgets/vocabulary-growth/vocabulary-growth';
import classes from './page.module.css';
import type { LabState } from './state';

interface TrainingProps {
  run: string;
  /** The tokenizer that is looked at. */
  current: string;
  project: string;
  items: readonly TokenizerRow[];
  onChange: (fields: Partial<LabState>) => void;
}

export function Training({ run, current, project, items, onChange }: TrainingProps) {
  const live = useLiveRuns(project).find(one => one.id === run);
  const asked = useQuery({
    queryKey: ['run', run, 'detail'],
    queryFn: () => data(api.GET('/api/runs/{run}', { params: { path: { run } } })),
    enabled: !live,
    retry: false,
  });
  const view = live ?? asked.data?.run;
  const own = useRunLog(view?.nodes.find(node => node.name === 'tokenizer')?.run ?? null);
  if (!view) return null;
  const { progress } = view;
  const isLive = view.status === 'running' || view.status === 'queued';
  const made = items.find(row => row.kind === 'item' && view.nodes.some(node => node.run === row.run));
  const ref = made?.ref ?? `tokenizer/${view.name}`;
  return (
    <section className={`card ${isLive ? 'is-live' : ''} ${classes.training}`} aria-label="The new tokenizer">
      <div className="row wrap">
        <h2 className="h-pane">{view.name}</h2>
        <WorkBadge status={view.status} />
        {progress && isLive && (
          <span className="note" role="status">
            {progress.phase}: {count(progress.done)} of {count(progress.total)} {progress.unit}
          </span>
        )}
        {view.error && <span className="note">{view.error.message}</span>}
        <span style={{ flex: 1 }} />
        <Link className="btn sm" to="/runs/$runId" params={{ runId: run }}>
          Open the run
        </Link>
        {view.status === 'done' && ref !== current && (
          <button
            type="button"
            className="btn sm"
            onClick={() => onChange({ ref, run: '', merges: null, dataset: '', tab: 'text' })}
          >
            Look at it here
          </button>
        )}
        <button type="button" className="btn quiet sm" onClick={() => onChange({ run: '' })}>
          Hide
        </button>
      </div>
      {progress && isLive && (
        <div
          className="progress is-live"
          style={{ '--p': `${(100 * progress.done) / Math.max(1, progress.total)}%` } as CSSProperties}
        >
          <i />
        </div>
      )}
      {own.state.growth.length > 0 && (
        <VocabularyGrowth growth={own.state.growth} isLive={isLive && own.state.status === 'running'} />
      )}
    </section>
  );
}
