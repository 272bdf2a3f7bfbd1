// The same text through two to four tokenizers, and how many bytes each packs into a token, by kind of text.
import type { TokenizerAbout, TokenizerRow } from '@/lib/api/schema';
import { useEncoded } from './calls';
import { Kinds } from './kinds';
import { TokenizerPick } from './picks';
import classes from './side.module.css';
import { SideCard } from './side-card';
import { type LabState, MAX_OTHERS } from './state';
import { useSettled } from './use-linked';

interface SideBySideProps {
  state: LabState;
  project: string;
  about: TokenizerAbout;
  items: readonly TokenizerRow[];
  absent: readonly TokenizerRow[];
  text: string;
  onChange: (fields: Partial<LabState>) => void;
}

export function SideBySide({ state, project, about, items, absent, text, onChange }: SideBySideProps) {
  const others = (state.others ?? usual(items, state.ref)).filter(ref => ref !== state.ref);
  const refs = [state.ref, ...others];
  const nameOf = (ref: string) =>
    items.find(one => one.ref === ref)?.label ?? (ref === state.ref ? about.label : ref);
  const hasOwn = useEncoded(project, state.ref, useSettled(text, 350)).data !== undefined;
  return (
    <section className={classes.side} aria-labelledby="side-by-side">
      <header className="row between wrap">
        <h2 className="title" id="side-by-side">
          Side by side
        </h2>
        <div className="row wrap">
          <span className="note">
            Same text, {refs.length === 1 ? 'one tokenizer' : `${refs.length} tokenizers`}.
          </span>
          {others.length < MAX_OTHERS && (
            <TokenizerPick
              items={items}
              value=""
              taken={refs}
              none="add another"
              label="Add a tokenizer to compare with"
              onChange={ref => ref && onChange({ others: [...others, ref] })}
            />
          )}
        </div>
      </header>
      <div className={classes.cards} style={{ '--cards': refs.length } as React.CSSProperties}>
        {refs.map(ref => (
          <SideCard
            key={ref}
            project={project}
            tokenizer={ref}
            label={nameOf(ref)}
            note={noteOf(items.find(one => one.ref === ref))}
            width={state.width}
            text={text}
            isFirst={ref === state.ref}
            isWanted={ref === state.ref || hasOwn}
            onRemove={() => onChange({ others: others.filter(one => one !== ref) })}
          />
        ))}
      </div>
      {absent.length > 0 && <p className={`note ${classes.absent}`}>{absentWords(absent)}</p>}
      <Kinds
        project={project}
        refs={refs}
        nameOf={nameOf}
        text={text}
        isWanted={hasOwn}
        by={state.by}
        onBy={by => onChange({ by })}
      />
    </section>
  );
}

/** What stands beside the first unless somebody chose: one token a byte, and the known one with the largest list. */
function usual(items: readonly TokenizerRow[], first: string): string[] {
  const known = items.filter(one => one.kind === 'known' && one.ref !== first).map(one => one.ref);
  return known.length > 2 ? [known[0] ?? '', known.at(-1) ?? ''] : known;
}

function noteOf(row: TokenizerRow | undefined): string {
  if (row?.kind === 'known') return row.note;
  return row?.kind === 'model' ? 'of a model' : 'yours';
}

function absentWords(absent: readonly TokenizerRow[]): string {
  const packages = [...new Set(absent.filter(one => one.package).map(one => one.package))];
  return packages
    .map(name => {
      const labels = absent.filter(one => one.package === name).map(one => one.label);
      const all = labels.length > 1 ? `${labels.slice(0, -1).join(', ')} and ${labels.at(-1)}` : labels[0];
      return `${all} can stand here too: the package ${name} brings ${labels.length > 1 ? 'them' : 'it'}.`;
    })
    .join(' ');
}
