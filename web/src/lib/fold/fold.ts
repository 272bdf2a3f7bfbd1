// `fold(events) -> RunState`: the one place where facts become a state. The same function as in Python
// (specs/fold.py), held to the same vectors.
import type { AttemptState, EventsView, RunState } from '../api/schema';

export type RunEvent = EventsView['events'][number];

/** A run of which nothing is known. */
export const NOTHING: RunState = {
  status: 'queued',
  name: '',
  kind: 'stage',
  created_at: null,
  started_at: null,
  ended_at: null,
  work: [],
  attempts: [],
  progress: null,
  progress_started_at: null,
  outputs: {},
  error: null,
  checkpoints: [],
  evaluations: [],
  layers: [],
  samples: [],
  tracked_prompts: [],
  findings: [],
  growth: [],
  set_aside: [],
  cleaning: null,
  prediction: null,
  measured: null,
  nodes: {},
  rungs: [],
};

/** Apply events, in their order, to a state. */
export function fold(events: readonly RunEvent[], state: RunState = NOTHING): RunState {
  return events.reduce(apply, state);
}

/** The state after one more event. */
export function apply(state: RunState, event: RunEvent): RunState {
  return { ...state, ...change(state, event) };
}

/** Whether a fact of an earlier attempt still counts: one that starts from nothing says everything anew. */
export function isKept(step: number | null | undefined, fromStep: number): boolean {
  return fromStep > 0 && (step ?? 0) <= fromStep;
}

function change(state: RunState, event: RunEvent): Partial<RunState> {
  switch (event.type) {
    case 'run.created':
      return { name: event.name, kind: event.kind, created_at: event.time };
    case 'run.renamed':
      return { name: event.name };
    case 'run.queued':
      return { status: 'queued', error: null, ended_at: null };
    case 'node.decided':
      return { nodes: { ...state.nodes, [event.node]: event }, ...running(state, event.time) };
    case 'attempt.started':
      return startAttempt(state, event);
    case 'attempt.ended':
      return {
        attempts: state.attempts.map(attempt =>
          attempt.number === event.attempt
            ? { ...attempt, outcome: event.outcome, ended_at: event.time, error: event.error }
            : attempt,
        ),
        work: endWork(state, event.time),
      };
    case 'stop.requested':
      return state.status === 'running' ? { status: 'stopping' } : {};
    case 'run.done':
      return {
        status: 'done',
        outputs: event.outputs,
        ended_at: event.time,
        work: endWork(state, event.time),
      };
    case 'run.stopped':
      return { status: 'stopped', ended_at: event.time, work: endWork(state, event.time) };
    case 'run.failed':
      return {
        status: 'failed',
        error: event.error,
        ended_at: event.time,
        work: endWork(state, event.time),
      };
    case 'run.progress': {
      const isSame = state.progress?.phase === event.phase;
      return { progress: event, progress_started_at: isSame ? state.progress_started_at : event.time };
    }
    case 'checkpoint.saved':
      return { checkpoints: [...state.checkpoints.filter(one => one.step !== event.step), event] };
    case 'checkpoint.dropped':
      return { checkpoints: state.checkpoints.filter(one => one.step !== event.step) };
    case 'evaluation.recorded':
      return { evaluations: [...state.evaluations, event] };
    case 'layers.measured':
      return { layers: [...state.layers, event] };
    case 'sample.drawn':
      return { samples: [...state.samples, event] };
    case 'prompt.tracked':
      return { tracked_prompts: [...state.tracked_prompts, event] };
    case 'finding.raised':
      return { findings: [...state.findings, event] };
    case 'tokenizer.grown':
      return { growth: [...state.growth, event] };
    case 'rung.closed':
      return { rungs: [...state.rungs, event] };
    case 'cleaning.counted':
      return { cleaning: event };
    case 'run.predicted':
      return { prediction: event };
    case 'run.measured':
      return { measured: event };
    case 'state.set_aside':
      return { set_aside: [...state.set_aside, event] };
    default:
      return {};
  }
}

function running(state: RunState, time: string): Partial<RunState> {
  return {
    status: 'running',
    error: null,
    ended_at: null,
    started_at: state.started_at || time,
    work: isAtWork(state) ? state.work : [...state.work, { started_at: time, ended_at: null }],
  };
}

function isAtWork(state: RunState): boolean {
  return state.work.at(-1)?.ended_at === null;
}

function endWork({ work }: RunState, time: string): RunState['work'] {
  return work.map(span => (span.ended_at === null ? { ...span, ended_at: time } : span));
}

function startAttempt(
  state: RunState,
  event: Extract<RunEvent, { type: 'attempt.started' }>,
): Partial<RunState> {
  const start = event.from_step ?? 0;
  const attempt: AttemptState = {
    number: event.attempt,
    started_at: event.time,
    from_step: start,
    outcome: null,
    ended_at: null,
    is_bit_exact: event.is_bit_exact ?? true,
    caveats: event.caveats ?? [],
    error: null,
  };
  const kept = <T extends { step?: number | null }>(facts: T[]) =>
    facts.filter(fact => isKept(fact.step, start));
  return {
    ...running(state, event.time),
    attempts: [...state.attempts, attempt],
    progress: null,
    progress_started_at: null,
    cleaning: null,
    checkpoints: kept(state.checkpoints),
    evaluations: kept(state.evaluations),
    layers: kept(state.layers),
    samples: kept(state.samples),
    tracked_prompts: kept(state.tracked_prompts),
    findings: kept(state.findings),
    growth: isKept(null, start) ? state.growth : [],
  };
}
