// News of runs that end while somebody looks elsewhere. Each goes away by itself, or with a click.
import { Link, useLocation } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useNotices } from '@/lib/live/hooks';
import { WorkBadge } from '@/ui/work-badge';
import classes from './shell.module.css';

const SHOWN_MS = 8000;

export function Toasts() {
  const notices = useNotices();
  const path = useLocation({ select: location => location.pathname });
  const [closed, setClosed] = useState<Record<number, true>>({});
  const shown = notices.filter(notice => !closed[notice.id] && path !== `/runs/${notice.run}`).slice(0, 3);
  const oldest = shown.at(-1)?.id;
  useEffect(() => {
    if (oldest === undefined) return;
    const timer = setTimeout(() => setClosed(known => ({ ...known, [oldest]: true })), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [oldest]);
  return (
    <div className={classes.toasts} role="status" aria-label="News">
      {shown.map(notice => (
        <div className="toast" key={notice.id}>
          <WorkBadge status={notice.kind === 'finding' ? 'stale' : notice.kind} word="" />
          <span>
            {notice.title} <span className="faint">{notice.text}</span>
          </span>
          <Link
            className="btn quiet sm"
            to="/runs/$runId"
            params={{ runId: notice.run }}
            onClick={() => setClosed(known => ({ ...known, [notice.id]: true }))}
          >
            Open
          </Link>
        </div>
      ))}
    </div>
  );
}
