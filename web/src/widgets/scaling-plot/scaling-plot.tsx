// A scaling law: the runs as dots, the curve through them with its band, predictions hollow. It never fetches. Both axes are
// logarithmic, which is said in words.
import type { ScalingFit } from '@/lib/api/schema';
import { decimals, short } from '@/lib/format';
import { path } from '@/lib/scale';
import { TableTwin } from '@/ui/table-twin';

interface ScalingPlotProps {
  fit: ScalingFit;
  label: string;
}

export function ScalingPlot({ fit, label }: ScalingPlotProps) {
  const xs = fit.curve.map(point => Math.log(point.x));
  const [left, right] = [xs[0] ?? 0, xs.at(-1) ?? 1];
  const all = [
    ...fit.curve.flatMap(point => [point.low, point.high]),
    ...fit.points.map(point => point.value),
  ];
  const [low, high] = [Math.log(Math.max(Math.min(...all), 1e-6)), Math.log(Math.max(...all))];
  const x = (value: number) => ((Math.log(value) - left) / Math.max(right - left, 1e-9)) * 1000;
  const y = (value: number) =>
    1000 - ((Math.log(Math.max(value, 1e-6)) - low) / Math.max(high - low, 1e-9)) * 1000;
  const upper = fit.curve.map(point => ({ x: x(point.x), y: y(point.high) }));
  const lower = fit.curve.map(point => ({ x: x(point.x), y: y(point.low) })).reverse();
  const levels = [0, 1 / 3, 2 / 3, 1].map(part => Math.exp(low + part * (high - low)));
  return (
    <>
      <div className="plot" style={{ '--h': '220px', '--pl': '40px' } as React.CSSProperties}>
        <svg
          viewBox="0 0 1000 1000"
          preserveAspectRatio="none"
          role="img"
          aria-label={`${label} against ${fit.by}, both axes logarithmic, with the fitted curve and its band`}
        >
          {levels.map(level => (
            <path key={level} className="grid" d={`M0 ${y(level)}H1000`} />
          ))}
          <path d={`${path([...upper, ...lower])}Z`} fill="var(--plot-band)" />
          <path
            className="ln"
            stroke="var(--ink-2)"
            strokeDasharray="5 3"
            d={path(fit.curve.map(point => ({ x: x(point.x), y: y(point.value) })))}
          />
          <path className="axis" d="M0 1000H1000" />
        </svg>
        {levels.map(level => (
          <span key={level} className="ty" style={{ top: `${y(level) / 10}%` }}>
            {decimals(level, 2)}
          </span>
        ))}
        {fit.points.map(point => (
          <span
            key={point.run}
            className="dot"
            title={`${point.name}: ${decimals(point.value)}`}
            style={{
              left: `${x(point.x) / 10}%`,
              top: `${y(point.value) / 10}%`,
              color: 'var(--cat-1)',
              background: 'var(--cat-1)',
            }}
          />
        ))}
        {fit.predictions.map(point => (
          <span
            key={point.x}
            className="dot"
            title={`predicted: ${decimals(point.value)}`}
            style={{ left: `${x(point.x) / 10}%`, top: `${y(point.value) / 10}%`, color: 'var(--cat-1)' }}
          />
        ))}
        <span className="tx first" style={{ left: 0 }}>
          {short(fit.curve[0]?.x ?? 0)}
        </span>
        <span className="tx last" style={{ left: '100%' }}>
          {short(fit.curve.at(-1)?.x ?? 0)} {fit.by}
        </span>
        <span className="an" style={{ right: 0, top: 0 }}>
          {label}, both axes log
        </span>
      </div>
      <TableTwin label="The scaling law">{() => <Rows fit={fit} label={label} />}</TableTwin>
    </>
  );
}

function Rows({ fit, label }: ScalingPlotProps) {
  return (
    <>
      <thead>
        <tr>
          <th>run</th>
          <th className="r">{fit.by}</th>
          <th className="r">{label}</th>
          <th className="r">seeds</th>
          <th className="r">off the curve</th>
        </tr>
      </thead>
      <tbody>
        {fit.points.map(point => (
          <tr key={point.run}>
            <td>{point.name}</td>
            <td className="r num">{short(point.x)}</td>
            <td className="r num">
              {point.spread ? `${decimals(point.value)} ± ${decimals(point.spread)}` : decimals(point.value)}
            </td>
            <td className="r num">{point.num_seeds}</td>
            <td className="r num">{decimals(point.residual)}</td>
          </tr>
        ))}
        {fit.predictions.map(point => (
          <tr key={point.x}>
            <td>predicted</td>
            <td className="r num">{short(point.x)}</td>
            <td className="r num">
              {decimals(point.value)}, {decimals(point.low)} to {decimals(point.high)}
            </td>
            <td className="r num">–</td>
            <td className="r num">–</td>
          </tr>
        ))}
      </tbody>
    </>
  );
}
