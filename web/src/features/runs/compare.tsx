// Two runs side by side: their curves on one axis, only the settings that differ, and what came out.
import { useQueries } from '@tanstack/react-query';
import { api, data } from '@/lib/api/client';
import type { MetricsView, RunDetail, RunView } from '@/lib/api/schema';
import { count, decimals, duration, short } from '@/lib/format';
import { path, smooth, thin, ticks } from '@/lib/scale';
import { differences, verdict } from './differences';
import classes from './runs.module.css';

const COLORS = ['var(--cat-1)', 'var(--cat-2)'];
const NAMES = ['A', 'B'];

export function Compare({ runs, onClear }: { runs: RunView[]; onClear: () => void }) {
  const details = useQueries({
    queries: runs.map(run => ({
      queryKey: ['run', run.id, 'compared'],
      queryFn: () => data(api.GET('/api/runs/{run}', { params: { path: { run: run.id } } })),
    })),
  });
  const trained = details.map(query => query.data?.nodes.find(node => node.stage === 'train_model')?.run);
  const curves = useQueries({
    queries: trained.map(run => ({
      queryKey: ['run', run, 'loss'],
      enabled: Boolean(run),
      queryFn: () =>
        data(
          api.GET('/api/runs/{run}/metrics', {
            params: { path: { run: run ?? '' }, query: { names: ['loss'], width: 500 } },
          }),
        ),
    })),
  });
  if (runs.length === 0) return null;
  const [a, b] = runs;
  return (
    <section className={`card ${classes.pane}`} aria-labelledby="compare">
      <div className="card-head">
        <h2 className="h-pane" id="compare">
          Compare
        </h2>
        <div className="legend">
          {runs.map((run, index) => (
            <span key={run.id}>
              <svg width="18" height="6" aria-hidden="true">
                <path
                  d="M0 3h18"
                  stroke={COLORS[index]}
                  strokeWidth="2"
                  strokeDasharray={index ? '5 3' : undefined}
                />
              </svg>
              {NAMES[index]}, {run.name} <span className="num faint">{run.id}</span>
            </span>
          ))}
        </div>
        <span className="grow" />
        <button type="button" className="btn quiet sm" onClick={onClear}>
          Clear
        </button>
      </div>
      {a && b ? (
        <div className={classes.compare}>
          <div>
            <p className="reading">{verdict(a, b)}</p>
            <Curves curves={curves.map(curve => curve.data)} />
          </div>
          <div>
            <Differing details={details.map(query => query.data)} />
            <Outcome runs={[a, b]} />
          </div>
        </div>
      ) : (
        <p className="card-body muted">Tick a second run, and both are drawn on one axis.</p>
      )}
    </section>
  );
}

function Curves({ curves }: { curves: (MetricsView | undefined)[] }) {
  const series = curves.map(curve => curve?.series.loss);
  const all = series.flatMap(one => one?.mean ?? []);
  const last = Math.max(1, ...series.flatMap(one => one?.steps.at(-1) ?? []));
  const levels = ticks(Math.min(...all), Math.max(...all), 4);
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const y = (value: number) => 1000 - ((value - low) / Math.max(high - low, 1e-9)) * 1000;
  if (all.length === 0) return <p className="muted">No curve was recorded.</p>;
  return (
    <div className="plot" style={{ '--h': '240px', '--pl': '34px' } as React.CSSProperties}>
      <svg
        viewBox="0 0 1000 1000"
        preserveAspectRatio="none"
        role="img"
        aria-label="Training loss of both runs against steps"
      >
        {levels.map(level => (
          <path key={level} className="grid" d={`M0 ${y(level)}H1000`} />
        ))}
        <path className="axis" d="M0 1000H1000" />
        {series.map((one, index) => {
          const calm = smooth(one?.mean ?? [], 0.8);
          const points = thin(
            (one?.steps ?? []).map((step, at) => ({ x: (step / last) * 1000, y: y(calm[at] ?? 0) })),
            400,
          );
          return (
            <path
              key={NAMES[index]}
              className="ln"
              stroke={COLORS[index]}
              strokeDasharray={index ? '6 3' : undefined}
              d={path(points)}
            />
          );
        })}
      </svg>
      {levels.map(level => (
        <span key={level} className="ty" style={{ top: `${y(level) / 10}%` }}>
          {level}
        </span>
      ))}
      <span className="tx first" style={{ left: 0 }}>
        0
      </span>
      <span className="tx last" style={{ left: '100%' }}>
        {count(last)} steps
      </span>
      <span className={`an ${classes.caption}`}>training loss, nats/token, smoothed</span>
    </div>
  );
}

function Differing({ details }: { details: (RunDetail | undefined)[] }) {
  const [a, b] = details;
  if (!a || !b) return null;
  const { rows, total } = differences(a, b);
  return (
    <>
      <h3 className="label">
        Only what differs, {rows.length} of {total} settings
      </h3>
      {rows.length === 0 ? (
        <p className="muted">Nothing: the same recipe with the same settings.</p>
      ) : (
        <table className="table">
          <thead>
            <tr>
              <th>setting</th>
              <th className="r">A</th>
              <th className="r">B</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(row => (
              <tr key={row.field}>
                <td>
                  <code>{row.field}</code>
                </td>
                <td className="r num">{row.a}</td>
                <td className="r num">{row.b}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}

function Outcome({ runs: [a, b] }: { runs: [RunView, RunView] }) {
  const rows: [string, number | null, number | null, (value: number) => string][] = [
    ['bits/byte, held-out', a.bits_per_byte, b.bits_per_byte, value => decimals(value)],
    ['validation loss, nats/token', a.validation_loss, b.validation_loss, value => decimals(value)],
    ['steps', a.step, b.step, short],
    ['time', a.duration_s, b.duration_s, duration],
  ];
  return (
    <>
      <h3 className={`label ${classes.second}`}>What came out</h3>
      <table className="table">
        <thead>
          <tr>
            <th>measure</th>
            <th className="r">A</th>
            <th className="r">B</th>
            <th className="r">B − A</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(([label, left, right, format]) => (
            <tr key={label}>
              <td>{label}</td>
              <td className="r num">{left === null ? '–' : format(left)}</td>
              <td className="r num">{right === null ? '–' : format(right)}</td>
              <td className="r num">
                {left === null || right === null ? '–' : signed(right - left, format)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

function signed(value: number, format: (value: number) => string): string {
  return `${value < 0 ? '−' : '+'}${format(Math.abs(value))}`;
}
