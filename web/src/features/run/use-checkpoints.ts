// What the server knows of a run's checkpoints beside the events: their names, whether a state is left, and whether their bytes are what
// was saved. Small ones are read again as soon as they are shown; a long reading is asked for first.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, data, type ProblemError } from '@/lib/api/client';

/** Bytes that are read without asking: half a second. */
const READ_UNASKED = 256e6;

/** `training`: the run that saves. `steps`: those that are shown. `saved`: how many there are; with another number it is asked again. */
export function useCheckpoints(training: string, steps: number[], saved: number) {
  const queries = useQueryClient();
  const [asked, setAsked] = useState('');
  const [problem, setProblem] = useState('');
  const shown = steps.join(' ');
  const path = { run: training };
  const rows = useQuery({
    queryKey: ['checkpoints', training, saved],
    queryFn: () => data(api.GET('/api/runs/{run}/checkpoints', { params: { path } })),
    placeholderData: before => before,
    enabled: training !== '' && saved > 0,
  });
  const of = new Map((rows.data?.items ?? []).map(row => [row.step, row]));
  const numBytes = steps.reduce((sum, step) => sum + (of.get(step)?.size_bytes ?? 0), 0);
  const isKnown = steps.length > 0 && steps.every(step => of.has(step));
  const check = useQuery({
    queryKey: ['checkpoints', training, 'check', shown],
    queryFn: () => data(api.GET('/api/runs/{run}/checkpoints/check', { params: { path, query: { steps } } })),
    enabled: isKnown && (numBytes <= READ_UNASKED || asked === shown),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  const name = async (step: number, isKept: boolean) => {
    setProblem('');
    const params = { path: { run: training, step } };
    try {
      await data(
        isKept
          ? api.PUT('/api/runs/{run}/checkpoints/{step}/name', { params, body: { name: null } })
          : api.DELETE('/api/runs/{run}/checkpoints/{step}/name', { params }),
      );
      await queries.invalidateQueries({ queryKey: ['checkpoints', training] });
    } catch (error) {
      setProblem((error as ProblemError).message);
    }
  };
  return {
    of,
    checked: new Map([
      ...[...of.values()].filter(row => row.damage !== '').map(row => [row.step, row.damage] as const),
      ...(check.data?.items ?? []).map(one => [one.step, one.problems.join('; ')] as const),
    ]),
    isChecking: check.isFetching,
    numBytes,
    /** Null where nothing is left to ask for. */
    ask: !isKnown || check.data || check.isFetching ? null : () => setAsked(shown),
    keep: (step: number) => name(step, true),
    release: (step: number) => name(step, false),
    problem,
  };
}
