// What the live stream told, for React: runs that are followed, the list of each project, notices, the connection.
import { create } from 'zustand';
import type { NoticeView, RunView } from '../api/schema';
import { EMPTY, type RunLog } from './run-log';

export type Connection = 'connecting' | 'open' | 'waiting' | 'signed-out';

interface LiveState {
  connection: Connection;
  /** When the last frame came, in milliseconds since 1970: the age of what is shown while offline. */
  heardAt: number;
  logs: Record<string, RunLog>;
  runs: Record<string, Record<string, RunView>>;
  gone: Record<string, true>;
  notices: NoticeView[];
}

export const useLive = create<LiveState>(() => ({
  connection: 'connecting',
  heardAt: Date.now(),
  logs: {},
  runs: {},
  gone: {},
  notices: [],
}));

/** Change one run's log. */
export function changeLog(run: string, change: (log: RunLog) => RunLog): void {
  useLive.setState(state => ({ logs: { ...state.logs, [run]: change(state.logs[run] ?? EMPTY) } }));
}

const UNFINISHED = ['queued', 'running', 'stopping'];

/** Take runs into the list of a project. A complete list names all that are unfinished: others that were are forgotten. */
export function takeRuns(project: string, runs: readonly RunView[], isComplete = false): void {
  useLive.setState(state => {
    const before = Object.entries(state.runs[project] ?? {});
    const known = Object.fromEntries(
      isComplete ? before.filter(([, run]) => !UNFINISHED.includes(run.status)) : before,
    );
    for (const run of runs) known[run.id] = run;
    return { runs: { ...state.runs, [project]: known } };
  });
}

/** A run was deleted. */
export function dropRun(run: string): void {
  useLive.setState(state => {
    const runs = Object.fromEntries(
      Object.entries(state.runs).map(([project, known]) => {
        const { [run]: _, ...others } = known;
        return [project, others];
      }),
    );
    return { runs, gone: { ...state.gone, [run]: true } };
  });
}
