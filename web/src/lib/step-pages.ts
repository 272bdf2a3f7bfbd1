// A long list of steps in pages, the newest first. A page is named by its newest step, so that it stays while new ones come. Pure.

/** Rising steps, however many: they need not all be written out. */
export interface Steps {
  num: number;
  at: (index: number) => number;
  /** How many are not above a step. */
  upTo: (step: number) => number;
}

export interface StepPage {
  /** The newest first. */
  steps: number[];
  num: number;
  isNewest: boolean;
  isOldest: boolean;
  /** By what the pages around are named; null names the newest, whichever that will be. */
  newer: number | null;
  older: number | null;
  oldest: number | null;
}

/** Steps of a list; they rise. */
export function listed(steps: readonly number[]): Steps {
  return {
    num: steps.length,
    at: index => steps[index] ?? 0,
    upTo: step => {
      const beyond = steps.findIndex(one => one > step);
      return beyond === -1 ? steps.length : beyond;
    },
  };
}

/** Each step from the first to the last. */
export function everyStep(first: number, last: number): Steps {
  const num = Math.max(0, last - first + 1);
  return { num, at: index => first + index, upTo: step => Math.min(num, Math.max(0, step - first + 1)) };
}

/** The page that begins with `top`, or with the last step before it; null: the newest. */
export function pageOf(all: Steps, top: number | null, size: number): StepPage {
  const least = Math.min(size, all.num);
  const end = top === null ? all.num : Math.max(least, all.upTo(top));
  const start = Math.max(0, end - size);
  return {
    steps: Array.from({ length: end - start }, (_, index) => all.at(end - 1 - index)),
    num: all.num,
    isNewest: end === all.num,
    isOldest: start === 0,
    newer: end + size >= all.num ? null : all.at(end + size - 1),
    older: all.at(Math.max(least, start) - 1),
    oldest: all.at(least - 1),
  };
}
