// The same answer as a command, a request, a program.
import { useState } from 'react';
import { CopyButton } from '@/ui/copy-button';
import classes from './playground.module.css';
import { copies, type PlayState } from './state';

const KINDS = [
  ['command', 'Command'],
  ['curl', 'curl'],
  ['python', 'Python'],
] as const;

interface CopyAsProps {
  state: PlayState;
  reference: string;
  hasTemplate: boolean;
}

export function CopyAs({ state, reference, hasTemplate }: CopyAsProps) {
  const [kind, setKind] = useState<'command' | 'curl' | 'python'>('command');
  const text = copies(state, reference, location.origin, hasTemplate)[kind];
  return (
    <section className={`card ${classes.copy}`} aria-labelledby="copy">
      <div className="card-head">
        <h2 className="h-pane" id="copy">
          Copy as
        </h2>
        <fieldset className="segmented" aria-label="Form">
          {KINDS.map(([value, label]) => (
            <button key={value} type="button" aria-pressed={kind === value} onClick={() => setKind(value)}>
              {label}
            </button>
          ))}
        </fieldset>
        <span className="grow" />
        <CopyButton text={text} />
      </div>
      <div className="card-body">
        <pre className="code">{text}</pre>
        {kind === 'curl' && (
          <p className="note">
            The token stands in server.json of the home folder; only its owner can read it.
          </p>
        )}
      </div>
    </section>
  );
}
