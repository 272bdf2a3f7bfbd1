// Remarks that a person should see: what a diagnostic or the stage itself found.
import type { RunState } from '@/lib/api/schema';
import { count } from '@/lib/format';
import { ReadLink } from './read-link';

export function Findings({ state }: { state: RunState }) {
  const found = [...state.findings].reverse();
  const aside = state.set_aside;
  if (found.length === 0 && aside.length === 0) return null;
  return (
    <>
      {found.map(finding => (
        <section
          key={`${finding.time}${finding.code}`}
          className={`finding ${finding.level === 'note' ? '' : finding.level}`}
        >
          <div className="row between">
            <h2 className="h-pane">{finding.level === 'note' ? 'Note' : 'Finding'}</h2>
            {finding.step !== null && <span className="num note">step {count(finding.step ?? 0)}</span>}
          </div>
          <p>{finding.message}</p>
          {finding.level !== 'note' && (finding.step ?? 0) > 0 && <ReadLink step={finding.step ?? 1} />}
        </section>
      ))}
      {aside.map(one => (
        <section key={`${one.time}${one.step}`} className="finding warn">
          <h2 className="h-pane">A damaged state was set aside</h2>
          <p className="muted">
            The state at step {count(one.step)} could not be used: {one.reason}. The one before was taken.
          </p>
        </section>
      ))}
    </>
  );
}
