// Remarks that a person should see: what a diagnostic or the stage itself found, with cause, numbers and a change to try.
import { memo, useState } from 'react';
import type { RunDetail, RunState } from '@/lib/api/schema';
import { count, decimals } from '@/lib/format';
import { words } from '@/widgets/settings-form/settings-form';
import { CloneDialog } from './clone-dialog';
import { ReadLink } from './read-link';
import { findingTitle, GUIDE, type Remedy, remedyFields } from './remedies';
import classes from './run.module.css';

type Finding = RunState['findings'][number];

interface FindingsProps {
  findings: RunState['findings'];
  setAside: RunState['set_aside'];
  detail: RunDetail;
  /** The node whose run this is; a remedy's fields are its settings. */
  node: string;
  /** Leaves out what the recipe itself says. */
  isOnlyFound?: boolean;
}

export const Findings = memo(function Findings({
  findings,
  setAside,
  detail,
  node,
  isOnlyFound = false,
}: FindingsProps) {
  const [remedy, setRemedy] = useState<Remedy | null>(null);
  const found = [...findings].reverse();
  const fault = isOnlyFound ? '' : (detail.recipe?.about_fault ?? '');
  if (found.length === 0 && setAside.length === 0 && !fault) return null;
  return (
    <>
      {found.map(finding => (
        <OneFinding
          key={`${finding.time}${finding.code}`}
          finding={finding}
          detail={detail}
          node={node}
          onTry={setRemedy}
        />
      ))}
      {setAside.map(one => (
        <section key={`${one.time}${one.step}`} className="finding warn">
          <h2 className="h-pane">A damaged state was set aside</h2>
          <p className="muted">
            The state at step {count(one.step)} could not be used: {one.reason}. The one before was taken.
          </p>
        </section>
      ))}
      {fault && (
        <details className={`finding ${classes.fault}`}>
          <summary>This recipe is broken on purpose. What was wrong?</summary>
          <p>{fault}</p>
        </details>
      )}
      {remedy && (
        <CloneDialog
          detail={detail}
          change={remedyFields(remedy, node)}
          why={remedy.text}
          onClose={() => setRemedy(null)}
        />
      )}
    </>
  );
});

interface OneFindingProps {
  finding: Finding;
  detail: RunDetail;
  node: string;
  onTry: (remedy: Remedy) => void;
}

function OneFinding({ finding, detail, node, onTry }: OneFindingProps) {
  const { remedy } = finding;
  const fields = remedy ? Object.entries(remedyFields(remedy, node)) : [];
  const canClone = (detail.actions as string[]).includes('clone');
  return (
    <section className={`finding ${finding.level === 'note' ? '' : finding.level}`}>
      <div className="row between">
        <h2 className="h-pane">{findingTitle(finding)}</h2>
        {finding.step !== null && <span className="num note">step {count(finding.step ?? 0)}</span>}
      </div>
      <p>{finding.message}</p>
      {finding.cause && (
        <div className={classes.cause}>
          <p className="muted">{finding.cause}</p>
          <Evidence evidence={finding.evidence ?? {}} />
          {remedy && <p>{remedy.text}</p>}
          <div className="row wrap">
            {remedy && fields.length > 0 && canClone && (
              <button type="button" className="btn sm" onClick={() => onTry(remedy)}>
                Clone with {changeWords(fields)}
              </button>
            )}
            <a className="link" href={`${GUIDE}#${finding.code}`} target="_blank" rel="noreferrer">
              What is this?
            </a>
          </div>
        </div>
      )}
      {finding.level !== 'note' && (finding.step ?? 0) > 0 && <ReadLink step={finding.step ?? 1} />}
    </section>
  );
}

/** The one change by its name, or how many there are; the dialog shows each as a difference. */
function changeWords(fields: [string, unknown][]): string {
  const [only] = fields;
  if (!only || fields.length > 1) return `${fields.length} changes`;
  const last = only[0].split('.').at(-1) ?? '';
  return `${last.replaceAll('_', ' ')} ${only[1]}`;
}

/** The numbers that the finding was read from, to be checked. */
function Evidence({ evidence }: { evidence: Record<string, unknown> }) {
  const rows = Object.entries(evidence);
  if (rows.length === 0) return null;
  return (
    <details className={classes.evidence}>
      <summary>
        {rows.length} {rows.length === 1 ? 'number' : 'numbers'} to check it by
      </summary>
      <dl>
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{words(name)}</dt>
            <dd className="num">{shown(value)}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}

function shown(value: unknown): string {
  if (typeof value !== 'number') return String(value);
  if (Number.isInteger(value)) return count(value);
  return Math.abs(value) < 0.001 || Math.abs(value) >= 1000 ? value.toPrecision(4) : decimals(value);
}
