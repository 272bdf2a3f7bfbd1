// A sweep in the history: its variants as dots in place of a curve; unfolded, a line for each that can be compared.
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { RunView, SweepSummary } from '@/lib/api/schema';
import { decimals, duration, when } from '@/lib/format';
import { settingWords } from '@/lib/sweep';
import { WorkBadge } from '@/ui/work-badge';
import { SweepDots } from '@/widgets/sweep-dots/sweep-dots';
import classes from './runs.module.css';

interface SweepFoldProps {
  run: RunView;
  sweep: SweepSummary;
  chosen: string[];
  onToggle: (id: string) => void;
}

export function SweepFold({ run, sweep, chosen, onToggle }: SweepFoldProps) {
  const [isOpen, setIsOpen] = useState(false);
  const told = [
    `${sweep.num_done} of ${sweep.num_variants} done`,
    ...(sweep.num_failed ? [`${sweep.num_failed} failed`] : []),
  ];
  return (
    <>
      <tr className={classes.swept}>
        <td>
          <button
            type="button"
            className={classes.fold}
            aria-expanded={isOpen}
            aria-label={`${isOpen ? 'Fold' : 'Unfold'} the sweep ${run.name}`}
            onClick={() => setIsOpen(!isOpen)}
          >
            <svg viewBox="0 0 12 12" aria-hidden="true">
              <path d={isOpen ? 'M2.5 4l3.500 4 3.500-4' : 'M4 2.500l4 3.500-4 3.500'} />
            </svg>
          </button>
        </td>
        <td>
          <Link className={classes.name} to="/runs/$runId" params={{ runId: run.id }}>
            {run.name}
          </Link>
          <p className="note">
            sweep of {sweep.num_variants} <span className="num">{run.id}</span>
          </p>
        </td>
        <td colSpan={2} className={classes.dots}>
          <SweepDots fields={sweep.fields} points={sweep.points} />
        </td>
        <td className={`r num ${classes.bits}`}>
          {sweep.best_value === null ? '–' : decimals(sweep.best_value)}
          {sweep.best !== null && <p className="faint">best, {sweep.best}</p>}
        </td>
        <td className={`r num nowrap ${classes.took}`}>
          {run.duration_s === null ? '–' : duration(run.duration_s)}
        </td>
        <td className={`r nowrap muted ${classes.ended}`}>{run.ended_at ? when(run.ended_at) : '–'}</td>
        <td className={classes.state}>
          <WorkBadge status={run.status} word={run.status === 'done' ? told.join(', ') : undefined} />
        </td>
      </tr>
      {isOpen &&
        sweep.points.map(point => (
          <tr
            key={point.number}
            className={
              point.run && chosen.includes(point.run) ? `is-selected ${classes.variant}` : classes.variant
            }
          >
            <td>
              {point.run && point.value !== null && (
                <input
                  type="checkbox"
                  aria-label={`Compare variant ${point.number} of ${run.name}`}
                  checked={chosen.includes(point.run)}
                  onChange={() => point.run && onToggle(point.run)}
                />
              )}
            </td>
            <td>
              {point.run ? (
                <Link className={classes.name} to="/runs/$runId" params={{ runId: point.run }}>
                  variant {point.number}
                </Link>
              ) : (
                `variant ${point.number}`
              )}
            </td>
            <td colSpan={2} className={`num ${classes.changes}`}>
              {settingWords(sweep.fields, point.settings)}
            </td>
            <td className={`r num ${classes.bits}`}>{point.value === null ? '–' : decimals(point.value)}</td>
            <td className={classes.took} />
            <td className={classes.ended} />
            <td className={classes.state}>
              <WorkBadge status={point.status} word={point.is_best ? 'best' : undefined} />
            </td>
          </tr>
        ))}
    </>
  );
}
