// Two to four runs side by side: one sentence, their curves on steps, tokens or time, only the settings that differ, and what came
// out with what is chance. What is chosen and how it is drawn stands in the link.
import { useQuery } from '@tanstack/react-query';
import { api, data, type ProblemError } from '@/lib/api/client';
import type { RunComparison } from '@/lib/api/schema';
import { withUnit } from '@/lib/format';
import { Failed } from '@/ui/failed';
import { type Axis, drawn, metricOf, type Shown } from './compare-data';
import { Outcome } from './compare-outcome';
import { COLORS, ComparePlot, DASHES } from './compare-plot';
import { Differing } from './compare-settings';
import classes from './runs.module.css';

const AXES: [Axis, string][] = [
  ['steps', 'Steps'],
  ['tokens', 'Tokens'],
  ['time', 'Time'],
];
const SHOWN: [Shown, string][] = [
  ['validation', 'Validation'],
  ['training', 'Training'],
];

interface CompareProps {
  runs: string[];
  axis: Axis;
  shown: Shown;
  onChange: (fields: { compare?: string; axis?: string; shown?: string }) => void;
}

export function Compare({ runs, axis, shown, onChange }: CompareProps) {
  const found = useQuery({
    queryKey: ['compare', ...runs],
    queryFn: () => data(api.GET('/api/compare', { params: { query: { run: runs } } })),
    enabled: runs.length > 1,
    placeholderData: before => before,
    retry: false,
  });
  if (runs.length === 0) return null;
  const view = runs.length > 1 ? found.data : undefined;
  return (
    <section className={`card ${classes.pane}`} aria-labelledby="compare">
      <div className="card-head">
        <h2 className="h-pane" id="compare">
          Compare
        </h2>
        {view && <Legend view={view} />}
        <span className="grow" />
        {view && (
          <>
            <Choice
              label="What is drawn"
              choices={SHOWN}
              value={shown}
              onChange={value => onChange({ shown: value })}
            />
            <Choice
              label="Against what"
              choices={AXES}
              value={axis}
              onChange={value => onChange({ axis: value })}
            />
            <button
              type="button"
              className="btn quiet sm"
              onClick={() => onChange({ compare: [...runs].reverse().join(',') })}
            >
              Swap
            </button>
          </>
        )}
        <button type="button" className="btn quiet sm" onClick={() => onChange({ compare: '' })}>
          Clear
        </button>
      </div>
      {runs.length < 2 && (
        <p className="card-body muted">Tick a second run, and both are drawn on one axis.</p>
      )}
      {runs.length > 1 && found.error && !view && (
        <Failed
          title={found.error.message}
          detail={(found.error as ProblemError).detail}
          retry={() => found.refetch()}
        />
      )}
      {runs.length > 1 && found.isPending && (
        <div className={`skeleton ${classes.loading}`} role="status" aria-label="Comparing" />
      )}
      {view && <Body view={view} axis={axis} shown={shown} />}
    </section>
  );
}

function Body({ view, axis, shown }: { view: RunComparison; axis: Axis; shown: Shown }) {
  const metric = metricOf(view);
  const row = view.measures.find(one => one.metric === metric);
  const label =
    shown === 'training'
      ? 'training loss, nats/token, smoothed'
      : withUnit(row?.label.toLowerCase() ?? metric, row?.unit ?? '');
  const isLong = view.settings.length > MANY_SETTINGS;
  return (
    <div className={`${classes.compare} ${view.sides.length > 2 ? classes.many : ''}`}>
      <div>
        <p className="reading">{view.verdict}</p>
        <ComparePlot sides={drawn(view, axis, shown, metric)} axis={axis} shown={shown} label={label} />
        {isLong && <Outcome view={view} />}
      </div>
      <div>
        <Differing view={view} />
        {!isLong && <Outcome view={view} />}
      </div>
    </div>
  );
}

/** With more that differs the list is as high as chart and outcome together, so these stand below each other. */
const MANY_SETTINGS = 8;

function Legend({ view }: { view: RunComparison }) {
  const hasRepeats = view.sides.some(side => side.repeats.length > 1);
  return (
    <div className="legend">
      {view.sides.map((side, index) => (
        <span key={side.letter}>
          <svg width="18" height="6" aria-hidden="true">
            <path d="M0 3h18" stroke={COLORS[index]} strokeWidth="2" strokeDasharray={DASHES[index]} />
          </svg>
          {side.letter}, {side.name} <span className="num faint">{side.run}</span>
          {side.repeats.length > 1 && <span className="faint">{side.repeats.length} seeds</span>}
        </span>
      ))}
      {hasRepeats && (
        <span>
          <svg width="18" height="9" aria-hidden="true">
            <rect width="18" height="9" fill="var(--plot-band)" />
          </svg>
          range over seeds
        </span>
      )}
    </div>
  );
}

interface ChoiceProps<T extends string> {
  label: string;
  choices: [T, string][];
  value: T;
  onChange: (value: T) => void;
}

function Choice<T extends string>({ label, choices, value, onChange }: ChoiceProps<T>) {
  return (
    <fieldset className={`segmented ${classes.choice}`} aria-label={label}>
      {choices.map(([one, word]) => (
        <button key={one} type="button" aria-pressed={value === one} onClick={() => onChange(one)}>
          {word}
        </button>
      ))}
    </fieldset>
  );
}
