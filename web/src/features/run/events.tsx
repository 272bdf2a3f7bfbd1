// What happened in a run, in words, over the flow and its stages; the newest first, older ones when they are asked for.
import { useQueries, useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { api, data } from '@/lib/api/client';
import type { EventsView, RunDetail } from '@/lib/api/schema';
import type { RunEvent } from '@/lib/fold/fold';
import { clock } from '@/lib/format';
import { eventWords, NOT_TOLD } from './event-words';
import classes from './run.module.css';
import { useFresh } from './use-fresh';

const PAGE = 60;
const EVERY_MS = 3000;

interface EventsProps {
  detail: RunDetail;
  /** The stage that goes on now, if any. */
  training: string | null;
  /** Changes when something happened: in the flow, and in that stage. */
  flowVersion: string;
  version: string;
}

interface Told {
  key: string;
  time: string;
  node: string;
  type: string;
  words: string;
}

export function Events({ detail, training, flowVersion, version }: EventsProps) {
  const [shown, setShown] = useState(PAGE);
  const queries = useQueryClient();
  const runs = useMemo(() => runsOf(detail), [detail]);
  const views = useQueries({
    queries: runs.map(run => ({
      queryKey: ['events', run, shown],
      queryFn: () => newestOf(run, shown),
      placeholderData: (before: EventsView | undefined) => before,
    })),
    combine: all => all.map(one => one.data),
  });
  useFresh(flowVersion, EVERY_MS, () => queries.invalidateQueries({ queryKey: ['events'] }));
  useFresh(version, EVERY_MS, () => queries.invalidateQueries({ queryKey: ['events', training] }));
  const told = useMemo(() => toldOf(detail, runs, views), [detail, runs, views]);
  const isMore = told.length > shown || views.some(view => (view?.events.length ?? 0) >= shown);
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a list that scrolls must be reachable by keyboard */}
      <ol className={`model ${classes.lines} ${classes.told}`} tabIndex={0} aria-label="Events">
        {told.slice(0, shown).map(one => (
          <li key={one.key}>
            <time>{clock(one.time, true)}</time>
            <b>{one.node || 'run'}</b>
            <i>{one.type}</i>
            <span>{one.words}</span>
          </li>
        ))}
      </ol>
      {isMore && (
        <p className="card-body">
          <button type="button" className="link" onClick={() => setShown(shown + PAGE)}>
            Older events
          </button>
        </p>
      )}
    </>
  );
}

function newestOf(run: string, last: number): Promise<EventsView> {
  return data(
    api.GET('/api/runs/{run}/events', { params: { path: { run }, query: { last, without: NOT_TOLD } } }),
  );
}

function runsOf(detail: RunDetail): string[] {
  return [...new Set([detail.run.id, ...detail.nodes.flatMap(node => (node.run ? [node.run] : []))])];
}

function toldOf(
  detail: RunDetail,
  runs: readonly string[],
  views: readonly (EventsView | undefined)[],
): Told[] {
  const found = runs.flatMap((run, at) => {
    const node = run === detail.run.id ? '' : (detail.nodes.find(one => one.run === run)?.name ?? '');
    return [...(views[at]?.events ?? [])].reverse().flatMap((event): Told[] => {
      const words = eventWords(event as RunEvent);
      const { time, type } = event;
      return words ? [{ key: `${run} ${time} ${type} ${words}`, time, node, type, words }] : [];
    });
  });
  return found.sort((a, b) => (a.time < b.time ? 1 : a.time > b.time ? -1 : 0));
}
