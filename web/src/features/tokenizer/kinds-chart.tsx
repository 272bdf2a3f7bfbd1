// Bars from zero, a group a kind of text, a bar a tokenizer, with its interval as a thin line.
import type { ComparisonRowView } from '@/lib/api/schema';
import { decimals, percent } from '@/lib/format';
import classes from './side.module.css';

export interface Series {
  ref: string;
  label: string;
  color: string;
}

export function KindsChart({
  rows,
  series,
}: {
  rows: readonly ComparisonRowView[];
  series: readonly Series[];
}) {
  const groups = [...new Set(rows.map(row => row.group))];
  const most = Math.max(1, ...rows.map(row => row.bytes_per_token.high ?? row.bytes_per_token.value ?? 0));
  const share = (value: number) => `${(100 * value) / most}%`;
  const label = `Bytes per token on ${groups.join(', ')}; the table below has the figures.`;
  return (
    <div className={classes.chart} role="img" aria-label={label}>
      {groups.map(group => (
        <div key={group} className={classes.group}>
          <div className={classes.name}>{group}</div>
          <div className={classes.bars}>
            {series.map(one => {
              const found = rows.find(row => row.group === group && row.tokenizer === one.ref);
              const { value = null, low = null, high = null } = found?.bytes_per_token ?? {};
              const lost = found?.lost_share ?? 0;
              return (
                <div key={one.ref} className={classes.bar}>
                  <span className={classes.rail}>
                    <i style={{ width: share(value ?? 0), background: one.color }}>
                      {lost > 0 && <s style={{ width: `${100 * lost}%` }} />}
                    </i>
                    {low !== null && high !== null && high > low && (
                      <u style={{ left: share(low), width: share(high - low) }} />
                    )}
                  </span>
                  <b className="num" title={lost > 0 ? `${percent(lost, 0)} of the letters lost` : undefined}>
                    {value === null ? '–' : decimals(value, 2)}
                  </b>
                </div>
              );
            })}
          </div>
        </div>
      ))}
      {groups.length === 0 && <p className="muted">No texts to measure.</p>}
    </div>
  );
}
