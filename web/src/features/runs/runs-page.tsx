// The list of runs: what runs and waits, what was, two of them compared; and where a new one begins.
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { api, data, type ProblemError } from '@/lib/api/client';
import { count } from '@/lib/format';
import { useLiveRuns } from '@/lib/live/hooks';
import { useLive } from '@/lib/live/store';
import { mergeRuns } from '@/lib/merge-runs';
import { useProject } from '@/lib/project';
import type { TrainingSettings } from '@/lib/training-settings';
import { Failed } from '@/ui/failed';
import { Compare } from './compare';
import { fits } from './fits';
import { History } from './history';
import { NewRun } from './new-run';
import { Queue } from './queue';
import classes from './runs.module.css';

const FILTERS: [string, string][] = [
  ['', 'All'],
  ['running', 'Running'],
  ['queued', 'Queued'],
  ['done', 'Done'],
  ['failed', 'Failed'],
  ['stopped', 'Paused'],
];

type Search = {
  status?: string;
  query?: string;
  new?: string;
  compare?: string;
  axis?: string;
  shown?: string;
  architecture?: string;
  training?: TrainingSettings | undefined;
  vocab?: number | undefined;
};

export function RunsPage() {
  const { project } = useProject();
  const search = useSearch({ strict: false }) as Search;
  const navigate = useNavigate();
  const gone = useLive(state => state.gone);
  const live = useLiveRuns(project);
  const { status = '', query = '', compare = '' } = search;
  const chosen = compare.split(',').filter(Boolean);
  const change = (fields: Search) =>
    navigate({ to: '/runs', search: clean({ ...search, ...fields }) as never, replace: true });
  const listed = useInfiniteQuery({
    queryKey: ['runs', project, status, query],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) =>
      data(
        api.GET('/api/runs', {
          params: {
            query: {
              project,
              query,
              limit: 30,
              ...(status ? { status: [status] } : {}),
              ...(pageParam ? { after: pageParam } : {}),
            },
          },
        }),
      ),
    getNextPageParam: page => page.next,
  });
  const counts = useQuery({
    queryKey: ['run-counts', project, live.length],
    queryFn: () => data(api.GET('/api/runs/counts', { params: { query: { project } } })),
  });
  const pages = listed.data?.pages.flatMap(page => page.items) ?? [];
  const runs = mergeRuns(pages, live).filter(run => !gone[run.id] && fits(run, status, query));
  const total = Object.values(counts.data ?? {}).reduce((sum, each) => sum + each, 0);
  const active = runs.filter(run => ['running', 'stopping', 'queued'].includes(run.status));
  const ended = runs.filter(run => !active.includes(run));
  const isEmpty = listed.isSuccess && runs.length === 0 && !status && !query;
  return (
    <>
      <div className="page-head">
        <h1 className="title">Runs</h1>
        {total > 0 && <span className="note">{count(total)} in this project</span>}
        <span className="grow" />
        {!isEmpty && (
          <button type="button" className="btn primary" onClick={() => change({ new: 'first-model' })}>
            New run
          </button>
        )}
      </div>
      {isEmpty ? (
        <Empty onStart={() => change({ new: 'first-model' })} />
      ) : (
        <>
          <search className={classes.filters}>
            <input
              className="input"
              type="search"
              aria-label="Find runs by name, recipe or id"
              placeholder="Name, recipe or id"
              value={query}
              onChange={event => change({ query: event.target.value })}
            />
            <fieldset className="segmented" aria-label="Status">
              {FILTERS.map(([value, label]) => (
                <button
                  key={label}
                  type="button"
                  aria-pressed={status === value}
                  onClick={() => change({ status: value })}
                >
                  {label}
                </button>
              ))}
            </fieldset>
          </search>
          {listed.error && !listed.data && (
            <Failed
              title={listed.error.message}
              detail={(listed.error as ProblemError).detail}
              retry={() => listed.refetch()}
            />
          )}
          {listed.isPending && (
            <div className={`skeleton ${classes.loading}`} role="status" aria-label="Loading" />
          )}
          {active.length > 0 && <Queue runs={active} />}
          {ended.length > 0 && (
            <History
              runs={ended}
              chosen={chosen}
              onChoose={ids => change({ compare: ids.join(',') })}
              more={listed.hasNextPage ? () => listed.fetchNextPage() : undefined}
            />
          )}
          {listed.isSuccess && runs.length === 0 && (
            <p className="muted">
              No run fits.{' '}
              <button type="button" className="link" onClick={() => change({ status: '', query: '' })}>
                Show all
              </button>
            </p>
          )}
          <Compare
            runs={chosen}
            axis={search.axis === 'tokens' || search.axis === 'time' ? search.axis : 'steps'}
            shown={search.shown === 'training' ? 'training' : 'validation'}
            onChange={change}
          />
        </>
      )}
      <NewRun
        recipe={search.new ?? null}
        architecture={search.architecture ?? null}
        training={search.training ?? null}
        vocab={search.vocab ?? null}
        onClose={() => change({ new: '', architecture: '', training: undefined, vocab: undefined })}
        onRecipesTraining={() => change({ training: undefined, vocab: undefined })}
        onRecipe={name => change({ new: name })}
      />
    </>
  );
}

function Empty({ onStart }: { onStart: () => void }) {
  return (
    <section className="empty">
      <p className="teacher">Nothing has been trained here yet.</p>
      <p className="muted">
        A run turns text and an architecture into a model. It appears here with its loss curve, its place in
        the queue and the time that it needs.
      </p>
      <button type="button" className="btn primary" onClick={onStart}>
        Train a first model
      </button>
    </section>
  );
}

function clean(search: Search): Search {
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value)) as Search;
}
