// Chat. A model whose tokenizer has a chat template gets the turns as its template writes them. For one that has not learned turns
// they are written out as a transcript, and it goes on with that until the next speaker would begin. The text that the model
// reads is shown openly either way.
import { type FormEvent, useState } from 'react';
import { useCopies } from '@/lib/use-copies';
import { Failed } from '@/ui/failed';
import { CopiesPanel } from '@/widgets/copied-text/copies-panel';
import classes from './playground.module.css';
import { type PlayState, settingsOf } from './state';
import { useGeneration } from './use-generation';

interface Turn {
  who: 'YOU' | 'MODEL';
  text: string;
}

interface ChatProps {
  state: PlayState;
  project: string;
  hasTemplate: boolean;
}

export function Chat({ state, project, hasTemplate }: ChatProps) {
  const { answer, start, stop } = useGeneration();
  const [turns, setTurns] = useState<Turn[]>([]);
  const [text, setText] = useState('');
  const [isTemplate, setIsTemplate] = useState(false);
  const isBusy = answer.status === 'loading' || answer.status === 'writing';
  const growing = answer.tokens.map(token => token.text).join('');
  const send = async (event: FormEvent) => {
    event.preventDefault();
    if (!text.trim() || isBusy) return;
    const asked: Turn[] = [...turns, { who: 'YOU', text: text.trim() }];
    setTurns(asked);
    setText('');
    const done = await start({
      ref: state.ref,
      project,
      ...(hasTemplate ? { messages: messagesOf(asked) } : { prompt: transcript(asked) }),
      settings: { ...settingsOf(state), ...(hasTemplate ? {} : { stop: ['\nYOU\n', '\nYOU'] }) },
      alternatives: 0,
    });
    const written = done.tokens
      .map(token => token.text)
      .join('')
      .trim();
    if (done.status === 'done') setTurns([...asked, { who: 'MODEL', text: written }]);
  };
  const said = turns.findLast(turn => turn.who === 'MODEL')?.text ?? '';
  const copies = useCopies({ at: state.ref, project, text: said, isWhole: !isBusy });
  const read = turns.length > 0 ? answer.promptPieces.join('') + growing : '';
  const shown: Turn[] =
    isBusy || answer.status === 'failed'
      ? [...turns, ...(growing ? [{ who: 'MODEL' as const, text: growing }] : [])]
      : turns;
  return (
    <section className={`card ${classes.chat}`} aria-labelledby="chat">
      <div className="card-head">
        <h2 className="h-pane" id="chat">
          Chat
        </h2>
        <fieldset className="segmented" aria-label="View">
          <button type="button" aria-pressed={!isTemplate} onClick={() => setIsTemplate(false)}>
            Words
          </button>
          <button type="button" aria-pressed={isTemplate} onClick={() => setIsTemplate(true)}>
            Template
          </button>
        </fieldset>
        <span className="grow" />
        {turns.length > 0 && (
          <button type="button" className="btn quiet sm" disabled={isBusy} onClick={() => setTurns([])}>
            Begin anew
          </button>
        )}
      </div>
      <div className="card-body stack">
        {isTemplate ? (
          <pre className="code">
            {hasTemplate ? read || 'Shown with the first answer.' : transcript(shown) || 'YOU\n…\n\nMODEL\n'}
          </pre>
        ) : (
          <ol className={classes.turns} aria-live="polite">
            {shown.map((turn, index) => (
              <li key={`${turn.who}${index}`} className={turn.who === 'YOU' ? classes.mine : ''}>
                <span className="tag">{turn.who === 'YOU' ? 'you' : 'model'}</span>
                <p className="model">{turn.text || '…'}</p>
              </li>
            ))}
          </ol>
        )}
        {shown.length === 0 && !isTemplate && (
          <p className="muted">
            {hasTemplate
              ? 'Say something.'
              : 'Say something. It answers as the text that it has read would go on.'}
          </p>
        )}
        {answer.status === 'loading' && <p className="note">The model is being loaded.</p>}
        {answer.problem && <Failed title={answer.problem.message} detail={answer.problem.detail} />}
        {said !== '' && !isBusy && <CopiesPanel text={said} {...copies} />}
        <form className={classes.say} onSubmit={send}>
          <label className="sr" htmlFor="turn">
            Your turn
          </label>
          <input
            id="turn"
            className="input"
            placeholder="Write the next turn"
            value={text}
            onChange={event => setText(event.target.value)}
          />
          {isBusy ? (
            <button type="button" className="btn" onClick={stop}>
              Stop
            </button>
          ) : (
            <button type="submit" className="btn primary" disabled={!text.trim()}>
              Send
            </button>
          )}
        </form>
        <p className="note">
          {hasTemplate
            ? 'This model knows turns: its chat template writes the conversation, special tokens included. Template shows the very text that it reads.'
            : 'This model has not learned turns. It goes on with a transcript, speaker by speaker; Template shows the very text that it reads.'}
        </p>
      </div>
    </section>
  );
}

/** Turns as messages, for a model with a chat template. */
export function messagesOf(turns: readonly Turn[]): { role: 'user' | 'assistant'; content: string }[] {
  return turns.map(turn => ({ role: turn.who === 'YOU' ? 'user' : 'assistant', content: turn.text }));
}

/** Turns as the text that the model reads: speakers in capitals, as plays write them. */
export function transcript(turns: readonly Turn[]): string {
  if (turns.length === 0) return '';
  const said = turns.map(turn => `${turn.who}\n${turn.text}\n\n`).join('');
  return turns.at(-1)?.who === 'YOU' ? `${said}MODEL\n` : said;
}
