// Special tokens and the chat template: tried on a copy as they are typed, with each token and whether a model learns it.
import { useMemo } from 'react';
import type { ProblemError } from '@/lib/api/client';
import type { TokenizerAbout } from '@/lib/api/schema';
import { Failed } from '@/ui/failed';
import { useChat } from './calls';
import classes from './chat.module.css';
import {
  addedTokens,
  type Conversation,
  readConversation,
  usualConversation,
  writeConversation,
} from './conversation';
import { Masked } from './masked';
import { SaveExtended } from './save-extended';
import { SpecialTokens } from './special-tokens';
import type { LabState } from './state';
import { Turns } from './turns';
import { useLinked, useSettled } from './use-linked';

interface ChatProps {
  state: LabState;
  project: string;
  about: TokenizerAbout;
  onChange: (fields: Partial<LabState>) => void;
}

export function Chat({ state, project, about, onChange }: ChatProps) {
  const usual = useMemo(() => usualConversation(about), [about]);
  const [text, setText] = useLinked({ given: state.chat, push: value => onChange({ chat: value }) });
  const now = useMemo(() => readConversation(text, usual), [text, usual]);
  const change = (fields: Partial<Conversation>) => setText(writeConversation({ ...now, ...fields }, usual));
  const asked = useSettled(now, 250);
  const rendered = useChat({
    project,
    ref: state.ref,
    messages: asked.turns,
    template: asked.template,
    special_tokens: addedTokens(asked),
    add_generation_prompt: asked.hasPrompt,
  });
  const template = now.template ?? rendered.data?.template ?? about.chat_template ?? '';
  return (
    <div className={classes.chat}>
      <div className={classes.column}>
        <SpecialTokens about={about} added={now.added} onChange={added => change({ added })} />
        <section className="card" aria-labelledby="template">
          <div className="card-head">
            <h2 className="h-pane" id="template">
              Chat template
            </h2>
            <span className="note">Jinja, in a sandbox</span>
            <span className="grow" />
            {now.template !== null && (
              <button type="button" className="btn quiet sm" onClick={() => change({ template: null })}>
                Set back
              </button>
            )}
          </div>
          <div className="card-body">
            <textarea
              className={classes.template}
              aria-label="Chat template"
              spellCheck={false}
              rows={12}
              maxLength={100_000}
              value={template}
              onChange={event => change({ template: event.target.value })}
            />
          </div>
        </section>
      </div>
      <div className={classes.column}>
        <section className="card" aria-labelledby="conversation">
          <div className="card-head">
            <h2 className="h-pane" id="conversation">
              Conversation
            </h2>
            <span className="grow" />
            <label className={classes.prompt}>
              <input
                type="checkbox"
                className="switch"
                checked={now.hasPrompt}
                onChange={event => change({ hasPrompt: event.target.checked })}
              />
              with the prompt for an answer
            </label>
          </div>
          <Turns turns={now.turns} onChange={turns => change({ turns })} />
        </section>
        <section className="card" aria-labelledby="as-read">
          <div className="card-head">
            <h2 className="h-pane" id="as-read">
              As the model reads it
            </h2>
          </div>
          <div className="card-body">
            {rendered.error ? (
              <Failed
                title={rendered.error.message}
                detail={(rendered.error as ProblemError).detail}
                retry={() => rendered.refetch()}
              />
            ) : rendered.data ? (
              <Masked chat={rendered.data} isWaiting={rendered.isPlaceholderData} />
            ) : (
              <div role="status" aria-label="Writing the conversation">
                <div className="skeleton" style={{ height: 160 }} />
              </div>
            )}
          </div>
        </section>
        <SaveExtended
          project={project}
          about={about}
          added={addedTokens(now)}
          template={now.template}
          onStarted={run => onChange({ run })}
        />
      </div>
    </div>
  );
}
