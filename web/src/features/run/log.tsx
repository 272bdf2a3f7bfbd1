// The log of a run's workers, newest first: by level, by words, in pages. Events are told in the same list's second tab.
import { useInfiniteQuery } from '@tanstack/react-query';
import { memo, useState } from 'react';
import { api, data } from '@/lib/api/client';
import type { RunDetail } from '@/lib/api/schema';
import { clock, count } from '@/lib/format';
import { Failed } from '@/ui/failed';
import { Events } from './events';
import classes from './run.module.css';
import { useFresh } from './use-fresh';

interface LogProps {
  detail: RunDetail;
  /** The run of the stage that goes on now, if any. */
  training: string | null;
  /** Changes when something happened: in the flow, and in that stage. */
  flowVersion: string;
  version: string;
}

const EVERY_MS = 3000;
const LEVELS: [string, string][] = [
  ['', 'All'],
  ['warning', 'Warnings'],
  ['error', 'Errors'],
];

export const Log = memo(function Log({ detail, training, flowVersion, version }: LogProps) {
  const run = detail.run.id;
  const [tab, setTab] = useState<'events' | 'log'>('events');
  const [level, setLevel] = useState('');
  const [query, setQuery] = useState('');
  const log = useInfiniteQuery({
    queryKey: ['run', run, 'log', level, query],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) =>
      data(
        api.GET('/api/runs/{run}/logs', {
          params: {
            path: { run },
            query: {
              query,
              limit: 50,
              ...(level ? { level } : {}),
              ...(pageParam ? { after: pageParam } : {}),
            },
          },
        }),
      ),
    getNextPageParam: page => page.next,
    enabled: tab === 'log',
  });
  useFresh(`${flowVersion} ${version}`, EVERY_MS, () => tab === 'log' && log.refetch());
  const lines = log.data?.pages.flatMap(page => page.items) ?? [];
  return (
    <section className={`card ${classes.log}`} aria-labelledby="log">
      <div className="card-head">
        <h2 className="h-pane" id="log">
          Log
        </h2>
        <fieldset className="segmented" aria-label="What to show">
          <button type="button" aria-pressed={tab === 'events'} onClick={() => setTab('events')}>
            Events
          </button>
          <button type="button" aria-pressed={tab === 'log'} onClick={() => setTab('log')}>
            Workers’ log
          </button>
        </fieldset>
        {tab === 'log' && (
          <>
            <input
              className={`input num ${classes.search}`}
              type="search"
              aria-label="Search the log"
              placeholder={`Search ${count(log.data?.pages[0]?.total ?? 0)} lines`}
              value={query}
              onChange={event => setQuery(event.target.value)}
            />
            <fieldset className="segmented" aria-label="Level">
              {LEVELS.map(([value, label]) => (
                <button
                  key={label}
                  type="button"
                  aria-pressed={level === value}
                  onClick={() => setLevel(value)}
                >
                  {label} {value && (log.data?.pages[0]?.levels[value] ?? 0)}
                </button>
              ))}
            </fieldset>
          </>
        )}
        <span className="grow" />
        <a className="btn quiet sm" href={`/api/runs/${run}/export`}>
          Download the records
        </a>
      </div>
      {tab === 'events' ? (
        <Events detail={detail} training={training} flowVersion={flowVersion} version={version} />
      ) : (
        <>
          {log.error && <Failed title={log.error.message} retry={() => log.refetch()} />}
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a list that scrolls must be reachable by keyboard */}
          <ol className={`model ${classes.lines}`} tabIndex={0} aria-label="Lines of the log">
            {lines.map(line => (
              <li
                key={line.number}
                className={
                  line.level === 'warning' ? classes.warned : line.level === 'error' ? classes.bad : ''
                }
              >
                <time>{clock(line.time, true)}</time>
                <b>{line.level}</b>
                <i>{line.logger.replace('glassworks.', '')}</i>
                <span>
                  {line.message}
                  {line.traceback && <pre>{line.traceback}</pre>}
                </span>
              </li>
            ))}
          </ol>
          {lines.length === 0 && !log.isPending && (
            <p className="card-body muted">
              {query || level ? 'No line fits.' : 'The workers have written nothing; that is usual.'}
            </p>
          )}
          {log.hasNextPage && (
            <p className="card-body">
              <button type="button" className="link" onClick={() => log.fetchNextPage()}>
                Older lines
              </button>
            </p>
          )}
        </>
      )}
    </section>
  );
});
