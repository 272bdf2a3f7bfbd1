// Where a dataset comes from, stage by stage, and who uses it.
import { Link } from '@tanstack/react-router';
import type { DatasetDetail } from '@/lib/api/schema';
import { count } from '@/lib/format';
import { KindShape } from '@/ui/kind-shape';
import classes from './data.module.css';

const STAGES: Record<string, string> = {
  import_dataset: 'read',
  clean_dataset: 'cleaned',
  split_dataset: 'split',
};

export function MadeOf({ detail }: { detail: DatasetDetail }) {
  const { runs, items } = detail.used_by;
  return (
    <section className="card" aria-labelledby="made-of">
      <div className="card-head">
        <h2 className="h-pane" id="made-of">
          Where it comes from
        </h2>
      </div>
      <div className="card-body">
        <ol className={classes.lineage}>
          {detail.lineage.map(step => (
            <li key={step.run}>
              <KindShape kind="dataset" />
              <span>
                {STAGES[step.stage] ?? step.stage} <span className="faint">{settingsOf(step.settings)}</span>
              </span>
              <span className="num">{step.documents_after == null ? '–' : count(step.documents_after)}</span>
              <Link className="num note" to="/runs/$runId" params={{ runId: step.flow_run ?? step.run }}>
                {step.flow_run ?? step.run}
              </Link>
            </li>
          ))}
        </ol>
        {items.length + runs.length > 0 && (
          <>
            <h3 className={`label ${classes.users}`}>Used by</h3>
            <ul className={classes.lineage}>
              {items.map(item => (
                <li key={`${item.kind} ${item.name} ${item.version}`}>
                  <KindShape kind={item.kind === 'model' ? 'checkpoint' : item.kind} />
                  <span>
                    {item.name} <span className="faint">{item.kind}</span>
                  </span>
                  <span className="num">v{item.version}</span>
                  <span />
                </li>
              ))}
              {runs.slice(0, 6).map(run => (
                <li key={run.run}>
                  <span />
                  <span>
                    {run.name} <span className="faint">run, {run.status}</span>
                  </span>
                  <span />
                  <Link className="num note" to="/runs/$runId" params={{ runId: run.run }}>
                    {run.run}
                  </Link>
                </li>
              ))}
            </ul>
            {runs.length > 6 && <p className="note">and {count(runs.length - 6)} more runs</p>}
          </>
        )}
      </div>
    </section>
  );
}

function settingsOf(settings: Record<string, string>): string {
  const text = Object.values(settings).join(', ');
  return text.length > 90 ? `${text.slice(0, 90)}…` : text;
}
