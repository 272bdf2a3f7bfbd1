// What came out of runs beside each other, and whether a difference is more than chance.
import type { MeasureRow, RunComparison } from '@/lib/api/schema';
import { bytes, decimals, duration, short, withUnit } from '@/lib/format';
import classes from './runs.module.css';
import { SideHeads } from './side-heads';

export function Outcome({ view }: { view: RunComparison }) {
  return (
    <>
      <h3 className={`label ${classes.second}`}>What came out</h3>
      <div className="scroll-x">
        <table className="table">
          <thead>
            <tr>
              <th>measure</th>
              <SideHeads sides={view.sides} />
              <th>against A</th>
            </tr>
          </thead>
          <tbody>
            {view.measures.map(row => (
              <tr key={row.metric}>
                <td>
                  {row.label.toLowerCase()}
                  {hasUnit(row) && <span className="unit">{row.unit}</span>}
                </td>
                {row.means.map((mean, index) => (
                  <td key={view.sides[index]?.letter} className="r num nowrap">
                    {figure(row, mean, row.spreads[index] ?? null)}
                  </td>
                ))}
                <td>
                  <Noise row={row} letters={view.sides.map(side => side.letter)} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

/** Why two figures cannot be held against each other. */
const APART: Record<string, string> = { 'other-text': 'another text', 'other-tokens': 'other tokens' };

/** Inside or outside of what chance does, as a shape and a word; the rule is told on hover and to those who hear the page. */
function Noise({ row, letters }: { row: MeasureRow; letters: readonly string[] }) {
  return row.noise.map(
    (one, index) =>
      one && (
        <span
          key={letters[index]}
          className={`${classes.noise} ${one.is_beyond ? classes.beyond : ''}`}
          title={one.words}
        >
          <i aria-hidden="true" />
          {letters.length > 2 && `${letters[index]} `}
          {one.is_beyond === null
            ? (APART[one.rule] ?? 'one run each')
            : one.is_beyond
              ? 'beyond noise'
              : 'within noise'}
          <span className="sr">{one.words}</span>
        </span>
      ),
  );
}

/** Bytes and seconds are written with their unit, and some names say it. */
function hasUnit({ label, unit }: MeasureRow): boolean {
  return !['bytes', 's'].includes(unit) && withUnit(label.toLowerCase(), unit) !== label.toLowerCase();
}

function figure(row: MeasureRow, value: number | null, spread: number | null): string {
  if (value === null) return '–';
  const write = { bytes, s: duration, '': short, 'tok/s': short }[row.unit] ?? decimals;
  return spread ? `${write(value)} ± ${write(spread)}` : write(value);
}
