// Numbers by row over time as thickness of glass: one cell is one number, told under the pointer and under the arrow keys. Of
// very many columns neighbors are drawn as one, and told one by one.
// What lies outside of the healthy range is framed. It never fetches; who uses it sets a table beside it.
import { type KeyboardEvent, memo, type PointerEvent, useMemo, useState } from 'react';
import { count } from '@/lib/format';
import { ticks } from '@/lib/scale';
import { cellPaths, framePath } from './heat-cells';
import classes from './heat-map.module.css';
import { type Healthy, isHealthy, type Ramp } from './ramp';

export interface HeatRow {
  label: string;
  values: (number | null)[];
}

interface HeatMapProps {
  /** The step of each column, rising; a column reaches back to the one before. */
  steps: number[];
  rows: HeatRow[];
  /** The rows again, without what the healthy range does not speak of. */
  judged: HeatRow[];
  ramp: Ramp;
  healthy: Healthy;
  /** The whole planned run is on the axis. */
  lastStep: number;
  /** What the picture shows, in one sentence. */
  label: string;
  format: (value: number) => string;
}

type Cell = [row: number, column: number];

export function HeatMap({ steps, rows, judged, ramp, healthy, lastStep, label, format }: HeatMapProps) {
  const [cell, setCell] = useState<Cell | null>(null);
  const end = Math.max(lastStep, steps.at(-1) ?? 1);
  const edges = useMemo(() => [0, ...steps].map(step => (1000 * step) / end), [steps, end]);
  const height = 1000 / Math.max(rows.length, 1);
  const [row, column] = cell ?? [0, 0];
  const value = rows[row]?.values[column];
  const trained = edges.at(-1) ?? 0;

  const point = (event: PointerEvent<HTMLDivElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    const x = (1000 * (event.clientX - box.left)) / box.width;
    const at = edges.findIndex((edge, index) => index > 0 && x < edge) - 1;
    const line = Math.floor((rows.length * (event.clientY - box.top)) / box.height);
    setCell(at < 0 || !rows[line] ? null : [line, at]);
  };
  const move = (event: KeyboardEvent) => {
    const by = MOVES[event.key];
    if (!by) return;
    event.preventDefault();
    const start: Cell = cell ?? [0, steps.length - 1];
    setCell([clamp(start[0] + by[0], rows.length), clamp(start[1] + by[1], steps.length)]);
  };

  return (
    <div className={classes.map} style={{ '--rows': rows.length } as React.CSSProperties}>
      <ol className={classes.names} aria-hidden="true">
        {judged.map(one => (
          <li key={one.label} className={isNowUnhealthy(one, healthy) ? classes.hit : undefined}>
            {one.label}
          </li>
        ))}
      </ol>
      <div
        className={classes.plot}
        role="img"
        aria-label={label}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: its cells are told under the arrow keys
        tabIndex={0}
        onPointerMove={point}
        onPointerDown={point}
        onPointerLeave={() => setCell(null)}
        onKeyDown={move}
        onFocus={() => setCell(cell ?? [0, steps.length - 1])}
        onBlur={() => setCell(null)}
      >
        <svg viewBox="0 0 1000 1000" preserveAspectRatio="none" aria-hidden="true">
          <Cells rows={rows} judged={judged} edges={edges} ramp={ramp} healthy={healthy} />
          {cell && (
            <rect
              className={classes.chosen}
              x={edges[column]}
              y={row * height}
              width={(edges[column + 1] ?? 0) - (edges[column] ?? 0)}
              height={height}
            />
          )}
        </svg>
        {trained < 850 && (
          <span className={classes.later} style={{ left: `${trained / 10}%` }}>
            not yet trained
          </span>
        )}
        {cell && (
          <span
            className={`tooltip ${classes.tip} ${(edges[column] ?? 0) > 600 ? classes.left : ''}`}
            style={{ left: `${(edges[column + 1] ?? 0) / 10}%`, top: `${(100 * row) / rows.length}%` }}
          >
            <b>{rows[row]?.label}</b> <span>step {count(steps[column] ?? 0)}</span>{' '}
            <span className="num">{value === null || value === undefined ? 'no number' : format(value)}</span>
          </span>
        )}
      </div>
      <div className={classes.axis} aria-hidden="true">
        {ticks(0, end).map(tick => (
          <span key={tick} style={{ left: `${(100 * tick) / end}%` }}>
            {count(tick)}
          </span>
        ))}
      </div>
      <p className="sr" aria-live="polite">
        {cell &&
          `${rows[row]?.label}, step ${count(steps[column] ?? 0)}: ${value === null || value === undefined ? 'no number' : format(value)}`}
      </p>
    </div>
  );
}

interface CellsProps {
  rows: HeatRow[];
  judged: HeatRow[];
  edges: number[];
  ramp: Ramp;
  healthy: Healthy;
}

const Cells = memo(function Cells({ rows, judged, edges, ramp, healthy }: CellsProps) {
  const values = rows.map(row => row.values);
  return (
    <>
      {cellPaths(values, edges, ramp).map((path, level) => (
        <path key={level} d={path} fill={`var(--seq-${level})`} />
      ))}
      <path
        className={classes.mark}
        d={framePath(
          judged.map(row => row.values),
          edges,
          healthy,
        )}
      />
    </>
  );
});

const MOVES: Record<string, Cell> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  Home: [0, Number.NEGATIVE_INFINITY],
  End: [0, Number.POSITIVE_INFINITY],
};

function clamp(index: number, length: number): number {
  return Math.min(length - 1, Math.max(0, index));
}

function isNowUnhealthy(row: HeatRow, healthy: Healthy): boolean {
  return !isHealthy(row.values.at(-1), healthy);
}
