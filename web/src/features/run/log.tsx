// The log of a run's workers, newest first: by level, by words, in pages. Events are told in the same list's second tab.
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { api, data } from '@/lib/api/client';
import type { RunDetail } from '@/lib/api/schema';
import type { RunEvent } from '@/lib/fold/fold';
import { clock, count } from '@/lib/format';
import { Failed } from '@/ui/failed';
import { eventWords } from './event-words';
import classes from './run.module.css';

interface LogProps {
  run: string;
  /** Changes when something new may be there. */
  cursor: string;
  events: number;
  detail: RunDetail;
}

const LEVELS: [string, string][] = [
  ['', 'All'],
  ['warning', 'Warnings'],
  ['error', 'Errors'],
];

export function Log({ run, cursor, detail }: LogProps) {
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
        <Events detail={detail} cursor={cursor} />
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
}

/** What happened, in words, over the flow and its stages; the newest first. */
function Events({ detail, cursor }: { detail: RunDetail; cursor: string }) {
  const [version, setVersion] = useState(cursor);
  useEffect(() => {
    const timer = setTimeout(() => setVersion(cursor), 1000);
    return () => clearTimeout(timer);
  }, [cursor]);
  const runs = [
    detail.run.id,
    ...detail.nodes.flatMap(node => (node.run && node.run !== detail.run.id ? [node.run] : [])),
  ];
  const events = useQuery({
    queryKey: ['run', detail.run.id, 'events', runs.join(), version],
    queryFn: async () => {
      const all = await Promise.all(
        runs.map(run => data(api.GET('/api/runs/{run}/events', { params: { path: { run } } }))),
      );
      return all.flatMap((one, index) =>
        one.events.map(event => ({
          event: event as RunEvent,
          node: detail.nodes.find(node => node.run === runs[index])?.name ?? '',
        })),
      );
    },
    placeholderData: before => before,
  });
  const told = (events.data ?? [])
    .flatMap(({ event, node }) => {
      const words = eventWords(event);
      return words ? [{ time: event.time, node, words, type: event.type }] : [];
    })
    .sort((a, b) => b.time.localeCompare(a.time))
    .slice(0, 200);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a list that scrolls must be reachable by keyboard
    <ol className={`model ${classes.lines} ${classes.told}`} tabIndex={0} aria-label="Events">
      {told.map((one, index) => (
        <li key={`${one.time}${one.type}${index}`}>
          <time>{clock(one.time, true)}</time>
          <b>{one.node || 'run'}</b>
          <i>{one.type}</i>
          <span>{one.words}</span>
        </li>
      ))}
    </ol>
  );
}
