// A value that changes at once on the page and a moment later in the address; a change of the address, as by "back", wins.
import { useEffect, useRef, useState } from 'react';
import { useIsHere } from '@/lib/use-is-here';

const DELAY_MS = 300;

interface Linked<T> {
  given: T;
  push: (value: T) => void;
  /** What of a value the address keeps. */
  kept?: (value: T) => T;
}

export function useLinked<T>({ given, push, kept = value => value }: Linked<T>): [T, (value: T) => void] {
  const isHere = useIsHere();
  const [value, setValue] = useState(given);
  const known = useRef(given);
  const latest = useRef(push);
  latest.current = push;
  useEffect(() => {
    if (given === known.current) return;
    known.current = given;
    setValue(given);
  }, [given]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only another value is told
  useEffect(() => {
    const wanted = kept(value);
    if (wanted === known.current) return;
    const timer = setTimeout(() => {
      if (!isHere()) return;
      known.current = wanted;
      latest.current(value);
    }, DELAY_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return [value, setValue];
}

/** A value that has not changed for a moment: what is asked for while somebody types. */
export function useSettled<T>(value: T, delayMs = 200): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), delayMs);
    return () => clearTimeout(timer);
  }, [value, delayMs]);
  return settled;
}
