// The designer's state while one works: at once on the screen, a moment later in the address, and each change of the design can
// be undone. In: the address. Out: the state and what changes it.
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useIsHere } from '@/lib/use-is-here';
import {
  type DesignState,
  fromSearch,
  isSameStroke,
  type Search,
  type Step,
  stepOf,
  toSearch,
} from './state';

const WAIT_MS = 250;
const MOST_STEPS = 100;
/** Letters that come that fast after each other are one change. */
const STROKE_MS = 1000;

export interface Designing {
  state: DesignState;
  change: (fields: Partial<DesignState>) => void;
  undo: (() => void) | undefined;
  redo: (() => void) | undefined;
  /** Write the state into the address now: before another page is opened, so that "back" finds it. */
  settle: () => Promise<void>;
}

export function useDesign(): Designing {
  const search = useSearch({ strict: false }) as Search;
  const navigate = useNavigate();
  const isHere = useIsHere();
  const [state, setState] = useState(() => fromSearch(search));
  const [past, setPast] = useState<Step[]>([]);
  const [future, setFuture] = useState<Step[]>([]);
  const written = useRef(JSON.stringify(toSearch(state)));
  const changedAt = useRef(0);
  const address = JSON.stringify(toSearch(fromSearch(search)));
  useEffect(() => {
    if (address === written.current) return;
    written.current = address;
    setState(fromSearch(JSON.parse(address)));
  }, [address]);
  const latest = useRef(state);
  latest.current = state;
  const settle = useCallback(async () => {
    const search = toSearch(latest.current);
    const next = JSON.stringify(search);
    if (next === written.current || !isHere()) return;
    written.current = next;
    await navigate({ to: '/models/design', search: search as never, replace: true });
  }, [navigate, isHere]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each change is written once nothing else changes
  useEffect(() => {
    const timer = setTimeout(settle, WAIT_MS);
    return () => clearTimeout(timer);
  }, [state, settle]);
  const put = useCallback((next: DesignState) => {
    latest.current = next;
    setState(next);
  }, []);
  const change = useCallback(
    (fields: Partial<DesignState>) => {
      const before = latest.current;
      const next = { ...before, ...fields };
      put(next);
      if (!('from' in fields || 'doc' in fields || 'set' in fields)) return;
      const isSoon = Date.now() - changedAt.current < STROKE_MS;
      changedAt.current = Date.now();
      setPast(steps => {
        const last = steps.at(-1);
        const isStroke = last !== undefined && isSoon && isSameStroke(last, before, next);
        return isStroke ? steps : [...steps, stepOf(before)].slice(-MOST_STEPS);
      });
      setFuture([]);
    },
    [put],
  );
  const undo = useCallback(() => {
    const step = past.at(-1);
    if (!step) return;
    setPast(past.slice(0, -1));
    setFuture([...future, stepOf(latest.current)]);
    put({ ...latest.current, ...step });
  }, [past, future, put]);
  const redo = useCallback(() => {
    const step = future.at(-1);
    if (!step) return;
    setFuture(future.slice(0, -1));
    setPast([...past, stepOf(latest.current)]);
    put({ ...latest.current, ...step });
  }, [past, future, put]);
  useEffect(() => {
    // what is clicked is a change of its own, however soon it comes after typing
    const endStroke = () => {
      changedAt.current = 0;
    };
    addEventListener('click', endStroke, true);
    return () => removeEventListener('click', endStroke, true);
  }, []);
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || document.querySelector('[role=dialog]')) return;
      const key = event.key.toLowerCase();
      if (key !== 'z' && key !== 'y') return;
      event.preventDefault();
      if (key === 'y' || event.shiftKey) redo();
      else undo();
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, [undo, redo]);
  return {
    state,
    change,
    undo: past.length ? undo : undefined,
    redo: future.length ? redo : undefined,
    settle,
  };
}
