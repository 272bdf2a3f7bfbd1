// Which held-out documents were copies of what is learned from, and what became of them.
import type { LeakageView } from '@/lib/api/schema';
import { count, decimals } from '@/lib/format';
import classes from './data.module.css';

const SHOWN = 5;

export function Leakage({ found }: { found: LeakageView }) {
  const rows = Object.entries(found.found);
  const total = rows.reduce((sum, [, counts]) => sum + counts.equal + counts.near, 0);
  const isDropped = found.on_leak === 'drop';
  return (
    <div className={`finding ${total > 0 && !isDropped ? 'warn' : 'ok'} ${classes.leak}`}>
      <h3 className="h-pane">Leakage check</h3>
      <p className="reading">{leakReading(total, isDropped)}</p>
      <ul className={classes.checks}>
        {rows.map(([part, counts]) => (
          <li key={part}>
            <span>{part} against what comes before it</span>
            <span className="num">
              {count(counts.equal)} equal, {count(counts.near)} near
            </span>
          </li>
        ))}
      </ul>
      {found.examples.length > 0 && (
        <details>
          <summary className="note">Show {found.examples.length > SHOWN ? 'some of them' : 'them'}</summary>
          <ul className={classes.leaks}>
            {found.examples.slice(0, SHOWN).map(one => (
              <li key={one.id}>
                <span className="num">
                  {one.id} = {one.twin.id}
                </span>
                <span className="note">
                  {one.is_equal ? 'the same text' : `${decimals(one.similarity, 2)} alike`}
                </span>
                <p>{one.text.slice(0, 160)}</p>
              </li>
            ))}
          </ul>
        </details>
      )}
      <p className="note">Near: {decimals(found.copy_threshold, 2)} of their runs of five words in common.</p>
    </div>
  );
}

/** What was found, in one sentence. */
export function leakReading(total: number, isDropped: boolean): string {
  if (total === 0) return 'No held-out document is a copy of what is learned from.';
  const what =
    total === 1 ? '1 held-out document was a copy' : `${count(total)} held-out documents were copies`;
  return isDropped
    ? `${what} of what is learned from; ${total === 1 ? 'it was' : 'they were'} taken out of what is held out.`
    : `${what} of what is learned from. The loss on what is held out looks too good.`;
}
