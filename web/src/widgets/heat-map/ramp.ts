// Values as ten thicknesses of glass, from least to most. Pure.

export const NUM_LEVELS = 10;

export interface Ramp {
  low: number;
  high: number;
  isLog: boolean;
}

/** The ramp that holds all values; a logarithmic one leaves out what is not above 0. */
export function rampOf(values: readonly (number | null)[], isLog: boolean): Ramp | null {
  const known = values.filter((one): one is number => one !== null && Number.isFinite(one));
  const held = isLog ? known.filter(one => one > 0) : known;
  if (held.length === 0) return known.length > 0 ? { low: 0, high: 0, isLog: false } : null;
  const low = held.reduce((least, one) => Math.min(least, one));
  const high = held.reduce((most, one) => Math.max(most, one));
  return { low, high, isLog };
}

/** Where a value stands on the ramp: 0 at its lower end, 1 at its upper end, beyond it where it lies beyond. */
export function placeOf(value: number, { low, high, isLog }: Ramp): number {
  if (isLog && value <= 0) return 0;
  const [at, from, to] = isLog ? [Math.log(value), Math.log(low), Math.log(high)] : [value, low, high];
  return to > from ? (at - from) / (to - from) : 0.5;
}

/** The thickness of values, 0 to 9: that of their mean on the ramp; null where there is none. */
export function levelOf(values: readonly (number | null | undefined)[], ramp: Ramp): number | null {
  let [sum, num] = [0, 0];
  for (const value of values) {
    if (value === null || value === undefined || !Number.isFinite(value)) continue;
    sum += placeOf(value, ramp);
    num += 1;
  }
  return num === 0 ? null : Math.min(NUM_LEVELS - 1, Math.max(0, Math.floor((sum / num) * NUM_LEVELS)));
}

export interface Healthy {
  from: number | null;
  to: number | null;
}

/** Whether a value lies in the range; everything does where there is none. */
export function isHealthy(value: number | null | undefined, healthy: Healthy): boolean {
  if (value === null || value === undefined) return true;
  return (healthy.from === null || value >= healthy.from) && (healthy.to === null || value <= healthy.to);
}
