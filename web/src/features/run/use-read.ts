// Which batch the page shows, in its address: `?read=437` the step, `&row=4` the first row. A person who leafs fast asks once.
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useState } from 'react';

export const ROWS = 4;
const REST_MS = 180;

interface Search {
  read?: string | number | undefined;
  row?: string | number | undefined;
}

export function useRead() {
  const search = useSearch({ strict: false }) as Search;
  const navigate = useNavigate();
  const change = (fields: Search, isNew = false) =>
    void navigate({
      to: '.',
      search: ((before: object) => ({ ...before, ...fields })) as never,
      replace: !isNew,
      resetScroll: false,
    });
  const step = numberOf(search.read, 1);
  return {
    step,
    row: numberOf(search.row, 0) ?? 0,
    /** Another step stands in the history only when the panel was closed. */
    open: (read: number) => change({ read, row: undefined }, step === null),
    toRow: (row: number) => change({ row: row || undefined }),
    close: () => change({ read: undefined, row: undefined }),
  };
}

/** A value once it has rested. */
export function useRested<T>(value: T): T {
  const [rested, setRested] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), REST_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return rested;
}

function numberOf(value: string | number | undefined, least: number): number | null {
  const found = Number(value);
  return value === undefined || value === '' || !Number.isInteger(found) || found < least ? null : found;
}
