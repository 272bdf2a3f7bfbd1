// An answer as it is written: one request, read line by line, that can be stopped at any token.
import { useCallback, useEffect, useRef, useState } from 'react';
import { ownHeaders, ProblemError, problemOf, unreachable } from '@/lib/api/client';
import type { components } from '@/lib/api/schema';
import { count } from '@/lib/format';

type Frame =
  | components['schemas']['StartedFrame']
  | components['schemas']['TokenFrame']
  | components['schemas']['DoneFrame']
  | components['schemas']['ErrorFrame'];
export type AnswerToken = components['schemas']['TokenFrame'];
export type Source = components['schemas']['SourceView'];

export interface Answer {
  status: 'idle' | 'loading' | 'writing' | 'done' | 'failed';
  model: Source | null;
  promptIds: number[];
  promptPieces: string[];
  tokens: AnswerToken[];
  reason: string;
  tokensPerS: number | null;
  problem: ProblemError | null;
}

export interface Ask {
  ref: string;
  project: string;
  prompt?: string;
  prompt_ids?: number[];
  messages?: { role: 'user' | 'assistant'; content: string }[];
  settings: Record<string, unknown>;
  alternatives: number;
}

const IDLE: Answer = {
  status: 'idle',
  model: null,
  promptIds: [],
  promptPieces: [],
  tokens: [],
  reason: '',
  tokensPerS: null,
  problem: null,
};

export function useGeneration() {
  const [answer, setAnswer] = useState<Answer>(IDLE);
  const running = useRef<AbortController | null>(null);
  const stop = useCallback(() => running.current?.abort(), []);
  useEffect(() => stop, [stop]);
  const start = useCallback(async (ask: Ask, kept: AnswerToken[] = []): Promise<Answer> => {
    running.current?.abort();
    const mine = new AbortController();
    running.current = mine;
    let now: Answer = { ...IDLE, status: 'loading', tokens: kept };
    const show = (fields: Partial<Answer>) => {
      now = { ...now, ...fields };
      if (running.current === mine) setAnswer(now);
    };
    show({});
    try {
      for await (const frame of frames(ask, mine.signal)) {
        if (frame.type === 'started') {
          const promptIds = frame.prompt_ids.slice(0, frame.prompt_ids.length - kept.length);
          show({ status: 'writing', model: frame.model, promptIds, promptPieces: frame.prompt_pieces });
        } else if (frame.type === 'token') show({ tokens: [...now.tokens, frame] });
        else if (frame.type === 'done')
          show({ status: 'done', reason: frame.finish_reason, tokensPerS: frame.tokens_per_s });
        else throw new ProblemError(frame.problem, frame.problem.status);
      }
      if (now.status !== 'done') throw unreachable();
    } catch (error) {
      if (mine.signal.aborted) show({ status: 'done', reason: 'stopped' });
      else show({ status: 'failed', problem: error instanceof ProblemError ? error : unreachable() });
    }
    return now;
  }, []);
  return { answer, start, stop };
}

async function* frames(ask: Ask, signal: AbortSignal): AsyncGenerator<Frame> {
  const response = await fetch('/api/playground/generate', {
    method: 'POST',
    headers: { ...ownHeaders(), 'Content-Type': 'application/json' },
    body: JSON.stringify(ask),
    signal,
  });
  if (!response.ok || !response.body) throw await problemOf(response);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let held = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    held += value;
    const lines = held.split('\n');
    held = lines.pop() ?? '';
    for (const line of lines) if (line) yield JSON.parse(line) as Frame;
  }
}

/** The exact checkpoint that wrote an answer, in words. */
export function writer({ model }: Answer): string {
  if (!model) return '';
  return /\bstep\b/.test(model.label) ? model.label : `${model.label}, step ${count(model.step)}`;
}
