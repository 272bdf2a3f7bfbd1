// What the thicknesses mean: the ramp with both end values; where the healthy range ends within it, a line.
import classes from './heat-map.module.css';
import { type Healthy, NUM_LEVELS, placeOf, type Ramp } from './ramp';

export function RampKey({
  ramp,
  healthy,
  format,
}: {
  ramp: Ramp;
  healthy: Healthy;
  format: (value: number) => string;
}) {
  const edges = [healthy.from, healthy.to].filter(
    (edge): edge is number => edge !== null && edge > ramp.low && edge < ramp.high,
  );
  return (
    <span className={classes.ramp}>
      {format(ramp.low)}
      <span className={classes.swatches} aria-hidden="true">
        {Array.from({ length: NUM_LEVELS }, (_, level) => (
          <i key={level} style={{ background: `var(--seq-${level})` }} />
        ))}
        {edges.map(edge => (
          <b key={edge} style={{ left: `${100 * placeOf(edge, ramp)}%` }} />
        ))}
      </span>
      {format(ramp.high)}
    </span>
  );
}
