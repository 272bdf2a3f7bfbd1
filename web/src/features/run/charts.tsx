// The curves of a run: the loss large, every other metric small, one cursor for all of them.
import { memo, useCallback, useMemo, useRef, useState } from 'react';
import type { RunDetail, RunState } from '@/lib/api/schema';
import { count, decimals } from '@/lib/format';
import type { Ranges, StepRow } from '@/lib/live/run-log';
import { TimeChart } from '@/ui/time-chart';
import { type Beside, besideAt, useBeside } from './beside';
import { lossLines, marksOf, sentence } from './chart-lines';
import { Cursor } from './cursor';
import { useDetail } from './detail';
import { formatOf, useMetrics } from './metrics';
import { MetricsTable } from './metrics-table';
import { Mini, type SharedProps } from './mini';
import { ReadLink } from './read-link';
import { Explained } from './readouts';
import classes from './run.module.css';
import { PHASES } from './times';
import { useRead } from './use-read';
import { chanceOf } from './words';

interface ChartsProps {
  rows: readonly StepRow[];
  ranges: Ranges;
  evaluations: RunState['evaluations'];
  attempts: RunState['attempts'];
  findings: RunState['findings'];
  detail: RunDetail;
  /** The run of the training itself. */
  training: string | null;
  steps: number;
  isLive: boolean;
  /** What comes later is not to be seen yet. */
  isReplay: boolean;
  zoom: [number, number] | null;
  onZoom: (range: [number, number] | null) => void;
}

const MAIN = 'loss';
const SPEED = 'tokens_per_s';
const NOT_DRAWN: string[] = ['step', 'tokens', MAIN, ...PHASES.map(phase => phase.name)];
const COLORS = ['--cat-6', '--cat-5', '--cat-4', '--cat-2', '--cat-8', '--cat-7'];
const NO_BANDS: readonly Beside[] = [];

export const Charts = memo(function Charts(props: ChartsProps) {
  const { evaluations, attempts, findings, training, isLive, isReplay, zoom, onZoom } = props;
  const { rows, ranges } = useDetail(isReplay ? null : training, props, zoom);
  const [smoothing, setSmoothing] = useState(0.8);
  const [isLog, setIsLog] = useState(false);
  const [hovered, setHovered] = useState<number | null>(null);
  const [isTable, setIsTable] = useState(false);
  const lines = useMemo(
    () => lossLines(rows, ranges, evaluations, smoothing, isLive),
    [rows, ranges, evaluations, smoothing, isLive],
  );
  const names = useNames(rows);
  const levels = useLevels(props.detail);
  const beside = useBeside(training, isLive);
  const read = useRead();
  const marks = useMemo(() => marksOf({ attempts, findings }, read.step), [attempts, findings, read.step]);
  const onPick = useSteady(read.open);
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
  const newest = rows.at(-1)?.step ?? 1;
  const shared = { lastStep: Math.max(props.steps, newest), zoom, onZoom, onHover: setHovered, onPick };
  return (
    <section className={`card cooled ${isLive ? 'is-live' : ''}`} aria-labelledby="loss">
      <ChartHead
        smoothing={smoothing}
        onSmoothing={setSmoothing}
        isLog={isLog}
        onLog={setIsLog}
        hasValidation={evaluations.length > 0}
      />
      <div className={classes.chart}>
        <TimeChart
          {...shared}
          {...lines}
          height={300}
          isLog={isLog}
          levels={levels}
          marks={marks}
          label={sentence(rows, evaluations)}
          format={formatOf(MAIN)}
        />
        {hovered !== null && (
          <Cursor
            step={hovered}
            rows={rows}
            ranges={ranges}
            evaluations={evaluations}
            names={names}
            beside={besideAt(beside, hovered)}
          />
        )}
      </div>
      <Minis {...shared} rows={rows} names={names} isLive={isLive} beside={beside} />
      <p className={`note ${classes.foot}`}>
        {beside.length > 0 && (
          <>
            <span className={classes.besideKey} aria-hidden="true" /> a model was writing beside the training{' '}
            ({count(beside.length)} {beside.length === 1 ? 'time' : 'times'}).{' '}
          </>
        )}
        One cursor for all charts. Drag to zoom, double-click to see all, click to see what it read at a step.{' '}
        {read.step === null && (
          <>
            <ReadLink step={newest} />.{' '}
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
      {isTable && (
        <MetricsTable
          training={training}
          known={{ rows, ranges }}
          evaluations={evaluations}
          attempts={attempts.length}
          names={[MAIN, ...names]}
        />
      )}
    </section>
  );
});

interface ChartHeadProps {
  smoothing: number;
  onSmoothing: (value: number) => void;
  isLog: boolean;
  onLog: (value: boolean) => void;
  hasValidation: boolean;
}

const ChartHead = memo(function ChartHead({
  smoothing,
  onSmoothing,
  isLog,
  onLog,
  hasValidation,
}: ChartHeadProps) {
  const metrics = useMetrics();
  return (
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
        {hasValidation && (
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
          onChange={event => onSmoothing(Number(event.target.value))}
        />
      </label>
      <fieldset className="segmented" aria-label="Axis">
        <button type="button" aria-pressed={!isLog} onClick={() => onLog(false)}>
          Linear
        </button>
        <button type="button" aria-pressed={isLog} onClick={() => onLog(true)}>
          Log
        </button>
      </fieldset>
    </div>
  );
});

interface MinisProps extends SharedProps {
  rows: readonly StepRow[];
  names: string[];
  isLive: boolean;
  beside: readonly Beside[];
}

function Minis({ rows, names, isLive, beside, ...shared }: MinisProps) {
  const steps = useMemo(() => rows.map(row => row.step), [rows]);
  return (
    <div className={classes.minis}>
      {names.map((name, index) => (
        <Mini
          key={name}
          {...shared}
          name={name}
          rows={rows}
          steps={steps}
          color={COLORS[index % COLORS.length] ?? '--cat-8'}
          isLive={isLive}
          bands={name === SPEED ? beside : NO_BANDS}
        />
      ))}
    </div>
  );
}

/** The metrics that are drawn small; the same list while they are the same. */
function useNames(rows: readonly StepRow[]): string[] {
  const joined = Object.keys(rows.at(-1) ?? {})
    .filter(name => !NOT_DRAWN.includes(name))
    .join(' ');
  return useMemo(() => joined.split(' ').filter(Boolean), [joined]);
}

function useLevels(detail: RunDetail): { value: number; label: string }[] {
  return useMemo(() => {
    const chance = chanceOf(detail);
    if (!chance) return [];
    const label = `a guess: ln ${count(chance.vocabSize)} = ${decimals(chance.value, 2)}`;
    return [{ value: chance.value, label }];
  }, [detail]);
}

/** The same function for as long as the page lives, so that what gets it is not drawn anew for it. */
function useSteady<T>(call: (value: T) => void): (value: T) => void {
  const latest = useRef(call);
  latest.current = call;
  return useCallback((value: T) => latest.current(value), []);
}
