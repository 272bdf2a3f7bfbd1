// The variants of a sweep as a table: settings, result at the end of each rung, state; the best marked. It never fetches.
import { Link } from '@tanstack/react-router';
import type { SweepTable as Table, VariantRow } from '@/lib/api/schema';
import { count, decimals, duration } from '@/lib/format';
import { settingText, settingWords, shortField } from '@/lib/sweep';
import { WorkBadge } from '@/ui/work-badge';
import classes from './sweep-table.module.css';

interface SweepTableProps {
  table: Table;
  /** What the metric is called, and its unit. */
  label: string;
  chosen: readonly string[];
  onChoose: (run: string) => void;
}

export function SweepTable({ table, label, chosen, onChoose }: SweepTableProps) {
  const hasRungs = table.rungs.length > 1;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a table that scrolls sideways must be reachable by keyboard
    <section className="scroll-x" tabIndex={0} aria-label="Variants">
      <table className={`table ${classes.table}`}>
        <thead>
          <tr>
            <th>
              <span className="sr">compare</span>
            </th>
            <th className="r">variant</th>
            {table.fields.map(field => (
              <th key={field} className="r" title={field}>
                {shortField(table.fields, field)}
              </th>
            ))}
            <th className="r">{label}</th>
            {hasRungs && <th className="r">to step</th>}
            <th className="r">time</th>
            <th>state</th>
          </tr>
        </thead>
        <tbody>
          {table.variants.map(row => (
            <tr key={row.number} className={row.is_best ? 'is-selected' : ''}>
              <td>
                {row.run && row.values.length > 0 && (
                  <input
                    type="checkbox"
                    aria-label={`Compare variant ${row.number}, ${settingWords(table.fields, row.settings)}`}
                    checked={chosen.includes(row.run)}
                    onChange={() => row.run && onChoose(row.run)}
                  />
                )}
              </td>
              <td className="r num">
                {row.run ? (
                  <Link to="/runs/$runId" params={{ runId: row.run }}>
                    {row.number}
                  </Link>
                ) : (
                  row.number
                )}
              </td>
              {table.fields.map(field => (
                <td key={field} className="r num">
                  {settingText(row.settings[field])}
                </td>
              ))}
              <td className="r num">
                {row.values.length ? row.values.map(value => decimals(value)).join(' → ') : '–'}
              </td>
              {hasRungs && <td className="r num">{row.steps === null ? '–' : count(row.steps)}</td>}
              <td className="r num nowrap">{row.duration_s === null ? '–' : duration(row.duration_s)}</td>
              <td title={row.error ?? undefined}>
                <WorkBadge status={row.status} word={word(row)} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function word(row: VariantRow): string | undefined {
  if (row.is_best) return 'best';
  return row.status === 'dropped' ? `given up after rung ${row.rung}` : undefined;
}
