// Says calmly that the stream is broken and since when; what is shown stays.
import { useEffect, useState } from 'react';
import { duration } from '@/lib/format';
import { useLive } from '@/lib/live/store';
import classes from './shell.module.css';

const PATIENCE_MS = 3000;

export function ConnectionNote() {
  const connection = useLive(state => state.connection);
  const heardAt = useLive(state => state.heardAt);
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  const isLost = connection !== 'open' && now - heardAt > PATIENCE_MS;
  document.documentElement.toggleAttribute('data-offline', isLost);
  if (!isLost) return null;
  return (
    <p className={classes.offline} role="status">
      The server does not answer. What you see is {duration((now - heardAt) / 1000)} old; it goes on by itself
      when the server is back.
    </p>
  );
}
