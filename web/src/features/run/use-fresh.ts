// What was asked for is asked for again when it has changed: soon after it has rested, and at most once in so many milliseconds,
// however often it changes.
import { useEffect, useRef, useState } from 'react';

/** Calls `ask` when `version` is no longer what it was. What follows at once from a change is asked for with it. */
export function useFresh(version: string, every_ms: number, ask: () => unknown): void {
  const told = useThrottled(version, every_ms);
  const asked = useRef(told);
  const latest = useRef(ask);
  latest.current = ask;
  useEffect(() => {
    if (asked.current === told) return;
    asked.current = told;
    latest.current();
  }, [told]);
}

const SETTLED_MS = 300;

function useThrottled<T>(value: T, every_ms: number): T {
  const [told, setTold] = useState(value);
  const toldAt = useRef(0);
  useEffect(() => {
    const tell = () => {
      toldAt.current = Date.now();
      setTold(value);
    };
    const timer = setTimeout(tell, Math.max(SETTLED_MS, toldAt.current + every_ms - Date.now()));
    return () => clearTimeout(timer);
  }, [value, every_ms]);
  return told;
}
