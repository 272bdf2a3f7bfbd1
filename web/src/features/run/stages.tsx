// The stages of the flow in their order: state, how far, and why each one ran or was reused.
import { Link } from '@tanstack/react-router';
import type { RunDetail, RunView } from '@/lib/api/schema';
import { spentS } from '@/lib/fold/spent';
import { count, duration } from '@/lib/format';
import { WorkBadge } from '@/ui/work-badge';
import classes from './run.module.css';

export function Stages({ run, detail }: { run: RunView; detail: RunDetail }) {
  const live = new Map(run.nodes.map(node => [node.name, node]));
  const shown = detail.nodes.filter(node => live.get(node.name)?.status !== 'dropped');
  return (
    <section className="card" aria-labelledby="stages">
      <div className="card-head">
        <h2 className="h-pane" id="stages">
          Stages
        </h2>
        <span className="note">each answers from the store when nothing it depends on changed</span>
        {shown.length < detail.nodes.length && (
          <span className="note">{count(detail.nodes.length - shown.length)} given up are not listed</span>
        )}
      </div>
      <ol className={classes.stages}>
        {shown.map((node, index) => {
          const status = live.get(node.name)?.status ?? node.status;
          const isNow = run.node === node.name && run.progress !== null && status === 'running';
          const spent = node.state?.ended_at ? spentS(node.state.work, 0) : null;
          return (
            <li key={node.name}>
              <WorkBadge status={status} />
              <div>
                <b>{node.name}</b> <span className="muted">{node.purpose}</span>
                {run.status !== 'queued' && <p className="note">{reasonOf(node, status, index === 0)}</p>}
                {isNow && run.progress && (
                  <div className={classes.stageBar}>
                    <div
                      className="progress is-live"
                      style={
                        {
                          '--p': `${(100 * run.progress.done) / Math.max(run.progress.total, 1)}%`,
                        } as React.CSSProperties
                      }
                    >
                      <i />
                    </div>
                    <span className="note">
                      {run.progress.phase}, {count(run.progress.done)} of {count(run.progress.total)}{' '}
                      {run.progress.unit}
                    </span>
                  </div>
                )}
              </div>
              <span className="num note">
                {status === 'reused' ? '' : spent === null ? '' : duration(spent)}
              </span>
              {node.run && node.run !== run.id && (
                <Link className="num note" to="/runs/$runId" params={{ runId: node.run }}>
                  {node.run}
                </Link>
              )}
            </li>
          );
        })}
      </ol>
    </section>
  );
}

const WHY: Record<string, string> = { 'never run': 'not made before' };

function reasonOf(node: RunDetail['nodes'][number], status: string, isFirst: boolean): string {
  if (node.action === 'reuse' && status === 'done') return 'done before this run was interrupted';
  if (status === 'reused') return `reused: ${node.reason ?? 'nothing it depends on changed'}`;
  const isOver = status === 'done' || status === 'failed' || status === 'stopped';
  if (node.changes?.length) return `${isOver ? 'ran' : 'runs'} because of ${node.changes.join('; ')}`;
  if (!node.reason) return isFirst ? 'waits for its turn' : 'waits for the stages before it';
  return `${isOver ? 'ran' : 'runs'}: ${WHY[node.reason] ?? node.reason}`;
}
