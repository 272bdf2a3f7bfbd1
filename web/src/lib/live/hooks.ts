// The live stream for React: a hook follows its topic while a part that uses it is on the page.
import { useEffect, useMemo } from 'react';
import type { RunView } from '../api/schema';
import { follow } from './client';
import { EMPTY, type RunLog } from './run-log';
import { useLive } from './store';

/** A run's state and step rows as they grow; null: follow nothing. */
export function useRunLog(run: string | null): RunLog {
  useEffect(() => (run ? follow(`run:${run}`) : undefined), [run]);
  return useLive(state => (run ? state.logs[run] : undefined)) ?? EMPTY;
}

/** Runs of a project that are unfinished or changed since the page was opened, newest first. */
export function useLiveRuns(project: string): RunView[] {
  useEffect(() => follow(`runs:${project}`), [project]);
  const runs = useLive(state => state.runs[project]);
  return useMemo(
    () => Object.values(runs ?? {}).sort((a, b) => b.created_at.localeCompare(a.created_at)),
    [runs],
  );
}

/** Notices that came while the page was open, newest first. */
export function useNotices() {
  useEffect(() => follow('notices'), []);
  return useLive(state => state.notices);
}

/** Whether the stream is open, and when it was last heard. */
export function useConnection() {
  return useLive(state => state.connection);
}
