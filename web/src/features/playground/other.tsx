// The same prompt and seed with another checkpoint, and where the two answers part.
import { useEffect } from 'react';
import type { ModelView } from '@/lib/api/schema';
import { Failed } from '@/ui/failed';
import { TokenText } from '@/widgets/token-text/token-text';
import { ModelSelect } from './model-select';
import classes from './playground.module.css';
import { type PlayState, settingsOf } from './state';
import { type Answer, useGeneration, writer } from './use-generation';

interface OtherProps {
  state: PlayState;
  models: readonly ModelView[];
  project: string;
  prompt: string;
  /** Grows with each answer that is asked for on the left. */
  round: number;
  first: Answer;
  onChange: (fields: Partial<PlayState>) => void;
}

export function Other({ state, models, project, prompt, round, first, onChange }: OtherProps) {
  const { answer, start } = useGeneration();
  // biome-ignore lint/correctness/useExhaustiveDependencies: it writes when the other one is asked to
  useEffect(() => {
    if (state.other && round > 0)
      void start({ ref: state.other, project, prompt, settings: settingsOf(state), alternatives: 3 });
  }, [round, state.other]);
  const parts = partsAt(first.tokens, answer.tokens);
  return (
    <section className={`card ${classes.other}`} aria-labelledby="other">
      <div className="card-head">
        <h2 className="h-pane" id="other">
          Same prompt, another
        </h2>
      </div>
      <div className="card-body stack">
        <ModelSelect
          models={models}
          value={state.other}
          onChange={other => onChange({ other })}
          label="The other model"
          none="none"
        />
        {answer.status === 'idle' && (
          <p className="muted">It writes together with the first, from the same seed.</p>
        )}
        {answer.problem && <Failed title={answer.problem.message} detail={answer.problem.detail} />}
        {answer.tokens.length > 0 && (
          <>
            <TokenText
              tokens={answer.tokens}
              selected={null}
              onSelect={() => undefined}
              isTinted
              isLive={answer.status === 'writing'}
              partsAt={parts}
            />
            <p className="note">
              by {writer(answer)}.{' '}
              {parts === null
                ? 'Both say the same so far.'
                : `They part at token ${parts + 1}, marked by the line.`}
            </p>
          </>
        )}
      </div>
    </section>
  );
}

/** The first token at which two answers differ. */
export function partsAt(a: readonly { id: number }[], b: readonly { id: number }[]): number | null {
  const shorter = Math.min(a.length, b.length);
  for (let index = 0; index < shorter; index += 1) if (a[index]?.id !== b[index]?.id) return index;
  return null;
}
