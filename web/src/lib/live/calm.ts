// What comes fast is taken in together, and the page is drawn anew once for all of it. The longer a drawing takes, the longer
// until the next: under a flood, or on a slow machine, a page stays quick. In: things one by one. Out: all that came since.

const SHORTEST_MS = 250;
const LONGEST_MS = 2000;
/** After a drawing the page is free for so many times as long as that took. */
const FREE = 6;

export interface Calm<T> {
  add: (one: T) => void;
  /** Take in what waits, now. */
  flush: () => void;
}

export function calm<T>(take: (all: T[]) => void): Calm<T> {
  let waiting: T[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  let nextAt = 0;
  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    if (waiting.length === 0) return;
    const all = waiting;
    waiting = [];
    const began = performance.now();
    nextAt = began + SHORTEST_MS;
    take(all);
    // React draws at the end of this task, so the next one knows how long it took.
    setTimeout(() => {
      const now = performance.now();
      nextAt = now + Math.min(LONGEST_MS, Math.max(SHORTEST_MS, FREE * (now - began)));
    });
  };
  return {
    add: one => {
      waiting.push(one);
      timer ??= setTimeout(flush, Math.max(0, nextAt - performance.now()));
    },
    flush,
  };
}
