// The few figures that say how a run stands, each with its unit and, on hover, what it means.
import { Tooltip } from '@mantine/core';
import { memo } from 'react';
import type { RunDetail, RunState } from '@/lib/api/schema';
import { between, bytes, count, decimals, percent, scientific, short } from '@/lib/format';
import type { Ranges, StepRow } from '@/lib/live/run-log';
import { type Metric, useMetrics } from './metrics';
import classes from './run.module.css';
import { chanceOf } from './words';

interface ReadoutsProps {
  rows: readonly StepRow[];
  ranges: Ranges;
  evaluations: RunState['evaluations'];
  detail: RunDetail;
}

export const Readouts = memo(function Readouts({ rows, ranges, evaluations, detail }: ReadoutsProps) {
  const metrics = useMetrics();
  const last = rows.at(-1);
  const chance = chanceOf(detail);
  const [now, before] = [evaluations.at(-1), evaluations.at(-2)];
  const bits = now?.values.bits_per_byte;
  const [figure = '', half] =
    bits === undefined ? [] : between(bits, now?.intervals?.bits_per_byte).split(' ± ');
  const change =
    bits !== undefined && before?.values.bits_per_byte !== undefined
      ? bits - before.values.bits_per_byte
      : null;
  const peak = rows.reduce((most, row) => Math.max(most, mostOf(row, ranges)), 0);
  if (!last && bits === undefined) return null;
  return (
    <dl className={classes.readouts}>
      {bits !== undefined && (
        <Readout
          metric={metrics.bits_per_byte}
          label="Validation"
          value={figure}
          unit={half ? `± ${half} bits/byte` : 'bits/byte'}
        >
          {change !== null && (
            <>
              {change <= 0 ? '↓' : '↑'} {decimals(Math.abs(change))} since step {count(before?.step ?? 0)}
            </>
          )}
        </Readout>
      )}
      {last?.loss !== undefined && (
        <Readout metric={metrics.loss} label="Training loss" value={decimals(last.loss)} unit="nats/token">
          {chance && `a guess has ${decimals(chance.value, 2)}`}
        </Readout>
      )}
      {last?.gradient_norm !== undefined && (
        <Readout
          metric={metrics.gradient_norm}
          label="Gradient norm"
          value={scientific(last.gradient_norm)}
          unit=""
        >
          learning rate {scientific(last.learning_rate ?? 0)}
        </Readout>
      )}
      {last?.tokens_per_s !== undefined && (
        <Readout metric={metrics.tokens_per_s} label="Speed" value={short(last.tokens_per_s)} unit="tok/s">
          {short(last.tokens ?? 0)} tokens read
        </Readout>
      )}
      {last?.utilization !== undefined && (
        <Readout
          metric={metrics.utilization}
          label="Utilization"
          value={percent(last.utilization, 0)}
          unit="of ceiling"
        >
          <span className={classes.meter}>
            <i style={{ width: `${Math.min(100, last.utilization * 100)}%` }} />
          </span>
        </Readout>
      )}
      {last?.memory_bytes !== undefined && (
        <Readout metric={metrics.memory_bytes} label="Memory" value={bytes(last.memory_bytes)} unit="">
          at most {bytes(peak)}
        </Readout>
      )}
    </dl>
  );
});

/** The most memory in the steps that a row stands for. */
function mostOf(row: StepRow, ranges: Ranges): number {
  return (ranges.get(row.step)?.high ?? row).memory_bytes ?? 0;
}

interface ReadoutProps {
  metric: Metric | undefined;
  label: string;
  value: string;
  unit: string;
  children?: React.ReactNode;
}

function Readout({ metric, label, value, unit, children }: ReadoutProps) {
  return (
    <div>
      <dt>
        <Explained metric={metric}>{label}</Explained>
      </dt>
      <dd>
        {value}
        {unit && <span className="unit">{unit}</span>}
      </dd>
      <dd className="note">{children}</dd>
    </div>
  );
}

interface ExplainedProps {
  metric: Metric | undefined;
  children: React.ReactNode;
}

/** A metric's name that explains itself: what it is, its formula, and what is healthy. */
export const Explained = memo(function Explained({ metric, children }: ExplainedProps) {
  if (!metric) return <>{children}</>;
  return (
    <Tooltip
      multiline
      w={320}
      classNames={{ tooltip: classes.explanation ?? '' }}
      events={{ hover: true, focus: true, touch: true }}
      label={
        <>
          <b>{metric.label}</b> {metric.unit && <span className="faint">{metric.unit}</span>}
          <br />
          {metric.description}
          {metric.formula && <code className={classes.formula}>{metric.formula}</code>}
          {metric.healthy}
        </>
      }
    >
      <button type="button" className={classes.explained}>
        {children}
      </button>
    </Tooltip>
  );
});
