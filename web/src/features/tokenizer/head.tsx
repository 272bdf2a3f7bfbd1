// The head of the page: which tokenizer, what it is in one line, what can be done with it, and the views of it.
import type { TokenizerRow } from '@/lib/api/schema';
import { count } from '@/lib/format';
import { KindShape } from '@/ui/kind-shape';
import { useAbout } from './calls';
import classes from './page.module.css';
import { TokenizerPick } from './picks';
import type { LabState, Tab } from './state';

const VIEWS: [Tab, string][] = [
  ['text', 'Text'],
  ['vocabulary', 'Vocabulary'],
  ['size', 'Size'],
  ['chat', 'Special tokens'],
];

interface HeadProps {
  state: LabState;
  project: string;
  items: readonly TokenizerRow[];
  onChange: (fields: Partial<LabState>) => void;
  onTrain: () => void;
}

export function Head({ state, project, items, onChange, onTrain }: HeadProps) {
  const about = useAbout(project, state.ref).data;
  const query = new URLSearchParams({ ref: state.ref, project });
  return (
    <>
      <div className={`page-head ${classes.head}`}>
        <h1 className="title">Tokenizer lab</h1>
        <span className="grow" />
        {about?.artifact && (
          <a className="btn" href={`/api/tokenizers/file?${query}`} download>
            Export tokenizer.json
          </a>
        )}
        <button type="button" className="btn primary" onClick={onTrain}>
          Train a new one
        </button>
      </div>
      <div className={classes.which}>
        <KindShape kind="tokenizer" />
        <TokenizerPick
          items={items}
          value={state.ref}
          onChange={ref => onChange({ ref, merges: null })}
          label="Tokenizer"
        />
        {about && (
          <span className={`tag ${classes.what}`}>
            {about.type} · {count(about.vocab_size)} ids
            {about.num_merges > 0 && ` · ${count(about.num_merges)} merges`}
          </span>
        )}
        <span className={classes.space} />
        <fieldset className="segmented" aria-label="View">
          {VIEWS.map(([tab, label]) => (
            <button
              key={tab}
              type="button"
              aria-pressed={state.tab === tab}
              onClick={() => onChange({ tab })}
            >
              {label}
            </button>
          ))}
        </fieldset>
      </div>
    </>
  );
}
