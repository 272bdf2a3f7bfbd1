// A text of one's own, its tokens, and the merges that made them, forwards and backwards.
import { type ReactNode, useMemo } from 'react';
import type { ProblemError } from '@/lib/api/client';
import type { TokenizerAbout } from '@/lib/api/schema';
import { count, decimals } from '@/lib/format';
import { Failed } from '@/ui/failed';
import { useTrace } from './calls';
import { costCurve } from './cost-curve';
import type { Counted } from './counting';
import { filmOf, piecesAfter } from './film';
import { IdsAndBytes } from './ids-and-bytes';
import { Inspector } from './inspector';
import { MergeRail } from './merge-rail';
import { MergeWords } from './merge-words';
import { cut, type LabState, LINK_CHARACTERS, type Under } from './state';
import { TokenLine } from './token-line';
import classes from './tokens.module.css';
import { useLinked, useSettled } from './use-linked';
import { useLinkedHover } from './use-linked-hover';

const encoder = new TextEncoder();
/** Merges are shown for texts up to this length. */
export const MOST_CHARACTERS = 5_000;
const UNDER: [Under, string][] = [
  ['ids', 'Ids'],
  ['bytes', 'Bytes'],
  ['none', 'Text only'],
];

interface LabProps {
  state: LabState;
  project: string;
  about: TokenizerAbout;
  /** Where one chooses the dataset to count in. */
  pick: ReactNode;
  text: string;
  onText: (text: string) => void;
  counted: Counted;
  onChange: (fields: Partial<LabState>) => void;
}

export function Lab({ state, project, about, pick, text, onText, counted, onChange }: LabProps) {
  const numMerges = about.num_merges;
  const [merges, setMerges] = useLinked<number | null>({
    given: state.merges,
    push: value => onChange({ merges: value }),
  });
  const [chosen, setChosen] = useLinked({ given: state.at, push: at => onChange({ at }) });
  const asked = useSettled(cut(text, MOST_CHARACTERS));
  const trace = useTrace(project, state.ref, asked, null);
  const counts = useCounts(project, state.ref, asked, counted);
  const box = useLinkedHover<HTMLElement>();
  const film = useMemo(() => (trace.data ? filmOf(trace.data) : null), [trace.data]);
  const curve = useMemo(() => (film ? costCurve(film) : []), [film]);
  const value = Math.min(merges ?? numMerges, numMerges);
  const pieces = useMemo(() => (film ? piecesAfter(film, value) : []), [film, value]);
  const at = pieces.findLast(piece => piece.start <= chosen) ?? pieces[0];
  const numBytes = encoder.encode(asked).length;
  const tell = (next: number) => setMerges(next >= numMerges ? null : next);
  return (
    <div className={classes.lab}>
      <section ref={box} className="card" aria-labelledby="your-text">
        <div className="card-head">
          <h2 className="h-pane" id="your-text">
            Your text
          </h2>
          <fieldset className="segmented" aria-label="Below each token">
            {UNDER.map(([under, label]) => (
              <button
                key={under}
                type="button"
                aria-pressed={state.under === under}
                onClick={() => onChange({ under })}
              >
                {label}
              </button>
            ))}
          </fieldset>
          <span className="grow" />
          <span className={`num ${classes.totals}`} aria-live="polite">
            <span>
              {count(pieces.length)}
              <span className="unit">{pieces.length === 1 ? 'token' : 'tokens'}</span>
            </span>
            <span>
              {pieces.length ? decimals(numBytes / pieces.length, 2) : '–'}
              <span className="unit">bytes per token</span>
            </span>
          </span>
        </div>
        <div className={classes.type}>
          <label className="sr" htmlFor="lab-text">
            Text to cut into tokens
          </label>
          <textarea
            id="lab-text"
            className={classes.input}
            rows={Math.min(8, Math.max(2, text.split('\n').length))}
            placeholder="Type or paste a text."
            value={text}
            onChange={event => onText(event.target.value)}
          />
          <div className="row between wrap">
            <Length text={text} about={about} />
            {pick}
          </div>
        </div>
        {trace.error ? (
          <div className="card-body">
            <Failed
              title={trace.error.message}
              detail={(trace.error as ProblemError).detail}
              retry={() => trace.refetch()}
            />
          </div>
        ) : film ? (
          <div className={trace.isPlaceholderData ? classes.waiting : ''}>
            {pieces.length === 0 ? (
              <p className="card-body muted">An empty text has no tokens. Type something.</p>
            ) : (
              <TokenLine pieces={pieces} under={state.under} chosen={at?.start ?? 0} onChoose={setChosen} />
            )}
            <div className={classes.merges}>
              {numMerges > 0 ? (
                <>
                  <MergeRail curve={curve} most={numMerges} value={value} onChange={tell} />
                  <MergeWords
                    film={film}
                    value={value}
                    most={numMerges}
                    counts={counts?.merges ?? null}
                    dataset={counted.label}
                    onChange={tell}
                  />
                </>
              ) : (
                <p className="muted">
                  This tokenizer has no list of merges: its tokens are there from the beginning.
                </p>
              )}
            </div>
            <IdsAndBytes pieces={pieces} />
          </div>
        ) : (
          <div className="card-body" role="status" aria-label="Cutting the text">
            <div className="skeleton" style={{ height: 380 }} />
          </div>
        )}
      </section>
      {film && !trace.error ? (
        <Inspector
          film={film}
          pieces={pieces}
          chosen={at}
          value={value}
          most={numMerges}
          counts={counts?.tokens ?? null}
          dataset={counted.label}
        />
      ) : null}
    </div>
  );
}

/** How often the merges and tokens of a text come in the dataset, as soon as that is counted. */
function useCounts(project: string, ref: string, text: string, counted: Counted) {
  const answer = useTrace(project, ref, text, counted.ref);
  return useMemo(() => {
    if (!counted.ref || !answer.data || answer.isPlaceholderData) return null;
    const merges = answer.data.merges.map(merge => [merge.rank, merge.count ?? 0]);
    return { merges: Object.fromEntries(merges), tokens: answer.data.token_counts };
  }, [counted.ref, answer.data, answer.isPlaceholderData]);
}

function Length({ text, about }: { text: string; about: TokenizerAbout }) {
  const spelled = about.special_tokens.find(special => text.includes(special.token));
  if (text.length > MOST_CHARACTERS)
    return (
      <p className="note">
        Merges are shown for the first {count(MOST_CHARACTERS)} of {count(text.length)} characters; the link
        keeps the first {count(LINK_CHARACTERS)}.
      </p>
    );
  if (text.length > LINK_CHARACTERS)
    return (
      <p className="note">
        The link to this page keeps the first {count(LINK_CHARACTERS)} of {count(text.length)} characters.
      </p>
    );
  if (spelled)
    return (
      <p className="note">
        <span className="model">{spelled.token}</span> in a text stays text; only templates and programs write
        the special token.
      </p>
    );
  return <span />;
}
