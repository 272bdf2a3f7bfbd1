// Completion: the prompt is written in place, the answer grows behind it, any token opens into what else it could have been.
import { useEffect, useState } from 'react';
import type { ModelView, RunView } from '@/lib/api/schema';
import { useCopies } from '@/lib/use-copies';
import { Failed } from '@/ui/failed';
import { CopiesPanel } from '@/widgets/copied-text/copies-panel';
import { TINT_BITS, TokenText } from '@/widgets/token-text/token-text';
import { Alternatives } from './alternatives';
import { type Branch, Branches } from './branches';
import { CopyAs } from './copy-as';
import { Foot } from './foot';
import { Next } from './next';
import { Other } from './other';
import classes from './playground.module.css';
import { type PlayState, settingsOf } from './state';
import { type Answer, type AnswerToken, useGeneration } from './use-generation';

interface CompleteProps {
  state: PlayState;
  models: readonly ModelView[];
  project: string;
  training: RunView | undefined;
  onChange: (fields: Partial<PlayState>) => void;
}

export function Complete({ state, models, project, training, onChange }: CompleteProps) {
  const { answer, start, stop } = useGeneration();
  const [prompt, setPrompt] = useState(state.prompt);
  const [selected, setSelected] = useState<number | null>(null);
  const [isTinted, setIsTinted] = useState(true);
  const [branches, setBranches] = useState<Branch[]>([]);
  const [round, setRound] = useState(0);
  const isBusy = answer.status === 'loading' || answer.status === 'writing';
  const ask = (fields: { prompt?: string; prompt_ids?: number[] }, kept: AnswerToken[] = []) =>
    start({ ref: state.ref, project, settings: settingsOf(state), alternatives: 8, ...fields }, kept);
  const remember = (done: Answer, from: string) => {
    if (done.tokens.length > 0 && done.status === 'done') {
      setBranches(known => [...known, { label: from, answer: done }].slice(-6));
    }
  };
  const write = async () => {
    setSelected(null);
    setBranches([]);
    onChange({ prompt });
    setRound(one => one + 1);
    remember(await ask({ prompt }), 'this answer');
  };
  const branch = async (index: number, token: { id: number; text: string; probability: number }) => {
    const kept = answer.tokens.slice(0, index);
    const other: AnswerToken = {
      type: 'token',
      id: token.id,
      text: token.text,
      probability: token.probability,
      surprise: -Math.log(Math.max(token.probability, 1e-12)),
      alternatives: answer.tokens[index]?.alternatives ?? [],
    };
    const begun = [...kept, other];
    setSelected(null);
    const done = await ask({ prompt_ids: [...answer.promptIds, ...begun.map(one => one.id)] }, begun);
    remember(done, `“${token.text.trim() || '␣'}” at token ${index + 1}`);
  };
  const [shown, setShown] = useState<Answer | null>(null);
  useEffect(() => setShown(null), []);
  const now = shown ?? answer;
  const written = now.tokens.map(token => token.text).join('');
  const at = exactRef(now, state.ref);
  const copies = useCopies({ at, project, text: written, isWhole: now.status === 'done' });
  return (
    <div className={`${classes.page} ${state.other ? classes.two : ''}`}>
      <section className={`card ${isBusy ? 'is-live' : ''} ${classes.answer}`} aria-labelledby="answer">
        <div className="card-head">
          <h2 className="h-pane" id="answer">
            Answer
          </h2>
          <fieldset className="segmented" aria-label="Tint">
            <button type="button" aria-pressed={isTinted} onClick={() => setIsTinted(true)}>
              Surprise
            </button>
            <button type="button" aria-pressed={!isTinted} onClick={() => setIsTinted(false)}>
              Plain
            </button>
          </fieldset>
          <span className="grow" />
          {isTinted && (
            <span className="legend">
              surprise in bits
              {TINT_BITS.map((bits, index) => (
                <span key={bits} className={classes.step}>
                  <i style={{ background: index === 0 ? 'var(--surface)' : `var(--seq-${index - 1})` }} />
                  <span className="num">{index === TINT_BITS.length - 1 ? `${bits}+` : bits}</span>
                </span>
              ))}
            </span>
          )}
        </div>
        <form
          className={classes.body}
          onSubmit={event => {
            event.preventDefault();
            void write();
          }}
        >
          <label className="sr" htmlFor="prompt">
            Prompt
          </label>
          <textarea
            id="prompt"
            className={`model ${classes.prompt}`}
            rows={Math.min(8, Math.max(2, prompt.split('\n').length))}
            placeholder="Write how it begins, or nothing: then it begins a text of its own."
            value={prompt}
            onChange={event => setPrompt(event.target.value)}
            onKeyDown={event => {
              if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void write();
              if (event.key === 'Escape') stop();
            }}
          />
          {now.status !== 'idle' && (
            <div aria-live="polite" aria-busy={isBusy}>
              <TokenText
                tokens={now.tokens}
                selected={selected}
                onSelect={setSelected}
                isTinted={isTinted}
                isLive={isBusy}
              >
                <span className={classes.given}>{prompt}</span>
              </TokenText>
            </div>
          )}
          {now.status === 'loading' && (
            <p className="note">
              The model is being loaded; the first answer of a checkpoint takes a few seconds.
            </p>
          )}
          {now.problem && <Failed title={now.problem.message} detail={now.problem.detail} retry={write} />}
          {selected !== null && now.tokens[selected] && (
            <Alternatives
              token={now.tokens[selected]}
              index={selected}
              onBranch={token => {
                setShown(null);
                void branch(selected, token);
              }}
            />
          )}
          <div className="row wrap">
            {isBusy ? (
              <button type="button" className="btn" onClick={stop}>
                <svg viewBox="0 0 14 14" aria-hidden="true" className="solid">
                  <path d="M3.500 3.500h7v7h-7z" />
                </svg>
                Stop
              </button>
            ) : (
              <button type="submit" className="btn primary">
                {now.tokens.length ? 'Write again' : 'Let it write'}
              </button>
            )}
            <label className={classes.number}>
              tokens
              <input
                className="input num"
                type="number"
                min={1}
                max={1000}
                value={state.maxTokens}
                onChange={event => onChange({ maxTokens: Number(event.target.value) || 1 })}
              />
            </label>
            <label className={classes.number}>
              seed
              <input
                className="input num"
                type="number"
                min={0}
                value={state.seed}
                onChange={event => onChange({ seed: Number(event.target.value) || 0 })}
              />
            </label>
            <button type="button" className="btn quiet sm" onClick={() => onChange({ seed: state.seed + 1 })}>
              Another seed
            </button>
            <span className="note">
              <span className="kbd">Ctrl</span> <span className="kbd">Enter</span> writes,{' '}
              <span className="kbd">Esc</span> stops
            </span>
          </div>
        </form>
        {branches.length > 1 && (
          <Branches
            branches={branches}
            current={now}
            onShow={one => {
              setShown(one);
              setSelected(null);
            }}
          />
        )}
        {now.status === 'done' && written !== '' && (
          <div className={classes.body}>
            <CopiesPanel text={written} {...copies} />
          </div>
        )}
        {now.model && <Foot answer={now} training={training} />}
      </section>
      {state.other && (
        <Other
          key={state.other}
          state={state}
          models={models}
          project={project}
          prompt={prompt}
          round={round}
          first={now}
          onChange={onChange}
        />
      )}
      <Next
        state={state}
        project={project}
        answer={now}
        selected={selected}
        prompt={prompt}
        onChange={onChange}
      />
      <CopyAs
        state={{ ...state, prompt }}
        reference={at}
        hasTemplate={models.some(model => model.ref === state.ref && model.has_chat_template)}
      />
    </div>
  );
}

/** The exact checkpoint that answered, so that what is copied gives the same answer tomorrow. */
function exactRef(answer: Answer, ref: string): string {
  return answer.model?.run && ref.endsWith(':latest') ? `${answer.model.run}:${answer.model.step}` : ref;
}
