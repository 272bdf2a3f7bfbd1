// "Look for copies": the button, what an index that is being made says, what went wrong, and what was found. It never fetches.
import { Link } from '@tanstack/react-router';
import type { CopiesView } from '@/lib/api/schema';
import { Failed } from '@/ui/failed';
import { CopiedText } from './copied-text';
import classes from './copied-text.module.css';

interface CopiesPanelProps {
  text: string;
  isOn: boolean;
  least: number;
  found: CopiesView | null;
  isLooking: boolean;
  indexing: { run: string; words: string } | null;
  needsIndex: boolean;
  problem: { title: string; detail: string | undefined } | null;
  look: () => void;
  stop: () => void;
  setLeast: (least: number) => void;
}

export function CopiesPanel(props: CopiesPanelProps) {
  const { text, isOn, least, found, isLooking, indexing, needsIndex, problem, look, stop, setLeast } = props;
  if (!isOn)
    return (
      <p>
        <button type="button" className="btn quiet sm" disabled={text === ''} onClick={look}>
          Look for copies
        </button>
      </p>
    );
  return (
    <section className={classes.box} aria-label="Copied or composed" aria-busy={isLooking}>
      <div className="row wrap">
        <h3 className="h-pane">Copied or composed?</h3>
        <span className="grow" />
        <label className={classes.least}>
          from
          <input
            className="input num"
            type="number"
            min={1}
            max={1000}
            value={least}
            onChange={event => setLeast(Math.min(1000, Math.max(1, Number(event.target.value) || 1)))}
          />
          characters
        </label>
        <button type="button" className="btn quiet sm" onClick={stop}>
          Close
        </button>
      </div>
      {needsIndex && (
        <p className="muted">
          The text that it learned from is not sorted yet. That is done once: some seconds for 5 MB.{' '}
          <button type="button" className="btn sm" onClick={look}>
            Sort it
          </button>
        </p>
      )}
      {indexing && (
        <p className="note" role="status">
          Sorting the text that it learned from: {indexing.words}.{' '}
          <Link className="link" to="/runs/$runId" params={{ runId: indexing.run }}>
            Its run
          </Link>
        </p>
      )}
      {problem && <Failed title={problem.title} detail={problem.detail} />}
      {isLooking && !found && (
        <p className="note" role="status">
          Looking it up.
        </p>
      )}
      {found && !needsIndex && <CopiedText text={text} found={found} />}
    </section>
  );
}
