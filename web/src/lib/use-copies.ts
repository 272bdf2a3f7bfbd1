// Copied or composed? What of a text stands word for word in what a model learned from. It is looked up while `copies` stands in the
// address; where the text is not indexed yet, an index is ordered only by a press.
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { api, data, type ProblemError } from './api/client';
import type { CopiesView } from './api/schema';
import { useRunLog } from './live/hooks';

const LEAST = 20;
const MOST_CHARACTERS = 20_000;

interface Asked {
  /** The model, or its run. */
  at: string;
  project: string;
  text: string;
  /** A text that is still being written is not looked up. */
  isWhole: boolean;
}

export interface Copies {
  isOn: boolean;
  least: number;
  found: CopiesView | null;
  isLooking: boolean;
  /** What an index that is being made says of itself. */
  indexing: { run: string; words: string } | null;
  needsIndex: boolean;
  problem: { title: string; detail: string | undefined } | null;
  look: () => void;
  stop: () => void;
  setLeast: (least: number) => void;
}

export function useCopies({ at, project, text, isWhole }: Asked): Copies {
  const search = useSearch({ strict: false }) as { copies?: string | number };
  const navigate = useNavigate();
  const [run, setRun] = useState<string | null>(null);
  const [failed, setFailed] = useState<ProblemError | null>(null);
  const [isPressed, setIsPressed] = useState(false);
  const least = Math.max(1, Number(search.copies) || 0);
  const isOn = search.copies !== undefined && search.copies !== '';
  const change = (copies: number | undefined) =>
    void navigate({
      to: '.',
      search: ((before: object) => ({ ...before, copies })) as never,
      replace: true,
      resetScroll: false,
    });
  const log = useRunLog(run);
  const { status, progress, error } = log.state;
  const isIndexing = run !== null && !['done', 'failed', 'stopped'].includes(status);
  const query = useQuery({
    queryKey: ['copies', project, at, least, text, run && status === 'done'],
    queryFn: () => lookUp(at, project, text.slice(0, MOST_CHARACTERS), least),
    enabled: isOn && isWhole && text !== '' && at !== '' && !isIndexing,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  const problem = query.error as ProblemError | null;
  const needsIndex = problem?.code === 'not-indexed';
  const order = async () => {
    setFailed(null);
    try {
      setRun((await data(api.POST('/api/copies/index', { body: { ref: at, project } }))).run);
    } catch (thrown) {
      setFailed(thrown as ProblemError);
    }
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: a press orders once, as soon as it is known that an index is missing
  useEffect(() => {
    if (!isPressed || !needsIndex) return;
    setIsPressed(false);
    void order();
  }, [isPressed, needsIndex]);
  const said = failed ?? (needsIndex ? null : problem);
  const words = progress ? `${progress.phase}, ${progress.done} of ${progress.total} ${progress.unit}` : '';
  return {
    isOn,
    least: isOn ? least : LEAST,
    found: isOn ? (query.data ?? null) : null,
    isLooking: isOn && query.isFetching,
    indexing: isIndexing ? { run, words: words || 'waits for its turn' } : null,
    needsIndex: isOn && needsIndex && !isIndexing,
    problem: said
      ? { title: said.message, detail: said.detail }
      : status === 'failed' && error
        ? { title: error.message, detail: error.hint }
        : null,
    look: () => {
      setIsPressed(true);
      if (!isOn) change(LEAST);
    },
    stop: () => {
      setIsPressed(false);
      change(undefined);
    },
    setLeast: change,
  };
}

function lookUp(ref: string, project: string, text: string, least: number): Promise<CopiesView> {
  return data(api.POST('/api/copies', { body: { ref, project, text, min_characters: least } }));
}
