// How numbers, times and sizes are written, the same everywhere. In: plain numbers. Out: text without its unit,
// unless the unit is part of the number's form ("27 min", "412 MB").

const MINUS = '−';
const SCALES: [number, string][] = [
  [1e18, 'E'],
  [1e15, 'P'],
  [1e12, 'T'],
  [1e9, 'B'],
  [1e6, 'M'],
  [1e3, 'k'],
];

/** By digits after the point, at most: to make one takes longer than to write a thousand numbers. */
const FORMATS = [0, 1, 2, 3].map(digits => new Intl.NumberFormat('en-US', { maximumFractionDigits: digits }));

/** A count in full: `3,812`. */
export function count(value: number): string {
  return sign(trim(Math.round(value), 0));
}

/** A count in three significant digits once it is above 10,000: `352 k`, `29.5 M`, `1.57 B`. */
export function short(value: number): string {
  if (Math.abs(value) < 10_000) return sign(trim(value, Math.abs(value) < 100 ? 1 : 0));
  const [size, name] = SCALES.find(([scale]) => Math.abs(value) >= scale) ?? [1, ''];
  return sign(`${significant(value / size)} ${name}`.trim());
}

/** Loss, bits per byte: three decimals, `1.603`. */
export function decimals(value: number, digits = 3): string {
  return sign(value.toFixed(digits));
}

/** A loss with half of its interval (95 %): `1.55 ± 0.06`; three decimals where there is none. */
export function between(value: number, interval: readonly number[] | undefined): string {
  const [low, high] = interval ?? [];
  if (low === undefined || high === undefined) return decimals(value);
  const half = Math.max(value - low, high - value);
  if (half < 0.0005) return decimals(value);
  const digits = half >= 0.01 ? 2 : 3;
  return `${decimals(value, digits)} ± ${decimals(half, digits)}`;
}

/** Rates and small values: `1.17e-4`, `0.41`. */
export function scientific(value: number): string {
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size >= 0.01 && size < 10_000) return sign(trim(value, size >= 100 ? 0 : size >= 1 ? 2 : 3));
  const [mantissa = '0', exponent = '0'] = value.toExponential(2).split('e');
  return sign(`${Number(mantissa)}e${Number(exponent)}`);
}

/** A share with its unit: `50.6 %`. */
export function percent(share: number, digits = 1): string {
  return `${sign((share * 100).toFixed(digits))} %`;
}

/** Bytes: `412 MB`. */
export function bytes(value: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let size = value;
  let unit = 0;
  while (size >= 1000 && unit < units.length - 1) {
    size /= 1000;
    unit += 1;
  }
  return `${unit === 0 ? Math.round(size) : significant(size)} ${units[unit]}`;
}

/** A time span: `0.2 s`, `54 s`, `27 min`, `1:14 h`, `3 d`. */
export function duration(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 90) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  if (minutes < 24 * 60) return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')} h`;
  return `${Math.round(minutes / 1440)} d`;
}

/** When something was, seen from now: `now`, `20 min ago`, `18:02`, `yesterday`, `18 Nov`. */
export function when(iso: string, now = new Date()): string {
  const time = new Date(iso);
  const age = (now.getTime() - time.getTime()) / 1000;
  if (age < 60) return 'now';
  if (age < 3600) return `${Math.round(age / 60)} min ago`;
  if (time.toDateString() === now.toDateString()) return clock(iso);
  const yesterday = new Date(now.getTime() - 86_400_000);
  if (time.toDateString() === yesterday.toDateString()) return 'yesterday';
  return time.toLocaleDateString('en-GB', { day: 'numeric', month: 'short' });
}

/** Time of day: `18:02`, with seconds `18:02:31`. */
export function clock(iso: string, hasSeconds = false): string {
  const time = new Date(iso);
  const parts = [time.getHours(), time.getMinutes(), ...(hasSeconds ? [time.getSeconds()] : [])];
  return parts.map(part => String(part).padStart(2, '0')).join(':');
}

function significant(value: number): string {
  const size = Math.abs(value);
  return value.toFixed(size >= 99.95 ? 0 : size >= 9.995 ? 1 : 2);
}

function trim(value: number, digits: number): string {
  return FORMATS[digits]?.format(Number(value.toFixed(digits))) ?? value.toFixed(digits);
}

function sign(text: string): string {
  return text.replace(/^-/, MINUS);
}

/** A measure with its unit, unless its name says it: `bits per byte` needs no `bits/byte`. */
export function withUnit(name: string, unit: string): string {
  return !unit || name.replace(' per ', '/') === unit ? name : `${name}, ${unit}`;
}
