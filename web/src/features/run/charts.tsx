// The curves of a run: the loss large, every other metric small, one cursor for all of them.
import { useMemo, useState } from 'react';
import type { RunDetail, RunState } from '@/lib/api/schema';
import { count, decimals } from '@/lib/format';
import type { Ranges, StepRow } from '@/lib/live/run-log';
import { smooth } from '@/lib/scale';
import type { ChartBand, ChartMark } from '@/ui/chart-props';
import { TimeChart } from '@/ui/time-chart';
import { besideAt, useBeside } from './beside';
import { Cursor } from './cursor';
import { useDetail } from './detail';
import { formatOf, useMetrics } from './metrics';
import { MetricsTable } from './metrics-table';
import { ReadLink } from './read-link';
import { Explained } from './readouts';
import { findingTitle } from './remedies';
import classes from './run.module.css';
import { PHASES } from './times';
import { useRead } from './use-read';
import { chanceOf } from './words';

interface ChartsProps {
  rows: readonly StepRow[];
  ranges: Ranges;
  state: RunState;
  detail: RunDetail;
  /** The run of the training itself. */
  training: string | null;
  steps: number;
  isLive: boolean;
  zoom: [number, number] | null;
  onZoom: (range: [number, number] | null) => void;
}

const MAIN = 'loss';
const SPEED = 'tokens_per_s';
const NOT_DRAWN: string[] = ['step', 'tokens', MAIN, ...PHASES.map(phase => phase.name)];
const COLORS = ['--cat-6', '--cat-5', '--cat-4', '--cat-2', '--cat-8', '--cat-7'];

export function Charts({ state, detail, training, steps, isLive, zoom, onZoom, ...whole }: ChartsProps) {
  const metrics = useMetrics();
  const { rows, ranges } = useDetail(training, whole, zoom);
  const [smoothing, setSmoothing] = useState(0.8);
  const [isLog, setIsLog] = useState(false);
  const [hovered, setHovered] = useState<number | null>(null);
  const [isTable, setIsTable] = useState(false);
  const columns = useMemo(() => columnsOf(rows, state), [rows, state]);
  const calm = useMemo(() => smooth(columns.loss, smoothing), [columns.loss, smoothing]);
  const names = useMemo(
    () => Object.keys(rows.at(-1) ?? {}).filter(name => !NOT_DRAWN.includes(name)),
    [rows],
  );
  const chance = chanceOf(detail);
  const beside = useBeside(training, isLive);
  const read = useRead();
  if (rows.length === 0) {
    return (
      <section className="card">
        <div className="card-head">
          <h2 className="h-pane">Loss</h2>
        </div>
        <p className="card-body muted">The curve begins with the first step of training.</p>
      </section>
    );
  }
  const lastStep = Math.max(steps, rows.at(-1)?.step ?? 1);
  const drawn = stepsUnion(columns.steps, columns.validationSteps);
  const series = [
    {
      label: 'each step',
      look: 'raw' as const,
      color: '--plot-raw',
      values: spread(drawn, columns.steps, columns.loss),
      low: drawn.map(step => ranges.get(step)?.low.loss ?? null),
      high: drawn.map(step => ranges.get(step)?.high.loss ?? null),
    },
    {
      label: 'train',
      look: 'line' as const,
      color: '--cat-1',
      values: spread(drawn, columns.steps, calm),
      isLive,
    },
    {
      label: 'validation',
      look: 'points' as const,
      color: '--cat-3',
      values: spread(drawn, columns.validationSteps, columns.validation),
      low: spread(drawn, columns.validationSteps, columns.low),
      high: spread(drawn, columns.validationSteps, columns.high),
    },
  ];
  const shared = { lastStep, zoom, onZoom, onHover: setHovered, onPick: read.open };
  return (
    <section className={`card cooled ${isLive ? 'is-live' : ''}`} aria-labelledby="loss">
      <div className="card-head">
        <h2 className="h-pane" id="loss">
          <Explained metric={metrics.loss}>Loss</Explained>
        </h2>
        <div className="legend">
          <span>
            <svg width="18" height="6" aria-hidden="true">
              <path d="M0 3h18" stroke="var(--cat-1)" strokeWidth="2" />
            </svg>
            train, smoothed {smoothing}
          </span>
          {columns.validation.length > 0 && (
            <span>
              <svg width="8" height="8" aria-hidden="true">
                <circle cx="4" cy="4" r="3" fill="var(--surface)" stroke="var(--cat-3)" strokeWidth="1.5" />
              </svg>
              validation
            </span>
          )}
        </div>
        <span className="grow" />
        <label className={classes.smoothing}>
          <span className="sr">Smoothing</span>
          <input
            className="slider"
            type="range"
            min="0"
            max="0.98"
            step="0.02"
            value={smoothing}
            style={{ '--fill': `${(100 * smoothing) / 0.98}%` } as React.CSSProperties}
            onChange={event => setSmoothing(Number(event.target.value))}
          />
        </label>
        <fieldset className="segmented" aria-label="Axis">
          <button type="button" aria-pressed={!isLog} onClick={() => setIsLog(false)}>
            Linear
          </button>
          <button type="button" aria-pressed={isLog} onClick={() => setIsLog(true)}>
            Log
          </button>
        </fieldset>
      </div>
      <div className={classes.chart}>
        <TimeChart
          {...shared}
          steps={drawn}
          series={series}
          height={300}
          isLog={isLog}
          levels={
            chance
              ? [
                  {
                    value: chance.value,
                    label: `a guess: ln ${count(chance.vocabSize)} = ${decimals(chance.value, 2)}`,
                  },
                ]
              : []
          }
          marks={marksOf(state, read.step)}
          label={sentence(rows, state)}
          format={formatOf(MAIN)}
        />
        {hovered !== null && (
          <Cursor step={hovered} rows={rows} state={state} names={names} beside={besideAt(beside, hovered)} />
        )}
      </div>
      <div className={classes.minis}>
        {names.map((name, index) => (
          <Mini
            key={name}
            name={name}
            rows={rows}
            color={COLORS[index % COLORS.length] ?? '--cat-8'}
            isLive={isLive}
            bands={name === SPEED ? beside : []}
            {...shared}
          />
        ))}
      </div>
      <p className={`note ${classes.foot}`}>
        {beside.length > 0 && (
          <>
            <span className={classes.besideKey} aria-hidden="true" /> a model was writing beside the training{' '}
            ({count(beside.length)} {beside.length === 1 ? 'time' : 'times'}).{' '}
          </>
        )}
        One cursor for all charts. Drag to zoom, double-click to see all, click to see what it read at a step.{' '}
        {read.step === null && rows.length > 0 && (
          <>
            <ReadLink step={rows.at(-1)?.step ?? 1} />.{' '}
          </>
        )}
        {zoom && (
          <button type="button" className="link" onClick={() => onZoom(null)}>
            See all
          </button>
        )}{' '}
        <button type="button" className="link" aria-expanded={isTable} onClick={() => setIsTable(!isTable)}>
          {isTable ? 'Hide the table' : 'Table'}
        </button>
      </p>
      {isTable && <MetricsTable rows={rows} state={state} names={[MAIN, ...names]} />}
    </section>
  );
}

interface MiniProps {
  name: string;
  rows: readonly StepRow[];
  color: string;
  isLive: boolean;
  bands: readonly ChartBand[];
  lastStep: number;
  zoom: [number, number] | null;
  onZoom: (range: [number, number] | null) => void;
  onHover: (step: number | null) => void;
  onPick: (step: number) => void;
}

function Mini({ name, rows, color, isLive, bands, ...shared }: MiniProps) {
  const metric = useMetrics()[name];
  const format = formatOf(name);
  const values = rows.map(row => row[name] ?? null);
  const now = values.at(-1);
  return (
    <div className={classes.mini}>
      <div className="row between">
        <span className="label">
          <Explained metric={metric}>{metric?.label ?? name}</Explained>
        </span>
        <span className="num">{now === null || now === undefined ? '' : format(now)}</span>
      </div>
      <TimeChart
        {...shared}
        steps={rows.map(row => row.step)}
        series={[{ label: name, look: 'line', color, values, isLive }]}
        height={110}
        bands={bands}
        label={`${metric?.label ?? name} over the steps; now ${now === null || now === undefined ? 'nothing' : format(now)} ${metric?.unit ?? ''}`}
        format={format}
      />
    </div>
  );
}

function columnsOf(rows: readonly StepRow[], state: RunState) {
  const losses = rows.filter(row => row.loss !== undefined);
  const measured = state.evaluations.filter(one => one.values.validation_loss !== undefined);
  return {
    steps: losses.map(row => row.step),
    loss: losses.map(row => row.loss ?? 0),
    validationSteps: measured.map(one => one.step),
    validation: measured.map(one => one.values.validation_loss ?? 0),
    low: measured.map(one => one.intervals?.validation_loss?.[0] ?? null),
    high: measured.map(one => one.intervals?.validation_loss?.[1] ?? null),
  };
}

function stepsUnion(a: readonly number[], b: readonly number[]): number[] {
  return [...new Set([...a, ...b])].sort((left, right) => left - right);
}

function spread(
  all: readonly number[],
  steps: readonly number[],
  values: readonly (number | null)[],
): (number | null)[] {
  const known = new Map(steps.map((step, index) => [step, values[index] ?? null]));
  return all.map(step => known.get(step) ?? null);
}

function marksOf(state: RunState, read: number | null): ChartMark[] {
  const resumes = state.attempts
    .slice(1)
    .map(attempt => ({ step: attempt.from_step, label: 'resumed', color: '--glass' }));
  const findings = state.findings
    .filter(finding => finding.step !== null && finding.level !== 'note')
    .map(finding => ({
      step: finding.step ?? 0,
      label: findingTitle(finding),
      color: finding.level === 'bad' ? '--bad' : '--warn',
    }));
  const looked = read === null ? [] : [{ step: read, label: 'read', color: '--glass' }];
  return [...resumes, ...findings, ...looked];
}

function sentence(rows: readonly StepRow[], state: RunState): string {
  const [first, last] = [rows[0], rows.at(-1)];
  const measured = state.evaluations.at(-1)?.values.validation_loss;
  const validation = measured === undefined ? '' : ` Validation stands at ${decimals(measured)}.`;
  return `Training loss goes from ${decimals(first?.loss ?? 0, 2)} at step ${first?.step} to ${decimals(last?.loss ?? 0, 2)} at step ${last?.step}, in nats per token.${validation}`;
}
