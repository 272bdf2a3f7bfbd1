// The first model as the first page shows it: the person's own run, or the recorded one of the package until that has
// something to show. In: the newest run of the project. Out: one shape for both.
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { api, data } from '@/lib/api/client';
import type { RunDetail, RunView, SampleDrawn, SampleRunView } from '@/lib/api/schema';
import { fold } from '@/lib/fold/fold';
import { useRunLog } from '@/lib/live/hooks';
import type { StepRow } from '@/lib/live/run-log';

export interface FirstModel {
  rows: readonly StepRow[];
  samples: readonly SampleDrawn[];
  validation: { step: number; loss: number }[];
  steps: number;
  vocabSize: number | null;
  /** It has saved something that can write. */
  canWrite: boolean;
  isRecorded: boolean;
}

const PLAYED_S = 40;

export function useFirstModel(run: RunView | undefined): FirstModel {
  const training = run?.nodes.find(node => node.stage === 'train_model');
  const log = useRunLog(training?.run ?? null);
  const hasRows = log.rows.length > 0;
  const detail = useQuery({
    queryKey: ['run', run?.id, 'detail', training?.run],
    queryFn: () => data(api.GET('/api/runs/{run}', { params: { path: { run: run?.id ?? '' } } })),
    enabled: Boolean(run),
    staleTime: 60_000,
  });
  const recorded = useQuery({
    queryKey: ['sample-run'],
    queryFn: () => data(api.GET('/api/sample-run')),
    enabled: !hasRows,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const share = usePlayed(!hasRows && Boolean(recorded.data));
  if (!hasRows && recorded.data && run?.status !== 'done') return playedTo(recorded.data, share);
  return {
    rows: log.rows,
    samples: log.state.samples,
    validation: validationOf(log.state.evaluations),
    steps: run?.steps ?? stepsOf(detail.data) ?? log.rows.at(-1)?.step ?? 1,
    vocabSize: vocabSizeOf(detail.data),
    canWrite: log.state.checkpoints.length > 0 || run?.status === 'done',
    isRecorded: false,
  };
}

/** The recorded run as it stood after `share` of its steps. */
export function playedTo(recorded: SampleRunView, share: number): FirstModel {
  const [id, all] = Object.entries(recorded.metrics).find(([, rows]) => rows.length > 0) ?? ['', []];
  const rows = all as unknown as StepRow[];
  const steps = rows.at(-1)?.step ?? 1;
  const reached = Math.max(1, Math.round(share * steps));
  const state = fold(recorded.children[id]?.events ?? []);
  return {
    rows: rows.filter(row => row.step <= reached),
    samples: state.samples.filter(sample => sample.step <= reached),
    validation: validationOf(state.evaluations).filter(point => point.step <= reached),
    steps,
    vocabSize: vocabSizeOf(recorded.detail as unknown as RunDetail),
    canWrite: false,
    isRecorded: true,
  };
}

function validationOf(evaluations: readonly { step: number; values: Record<string, number> }[]) {
  return evaluations.flatMap(({ step, values }) =>
    values.validation_loss === undefined ? [] : [{ step, loss: values.validation_loss }],
  );
}

function stepsOf(detail: RunDetail | undefined): number | null {
  const config = detail?.nodes.find(node => node.stage === 'train_model')?.config;
  return typeof config?.steps === 'number' ? config.steps : null;
}

function vocabSizeOf(detail: RunDetail | undefined): number | null {
  const config = detail?.nodes.find(node => node.stage === 'train_tokenizer')?.config;
  const trainer = config?.trainer as { vocab_size?: number } | undefined;
  return trainer?.vocab_size ?? null;
}

/** A share from 0 to 1 that grows while something is played, then begins again. */
function usePlayed(isPlaying: boolean): number {
  const [share, setShare] = useState(0);
  useEffect(() => {
    if (!isPlaying) return;
    const timer = setInterval(
      () => setShare(now => (now >= 1 ? 0 : Math.min(1, now + 0.25 / PLAYED_S))),
      250,
    );
    return () => clearInterval(timer);
  }, [isPlaying]);
  return share;
}
