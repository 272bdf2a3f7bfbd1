// A histogram over doubling lengths, with a line where something ends (a context). It never fetches.
import { count, percent, short } from '@/lib/format';
import classes from './histogram.module.css';

export interface Bin {
  from: number;
  to: number;
  count: number;
}

interface HistogramProps {
  bins: readonly Bin[];
  label: string;
  /** What is longer than this is drawn paler; on the axis it has a name. */
  limit?: { at: number; label: string } | undefined;
}

const WIDTH = 1000;

export function Histogram({ bins, label, limit }: HistogramProps) {
  const total = bins.reduce((sum, bin) => sum + bin.count, 0) || 1;
  const highest = Math.max(...bins.map(bin => bin.count / total), 0.01);
  const top = niceTop(highest);
  const each = WIDTH / Math.max(bins.length, 1);
  const place = limit ? placeOf(bins, limit.at) : null;
  const every = Math.max(1, Math.ceil(bins.length / 6));
  return (
    <figure className={classes.figure}>
      <div className="plot" style={{ '--h': '128px', '--pl': '38px', '--pt': '8px' } as React.CSSProperties}>
        <svg viewBox="0 0 1000 1000" preserveAspectRatio="none" role="img" aria-label={label}>
          {[0, 1, 2].map(line => (
            <path key={line} className="grid" d={`M0 ${(line * 1000) / 3}H1000`} />
          ))}
          {bins.map((bin, index) => {
            const height = (1000 * bin.count) / total / top;
            const isLong = limit !== undefined && bin.from >= limit.at;
            return (
              <rect
                key={bin.from}
                className={isLong ? classes.long : classes.bar}
                x={index * each + each * 0.04}
                y={1000 - height}
                width={each * 0.92}
                height={height}
              >
                <title>{`${count(bin.from)} to ${count(bin.to)}: ${count(bin.count)}`}</title>
              </rect>
            );
          })}
          {place !== null && <path className="ref" d={`M${place * each} 0V1000`} />}
          <path className="axis" d="M0 1000H1000" />
        </svg>
        {[0, 1, 2, 3].map(line => (
          <span key={line} className="ty" style={{ top: `${(100 * line) / 3}%` }}>
            {percent((top * (3 - line)) / 3, top < 0.03 ? 1 : 0)}
          </span>
        ))}
        {bins.map((bin, index) =>
          index % every === 0 ? (
            <span
              key={bin.from}
              className={`tx ${index === 0 ? 'first' : ''}`}
              style={{ left: `${(100 * index * each) / WIDTH}%` }}
            >
              {short(bin.from)}
            </span>
          ) : null,
        )}
        {place !== null && limit && (
          <span
            className={`an ${classes.limit}`}
            style={
              place > bins.length * 0.6
                ? { right: `calc(${100 - (100 * place * each) / WIDTH}% + 6px)` }
                : { left: `calc(${(100 * place * each) / WIDTH}% + 6px)` }
            }
          >
            {limit.label}
          </span>
        )}
      </div>
    </figure>
  );
}

/** Its table twin. */
export function HistogramTable({ bins, unit }: { bins: readonly Bin[]; unit: string }) {
  return (
    <table className="table">
      <thead>
        <tr>
          <th>{unit}</th>
          <th className="r">documents</th>
        </tr>
      </thead>
      <tbody>
        {bins.map(bin => (
          <tr key={bin.from}>
            <td className="num">
              {count(bin.from)} to {count(bin.to)}
            </td>
            <td className="r num">{count(bin.count)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Where a length lies, in bins: each doubles. */
export function placeOf(bins: readonly Bin[], at: number): number | null {
  const index = bins.findIndex(bin => at >= bin.from && at < bin.to);
  const bin = bins[index];
  if (!bin) return null;
  const part = bin.from > 0 ? Math.log2(at / bin.from) / Math.log2(bin.to / bin.from) : at / bin.to;
  return index + part;
}

function niceTop(share: number): number {
  const steps = [0.03, 0.06, 0.09, 0.12, 0.15, 0.18, 0.21, 0.3, 0.45, 0.6, 0.75, 0.9];
  return steps.find(step => step >= share) ?? 1;
}
