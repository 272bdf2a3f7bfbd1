// The curves of two to four runs on one axis: lines for training, hollow points with their intervals for held-out text, and the
// range of repeats over seeds behind them.
import { count, decimals, duration, short } from '@/lib/format';
import { path, smooth, ticks } from '@/lib/scale';
import { TableTwin } from '@/ui/table-twin';
import type { Axis, Drawn, Shown } from './compare-data';
import classes from './runs.module.css';
import { SideHeads } from './side-heads';

export const COLORS = ['var(--cat-1)', 'var(--cat-2)', 'var(--cat-3)', 'var(--cat-5)'];
export const DASHES = [undefined, '5 3', '2 3', '8 3 2 3'];

interface ComparePlotProps {
  sides: Drawn[];
  axis: Axis;
  shown: Shown;
  label: string;
}

export function ComparePlot({ sides, axis, shown, label }: ComparePlotProps) {
  const calm = sides.map(side =>
    shown === 'training'
      ? smooth(
          side.points.map(one => one.y),
          0.6,
        )
      : side.points.map(one => one.y),
  );
  const ends = sides.flatMap(side => side.points.flatMap(one => [one.low ?? one.y, one.high ?? one.y]));
  const all = [
    ...(shown === 'training' ? calm.flat() : ends),
    ...sides.flatMap(side => side.band.flatMap(one => [one.low, one.high])),
  ];
  const last = Math.max(1e-9, ...sides.flatMap(side => side.points.at(-1)?.x ?? 0));
  if (all.length === 0) return <p className="muted">Nothing was recorded that could be drawn here.</p>;
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const x = (value: number) => (value / last) * 1000;
  const y = (value: number) => 1000 - ((value - low) / Math.max(high - low, 1e-9)) * 1000;
  const words = { steps: `${count(last)} steps`, tokens: `${short(last)} tokens`, time: duration(last) }[
    axis
  ];
  return (
    <>
      <div className="plot" style={{ '--h': '260px', '--pl': '40px' } as React.CSSProperties}>
        <svg
          viewBox="0 0 1000 1000"
          preserveAspectRatio="none"
          role="img"
          aria-label={`${label} of ${sides.length} runs against ${axis}`}
        >
          {ticks(low, high, 4).map(level => (
            <path key={level} className="grid" d={`M0 ${y(level)}H1000`} />
          ))}
          {sides.map(
            side =>
              side.band.length > 1 && (
                <path key={side.letter} d={bandPath(side, x, y)} fill="var(--plot-band)" />
              ),
          )}
          <path className="axis" d="M0 1000H1000" />
          {sides.map((side, index) => (
            <path
              key={side.letter}
              className="ln"
              stroke={COLORS[index]}
              strokeDasharray={DASHES[index]}
              strokeWidth={shown === 'validation' ? 1 : undefined}
              d={path(side.points.map((one, at) => ({ x: x(one.x), y: y(calm[index]?.[at] ?? one.y) })))}
            />
          ))}
          {sides.map((side, index) =>
            side.points.map(
              one =>
                one.low !== null &&
                one.high !== null && (
                  <path
                    key={`${side.letter} ${one.x}`}
                    className="ln"
                    stroke={COLORS[index]}
                    d={`M${x(one.x)} ${y(one.low)}V${y(one.high)}`}
                  />
                ),
            ),
          )}
        </svg>
        {shown === 'validation' &&
          sides.map((side, index) =>
            side.points.map(one => (
              <span
                key={`${side.letter} ${one.x}`}
                className="dot"
                title={`${side.letter}: ${decimals(one.y)}`}
                style={{ left: `${x(one.x) / 10}%`, top: `${y(one.y) / 10}%`, color: COLORS[index] }}
              />
            )),
          )}
        {ticks(low, high, 4).map(level => (
          <span key={level} className="ty" style={{ top: `${y(level) / 10}%` }}>
            {level}
          </span>
        ))}
        <span className="tx first" style={{ left: 0 }}>
          0
        </span>
        <span className="tx last" style={{ left: '100%' }}>
          {words}
        </span>
        <span className={`an ${classes.caption}`}>
          {label}, axis from {decimals(low, 2)}
        </span>
      </div>
      <TableTwin label={`${label} of all runs`}>{() => <Rows sides={sides} axis={axis} />}</TableTwin>
    </>
  );
}

function bandPath(side: Drawn, x: (value: number) => number, y: (value: number) => number): string {
  const upper = side.band.map(one => ({ x: x(one.x), y: y(one.high) }));
  const lower = side.band.map(one => ({ x: x(one.x), y: y(one.low) })).reverse();
  return `${path([...upper, ...lower])}Z`;
}

function Rows({ sides, axis }: { sides: Drawn[]; axis: Axis }) {
  const places = [...new Set(sides.flatMap(side => side.points.map(one => one.x)))].sort((a, b) => a - b);
  return (
    <>
      <thead>
        <tr>
          <th className="r">{axis}</th>
          <SideHeads sides={sides} />
        </tr>
      </thead>
      <tbody>
        {places.map(place => (
          <tr key={place}>
            <td className="r num">{axis === 'time' ? duration(place) : count(place)}</td>
            {sides.map(side => {
              const one = side.points.find(each => each.x === place);
              const half =
                one && one.low !== null && one.high !== null
                  ? ` (${decimals(one.low)} to ${decimals(one.high)})`
                  : '';
              return (
                <td key={side.letter} className="r num">
                  {one ? `${decimals(one.y)}${half}` : '–'}
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </>
  );
}
