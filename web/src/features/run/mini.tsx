// One metric over the steps, small, with its newest value.
import { memo, useMemo } from 'react';
import type { StepRow } from '@/lib/live/run-log';
import type { ChartBand } from '@/ui/chart-props';
import { TimeChart } from '@/ui/time-chart';
import { formatOf, useMetrics } from './metrics';
import { Explained } from './readouts';
import classes from './run.module.css';

export interface SharedProps {
  lastStep: number;
  zoom: [number, number] | null;
  onZoom: (range: [number, number] | null) => void;
  onHover: (step: number | null) => void;
  onPick: (step: number) => void;
}

interface MiniProps extends SharedProps {
  name: string;
  rows: readonly StepRow[];
  steps: number[];
  color: string;
  isLive: boolean;
  bands: readonly ChartBand[];
}

export const Mini = memo(function Mini({ name, rows, steps, color, isLive, bands, ...shared }: MiniProps) {
  const metric = useMetrics()[name];
  const format = formatOf(name);
  const series = useMemo(
    () => [{ label: name, look: 'line' as const, color, values: rows.map(row => row[name] ?? null), isLive }],
    [name, color, rows, isLive],
  );
  const now = rows.at(-1)?.[name];
  const value = now === undefined ? '' : format(now);
  return (
    <div className={classes.mini}>
      <div className="row between">
        <span className="label">
          <Explained metric={metric}>{metric?.label ?? name}</Explained>
        </span>
        <span className="num">{value}</span>
      </div>
      <TimeChart
        {...shared}
        steps={steps}
        series={series}
        height={110}
        bands={bands}
        label={`${metric?.label ?? name} over the steps; now ${value || 'nothing'} ${metric?.unit ?? ''}`}
        format={format}
      />
    </div>
  );
});
