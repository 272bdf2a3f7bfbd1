// How a token is drawn: the one that was opened, else the next one. All logits come once; sliders work on them at once.
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, data } from '@/lib/api/client';
import { OFF } from '@/lib/sampling';
import { Failed } from '@/ui/failed';
import { SamplingFlow } from '@/widgets/sampling-flow/sampling-flow';
import classes from './playground.module.css';
import type { PlayState } from './state';
import type { Answer } from './use-generation';

interface NextProps {
  state: PlayState;
  project: string;
  answer: Answer;
  selected: number | null;
  prompt: string;
  onChange: (fields: Partial<PlayState>) => void;
}

export function Next({ state, project, answer, selected, prompt, onChange }: NextProps) {
  const written = answer.tokens.slice(0, selected ?? answer.tokens.length).map(token => token.id);
  const hasAnswer = answer.promptIds.length > 0 && answer.status === 'done';
  const ask = hasAnswer ? { prompt_ids: [...answer.promptIds, ...written] } : { prompt };
  const next = useQuery({
    queryKey: ['next', project, state.ref, answer.model?.checkpoint, JSON.stringify(ask)],
    queryFn: () =>
      data(api.POST('/api/playground/next', { body: { ref: state.ref, project, ...ask } as never })),
    enabled: hasAnswer,
    placeholderData: before => before,
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const [isOpen, setIsOpen] = useState(() => matchMedia('(min-width: 701px)').matches);
  if (!hasAnswer) return null;
  const drawn = selected === null ? null : (answer.tokens[selected]?.id ?? null);
  return (
    <section className={`card ${classes.next}`} aria-labelledby="next">
      <div className="card-head">
        <h2 className="h-pane" id="next">
          {drawn === null ? 'How the next token is drawn' : `How token ${(selected ?? 0) + 1} was drawn`}
        </h2>
        <span className="note">
          {drawn === null
            ? 'after the last token; open any token to see its own draw'
            : 'the same logits that it was drawn from'}
        </span>
        <span className="grow" />
        {isOpen && (
          <button type="button" className="btn quiet sm" onClick={() => onChange({ sampling: OFF })}>
            Reset
          </button>
        )}
        <button
          type="button"
          className="btn quiet sm"
          aria-expanded={isOpen}
          aria-controls="next-body"
          onClick={() => setIsOpen(!isOpen)}
        >
          {isOpen ? 'Fold' : 'Show the draw'}
        </button>
      </div>
      <div className="card-body" id="next-body" hidden={!isOpen}>
        {next.error && <Failed title={next.error.message} />}
        {next.data ? (
          <SamplingFlow
            logits={logitsOf(next.data.logits)}
            pieces={next.data.pieces}
            settings={state.sampling}
            onChange={sampling => onChange({ sampling })}
            prompt={answer.promptIds}
            written={written}
            drawn={drawn}
          />
        ) : (
          <div className="skeleton" style={{ height: 300 }} />
        )}
      </div>
    </section>
  );
}

/** The logits as they were sent: float32, little-endian, base64. */
function logitsOf(text: string): Float64Array {
  const bytes = Uint8Array.from(atob(text), character => character.charCodeAt(0));
  return Float64Array.from(new Float32Array(bytes.buffer));
}
