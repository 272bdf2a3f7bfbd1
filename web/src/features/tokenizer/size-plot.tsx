// One figure against the size of the vocabulary, which runs on a logarithmic scale. The bottom is zero.
import { short } from '@/lib/format';
import { path, ticks } from '@/lib/scale';
import classes from './sizes.module.css';

interface SizePlotProps {
  title: string;
  points: readonly { size: number; value: number }[];
  format: (value: number) => string;
  mark?: { size: number; label: string } | undefined;
}

export function SizePlot({ title, points, format, mark }: SizePlotProps) {
  const least = points[0]?.size ?? 1;
  const most = points.at(-1)?.size ?? 2;
  const top = Math.max(1e-9, ...points.map(point => point.value)) * 1.08;
  const x = (size: number) => (most > least ? Math.log(size / least) / Math.log(most / least) : 0);
  const y = (value: number) => 1 - value / top;
  const marked = points.find(point => point.size === mark?.size);
  const between = [512, 1024, 2048, 4096, 8192, 16384, 32768, 65536].filter(
    size => x(size) > 0.2 && x(size) < 0.8,
  );
  const middle = between[Math.floor(between.length / 2)];
  const label = `${title}: ${format(points[0]?.value ?? 0)} at ${short(least)} tokens, ${format(points.at(-1)?.value ?? 0)} at ${short(most)}.`;
  return (
    <figure>
      <figcaption className="label">{title}</figcaption>
      <div className={`plot ${classes.plot}`}>
        <svg viewBox="0 0 1000 1000" preserveAspectRatio="none" role="img" aria-label={label}>
          {ticks(0, top, 4).map(tick => (
            <path key={tick} className="grid" d={`M0 ${1000 * y(tick)}H1000`} />
          ))}
          <path
            className={`ln ${classes.line}`}
            d={path(points.map(point => ({ x: 1000 * x(point.size), y: 1000 * y(point.value) })))}
          />
          <path className="axis" d="M0 1000H1000" />
          {marked && <path className="ref" d={`M${1000 * x(marked.size)} 0V1000`} />}
        </svg>
        {ticks(0, top, 4).map(tick => (
          <span key={tick} className="ty" style={{ top: `${100 * y(tick)}%` }}>
            {format(tick)}
          </span>
        ))}
        <span className="tx first" style={{ left: 0 }}>
          {short(least)}
        </span>
        {middle && (
          <span className="tx" style={{ left: `${100 * x(middle)}%` }}>
            {short(middle)}
          </span>
        )}
        <span className="tx last" style={{ left: '100%' }}>
          {short(most)} tokens
        </span>
        {marked && mark && (
          <span
            className={`an ${x(marked.size) > 0.5 ? classes.before : classes.after}`}
            style={{ left: `${100 * x(marked.size)}%`, bottom: 4 }}
          >
            {mark.label}
          </span>
        )}
      </div>
    </figure>
  );
}
