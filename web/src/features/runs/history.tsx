// Runs that ended, newest first: what was changed, how it went, what came out. Two to four can be chosen for comparison.
import { Link } from '@tanstack/react-router';
import type { RunView } from '@/lib/api/schema';
import { count, decimals, duration, when } from '@/lib/format';
import { WorkBadge } from '@/ui/work-badge';
import { Sparkline } from '@/widgets/sparkline/sparkline';
import classes from './runs.module.css';
import { SweepFold } from './sweep-fold';

const MAX_COMPARED = 4;

interface HistoryProps {
  runs: RunView[];
  chosen: string[];
  onChoose: (runs: string[]) => void;
  more: (() => void) | undefined;
}

export function History({ runs, chosen, onChoose, more }: HistoryProps) {
  const toggle = (id: string) =>
    onChoose(chosen.includes(id) ? chosen.filter(one => one !== id) : [...chosen, id].slice(-MAX_COMPARED));
  return (
    <section className={`card ${classes.pane}`} aria-labelledby="history">
      <div className="card-head">
        <h2 className="h-pane" id="history">
          History
        </h2>
        <span className="note">newest first. Tick two to four to compare them.</span>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a table that scrolls sideways must be reachable by keyboard */}
      <section className="card-body scroll-x" tabIndex={0} aria-label="History of runs">
        <table className={`table ${classes.history}`}>
          <thead>
            <tr>
              <th>
                <span className="sr">compare</span>
              </th>
              <th>run</th>
              <th>changed</th>
              <th>loss</th>
              <th className="r">bits/byte</th>
              <th className="r">time</th>
              <th className="r">ended</th>
              <th>state</th>
            </tr>
          </thead>
          <tbody>
            {runs.map(run =>
              run.sweep ? (
                <SweepFold key={run.id} run={run} sweep={run.sweep} chosen={chosen} onToggle={toggle} />
              ) : (
                <tr key={run.id} className={chosen.includes(run.id) ? 'is-selected' : ''}>
                  <td>
                    <input
                      type="checkbox"
                      aria-label={`Compare ${run.name}, ${run.id}`}
                      checked={chosen.includes(run.id)}
                      disabled={!run.sparkline?.length && !chosen.includes(run.id)}
                      title={run.sparkline?.length ? undefined : 'It trained nothing that could be compared'}
                      onChange={() => toggle(run.id)}
                    />
                  </td>
                  <td>
                    <Link className={classes.name} to="/runs/$runId" params={{ runId: run.id }}>
                      {run.name}
                    </Link>
                    <p className="note">
                      {run.recipe} <span className="num">{run.id}</span>
                    </p>
                  </td>
                  <td className={classes.changes}>{changesOf(run)}</td>
                  <td className={classes.curve}>
                    <Sparkline values={run.sparkline ?? []} label={`Loss of ${run.name}`} />
                  </td>
                  <td className={`r num ${classes.bits}`}>
                    {run.bits_per_byte === null ? '–' : decimals(run.bits_per_byte)}
                  </td>
                  <td className={`r num nowrap ${classes.took}`}>
                    {run.duration_s === null ? '–' : duration(run.duration_s)}
                  </td>
                  <td className={`r nowrap muted ${classes.ended}`}>
                    {run.ended_at ? when(run.ended_at) : '–'}
                  </td>
                  <td className={classes.state}>
                    <WorkBadge status={run.status} word={stateWord(run)} />
                  </td>
                </tr>
              ),
            )}
          </tbody>
        </table>
      </section>
      {more && (
        <p className={classes.more}>
          <button type="button" className="link" onClick={more}>
            Show older runs
          </button>
        </p>
      )}
    </section>
  );
}

function changesOf(run: RunView) {
  if (run.status === 'failed' && run.error) return <span className={classes.error}>{run.error.message}</span>;
  if (!run.changes?.length) return <span className="faint">as the recipe says</span>;
  return run.changes.slice(0, 3).map(change => {
    const [field, ...rest] = change.split(' ');
    return (
      <p key={change}>
        <code>{field?.split('.').slice(1).join('.')}</code> <span className="num">{rest.join(' ')}</span>
      </p>
    );
  });
}

function stateWord(run: RunView): string {
  if (run.status === 'stopped' && run.step !== null) return `paused at ${count(run.step)}`;
  if (run.status === 'failed' && run.step !== null) return `failed at ${count(run.step)}`;
  return (
    { done: 'done', stopped: 'paused', interrupted: 'interrupted', failed: 'failed' }[run.status] ??
    run.status
  );
}
