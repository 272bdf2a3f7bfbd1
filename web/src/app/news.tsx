// What happened meanwhile: a button that says how much is new, and the list behind it, newest first.
import { Popover } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { api, data } from '@/lib/api/client';
import { when } from '@/lib/format';
import { useNotices } from '@/lib/live/hooks';
import { Failed } from '@/ui/failed';
import { Loading } from '@/ui/loading';
import { WorkBadge } from '@/ui/work-badge';
import classes from './shell.module.css';

const SHOWN = 20;
const KEY = ['notices'];

export function News() {
  const [isOpen, setIsOpen] = useState(false);
  const queries = useQueryClient();
  const newest = useNotices()[0]?.id;
  const news = useQuery({
    queryKey: KEY,
    queryFn: () => data(api.GET('/api/notices', { params: { query: { limit: SHOWN } } })),
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: a newer notice makes the list old
  useEffect(() => void queries.invalidateQueries({ queryKey: KEY }), [queries, newest]);
  const unread = news.data?.num_unread ?? 0;
  const toggle = (open: boolean) => {
    setIsOpen(open);
    if (!open && unread > 0) void read();
  };
  const read = async () => {
    await api.POST('/api/notices/read', { body: { all: true, ids: [] } });
    await queries.invalidateQueries({ queryKey: KEY });
  };
  return (
    <Popover opened={isOpen} onChange={toggle} position="top-start" width={340} withinPortal trapFocus>
      <Popover.Target>
        <button type="button" className="scheme" onClick={() => toggle(!isOpen)}>
          News
          {unread > 0 && (
            <>
              <b className={classes.unread}>{unread > 99 ? '99+' : unread}</b>
              <span className="sr"> unread</span>
            </>
          )}
        </button>
      </Popover.Target>
      <Popover.Dropdown className={classes.dropdown} aria-label="News">
        <h2 className="h-pane">What happened meanwhile</h2>
        {news.isPending && <Loading label="Loading the news" heights={[40, 40]} />}
        {news.isError && <Failed title={news.error.message} detail="" retry={() => news.refetch()} />}
        {news.data?.items.length === 0 && (
          <p className="muted">Nothing yet. When a run ends, it is told here.</p>
        )}
        <ul className={classes.news}>
          {news.data?.items.map(one => (
            <li key={one.id} className={one.is_read ? '' : classes.isNew}>
              <WorkBadge status={one.kind === 'finding' ? 'stale' : one.kind} word="" />
              <Link to="/runs/$runId" params={{ runId: one.run }} onClick={() => toggle(false)}>
                {one.title}
                {!one.is_read && <span className="sr">, unread</span>}
              </Link>
              <span className="faint">{when(one.time)}</span>
              {one.text && <p className="note">{one.text}</p>}
            </li>
          ))}
        </ul>
      </Popover.Dropdown>
    </Popover>
  );
}
