// Keeping the special tokens and the template: a run that makes a longer tokenizer, under a name.
import { useState } from 'react';
import type { TokenizerAbout } from '@/lib/api/schema';
import { Failed } from '@/ui/failed';
import classes from './chat.module.css';
import { extendDocument, nameProblem } from './train';
import { useOrder } from './use-order';

interface SaveExtendedProps {
  project: string;
  about: TokenizerAbout;
  added: Record<string, string>;
  template: string | null;
  onStarted: (run: string) => void;
}

export function SaveExtended({ project, about, added, template, onStarted }: SaveExtendedProps) {
  const [name, setName] = useState('');
  const { order, problem, isBusy } = useOrder(project, onStarted);
  const { artifact } = about;
  const hasChange = Object.keys(added).length > 0 || template !== null;
  const wrong = nameProblem(name);
  if (artifact === null)
    return (
      <p className="note">
        A known tokenizer is only looked at here; one of your own can be saved with these tokens.
      </p>
    );
  return (
    <form
      className="card"
      onSubmit={event => {
        event.preventDefault();
        void order(extendDocument(name, artifact, added, template));
      }}
    >
      <div className="card-body stack">
        <div className={classes.save}>
          <label className={`field ${wrong ? 'is-bad' : ''}`}>
            <span className="label">Name of the new tokenizer</span>
            <input className="input num" value={name} onChange={event => setName(event.target.value)} />
          </label>
          <button type="submit" className="btn" disabled={!name || wrong !== '' || !hasChange || isBusy}>
            Save as a new tokenizer
          </button>
        </div>
        <p className="note">
          {wrong ||
            (hasChange
              ? 'All ids stay; the new tokens come after them, so a model of the old one can go on with the new one.'
              : 'Add a special token or change the template first.')}
        </p>
        {problem && <Failed title={problem.message} detail={problem.detail} />}
      </div>
    </form>
  );
}
