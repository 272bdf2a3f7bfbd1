// A vocabulary as it grows: how much text a token holds, against how many tokens there are, and the newest merges with what
// they were made of. It never fetches. In: what the training told. Out: a sentence, a curve, a list; all of it as a table too.
import type { RunState } from '@/lib/api/schema';
import { count, decimals, short } from '@/lib/format';
import { path } from '@/lib/scale';
import { curveOf, growthReading, newestOf, shown } from './growth';
import classes from './vocabulary-growth.module.css';

interface VocabularyGrowthProps {
  growth: RunState['growth'];
  isLive: boolean;
}

export function VocabularyGrowth({ growth, isLive }: VocabularyGrowthProps) {
  const last = growth.at(-1);
  if (!last) return null;
  const curve = curveOf(growth);
  const end = curve.points.at(-1);
  const newest = newestOf(growth);
  return (
    <div className={classes.growth}>
      <p className={`reading ${classes.said}`}>{growthReading(last, isLive)}</p>
      <div className={classes.both}>
        <figure className={classes.figure}>
          <div
            className="plot"
            style={{ '--h': '150px', '--pl': '40px', '--pr': '8px' } as React.CSSProperties}
          >
            <svg
              viewBox="0 0 1000 1000"
              preserveAspectRatio="none"
              role="img"
              aria-label={`Bytes per token go from ${decimals(curve.first, 2)} to ${decimals(last.bytes_per_token, 2)}`}
            >
              {curve.rows.map(row => (
                <path key={row.value} className="grid" d={`M0 ${row.y}H1000`} />
              ))}
              <path className="axis" d="M0 1000H1000" />
              <path className="ln" d={path(curve.points)} stroke="var(--cat-1)" />
            </svg>
            {curve.rows.map(row => (
              <span key={row.value} className="ty" style={{ top: `${row.y / 10}%` }}>
                {decimals(row.value, 1)}
              </span>
            ))}
            {curve.columns.map((column, index) => (
              <span
                key={column.value}
                className={`tx ${index === 0 ? 'first' : index === curve.columns.length - 1 ? 'last' : ''}`}
                style={{ left: `${column.x / 10}%` }}
              >
                {short(column.value)}
              </span>
            ))}
            {isLive && end && (
              <span className="dot hot" style={{ left: `${end.x / 10}%`, top: `${end.y / 10}%` }} />
            )}
          </div>
          <figcaption className="note">
            bytes per token against tokens, log scale; counted in {short(last.counted_bytes)} bytes of its
            text
            {last.is_replayed && ', after all was learned'}
          </figcaption>
        </figure>
        <ol className={classes.merges} aria-label="Newest merges">
          {newest.map(merge => (
            <li key={merge.rank}>
              <span className="num faint">{count(merge.rank + 1)}</span>
              <span className={classes.pair}>
                {shown(merge.left)} <span className="faint">+</span> {shown(merge.right)}
              </span>
              <b>{shown(merge.token)}</b>
              <span className="num">
                {short(merge.count)}
                <span className="unit">times</span>
              </span>
            </li>
          ))}
        </ol>
      </div>
      <details>
        <summary className="note">As a table</summary>
        <table className="table">
          <thead>
            <tr>
              <th className="r">tokens</th>
              <th className="r">bytes per token</th>
              <th>newest merge</th>
            </tr>
          </thead>
          <tbody>
            {growth.map(one => (
              <tr key={one.num_tokens}>
                <td className="r num">{count(one.num_tokens)}</td>
                <td className="r num">{decimals(one.bytes_per_token, 2)}</td>
                <td className="num">{shown(one.merges.at(-1)?.token ?? '')}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </div>
  );
}
