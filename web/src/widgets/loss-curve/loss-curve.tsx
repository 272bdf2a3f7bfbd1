// The curve of a run's loss: hot at its newest point while it is live, validation as hollow points, the planned run on the
// axis, the uniform guess as a dashed line with its name. It never fetches.
import { useId } from 'react';
import { count, decimals } from '@/lib/format';
import { path, smooth, thin, ticks } from '@/lib/scale';
import classes from './loss-curve.module.css';

export interface LossPoint {
  step: number;
  loss: number;
}

interface LossCurveProps {
  rows: readonly LossPoint[];
  /** Steps of the whole planned run. */
  steps: number;
  validation?: readonly LossPoint[];
  /** The loss of a guess without any knowledge, and what it is called. */
  chance?: { value: number; label: string } | null;
  isLive: boolean;
  /** Steps at which something hangs below the curve. */
  drops?: readonly { step: number; isHot: boolean }[];
  height?: string;
  smoothing?: number;
}

const MOST_POINTS = 600;
const HEAT = 60;
const FIRST_NATS = 3;

export function LossCurve(props: LossCurveProps) {
  const { rows, steps, validation = [], chance, isLive, drops = [], smoothing = 0.8 } = props;
  const gradient = useId();
  const scale = scaleOf(rows, validation, chance?.value, steps, isLive);
  const smoothed = smooth(
    rows.map(row => row.loss),
    smoothing,
  );
  const calm = thin(
    rows.map((row, index) => ({ x: scale.x(row.step), y: scale.y(smoothed[index] ?? row.loss) })),
    MOST_POINTS,
  );
  const raw = thin(
    rows.map(row => ({ x: scale.x(row.step), y: scale.y(row.loss) })),
    MOST_POINTS,
  );
  const last = calm.at(-1);
  const now = smoothed.at(-1);
  return (
    <figure className={classes.figure}>
      <div
        className={`plot ${classes.plot}`}
        style={props.height ? ({ '--h': props.height } as React.CSSProperties) : undefined}
      >
        <svg
          viewBox="0 0 1000 1000"
          preserveAspectRatio="none"
          role="img"
          aria-label={summary(rows, steps, isLive)}
        >
          <defs>
            <linearGradient
              id={gradient}
              gradientUnits="userSpaceOnUse"
              x1={(last?.x ?? 0) - HEAT}
              x2={last?.x ?? 1}
              y1="0"
              y2="0"
            >
              <stop offset="0" className={classes.cool} />
              <stop offset="0.8" className={isLive ? classes.warm : classes.cool} />
              <stop offset="1" className={isLive ? classes.hot : classes.cool} />
            </linearGradient>
          </defs>
          {scale.ticksY.map(value => (
            <path key={value} className="grid" d={`M0 ${scale.y(value)}H1000`} />
          ))}
          <path className="axis" d="M0 1000H1000" />
          {chance && <path className="ref" d={`M0 ${scale.y(chance.value)}H1000`} />}
          {drops.map(drop => (
            <path
              key={`${drop.step}${drop.isHot}`}
              className={drop.isHot ? classes.hotDrop : classes.drop}
              d={`M${scale.x(drop.step)} ${yAt(calm, scale.x(drop.step))}V1000`}
            />
          ))}
          <path className="raw" d={path(raw)} />
          <path className="ln" stroke={`url(#${gradient})`} d={path(calm)} />
        </svg>
        {scale.ticksY.map(value => (
          <span key={value} className="ty" style={{ top: `${scale.y(value) / 10}%` }}>
            {Number(value.toFixed(2))}
          </span>
        ))}
        {scale.ticksX.map((value, index) => (
          <span
            key={value}
            className={`tx ${index === 0 ? 'first' : index === scale.ticksX.length - 1 ? 'last' : ''}`}
            style={{ left: `${scale.x(value) / 10}%` }}
          >
            {count(value)}
            {index === scale.ticksX.length - 1 && ' steps'}
          </span>
        ))}
        {chance && (
          <span
            className={`an ${classes.chance}`}
            style={{ top: `calc(${scale.y(chance.value) / 10}% - 16px)` }}
          >
            {chance.label}
          </span>
        )}
        {validation.map(point => (
          <i
            key={point.step}
            className={`dot ${classes.validation}`}
            style={{ left: `${scale.x(point.step) / 10}%`, top: `${scale.y(point.loss) / 10}%` }}
          />
        ))}
        {last && now !== undefined && (
          <>
            <i
              className={`dot ${isLive ? 'hot' : classes.end}`}
              style={{ left: `${last.x / 10}%`, top: `${last.y / 10}%` }}
            />
            <b
              className={`an ${classes.now} ${isLive ? 'alive' : ''}`}
              style={{
                left: `min(calc(${last.x / 10}% + 8px), calc(100% - 56px))`,
                top: `calc(${last.y / 10}% - 30px)`,
              }}
            >
              {decimals(now, 2)}
            </b>
          </>
        )}
      </div>
    </figure>
  );
}

function scaleOf(
  rows: readonly LossPoint[],
  validation: readonly LossPoint[],
  chance: number | undefined,
  steps: number,
  isLive: boolean,
) {
  const values = [...rows, ...validation].map(row => row.loss);
  const high = Math.max(chance ?? 0, ...values, values.length || chance ? 0 : 8);
  // While it learns the axis shows from the start how far there is to go, so that it does not breathe with every step.
  const low = Math.min(...values, isLive && chance ? chance - FIRST_NATS : high);
  const ticksY = ticks(Math.floor(low * 2 - 0.2) / 2, Math.ceil(high * 2) / 2, 4);
  const bottom = Math.min(ticksY[0] ?? low, low);
  const top = Math.max(ticksY.at(-1) ?? high, high);
  const last = Math.max(steps, rows.at(-1)?.step ?? 0, 1);
  const inner = ticks(0, last, 4).filter(value => value < last * 0.8);
  return {
    x: (step: number) => (step / last) * 1000,
    y: (loss: number) => 1000 - ((loss - bottom) / Math.max(top - bottom, 1e-9)) * 1000,
    ticksX: [...inner, last],
    ticksY,
  };
}

function yAt(points: readonly { x: number; y: number }[], x: number): number {
  return (points.find(point => point.x >= x) ?? points.at(-1))?.y ?? 0;
}

function summary(rows: readonly LossPoint[], steps: number, isLive: boolean): string {
  const first = rows[0];
  const last = rows.at(-1);
  if (!first || !last) return 'Training loss. Nothing has been measured yet.';
  const end = isLive ? `at step ${count(last.step)} of ${count(steps)}` : `at step ${count(last.step)}`;
  return `Training loss goes from ${decimals(first.loss, 2)} at step ${count(first.step)} to ${decimals(last.loss, 2)} ${end}, in nats per token.`;
}
