// What came in, stage by stage and source by source, and who uses it now.
import { Link } from '@tanstack/react-router';
import type { DatasetDetail } from '@/lib/api/schema';
import { bytes, count } from '@/lib/format';
import { KindShape } from '@/ui/kind-shape';
import { ShareBars } from '@/widgets/share-bars/share-bars';
import classes from './data.module.css';
import { stageWords } from './readings';
import { useStatistics } from './use-statistics';

interface MadeOfProps {
  detail: DatasetDetail;
  at: string;
  project: string;
}

const SHOWN = 8;

export function MadeOf({ detail, at, project }: MadeOfProps) {
  const found = useStatistics(at, project, `${detail.artifact} ${detail.description}`);
  const sources = found.data?.sources.slice(0, SHOWN) ?? [];
  const widest = Math.max(...sources.map(source => source.num_bytes), 1);
  const others = (found.data?.num_sources ?? 0) - sources.length;
  return (
    <section className="card" aria-labelledby="made-of">
      <div className="card-head">
        <h2 className="h-pane" id="made-of">
          What came in
        </h2>
        <span className="grow" />
        <span className="note">
          {detail.num_documents != null &&
            `${count(detail.num_documents)} ${detail.num_documents === 1 ? 'document' : 'documents'}`}
          {detail.num_bytes != null && `, ${bytes(detail.num_bytes)} of text`}
        </span>
      </div>
      <div className={`card-body ${classes.came}`}>
        <ol className={classes.lineage} aria-label="Stages">
          {detail.lineage.map(step => (
            <li key={step.run}>
              <KindShape kind="dataset" />
              <span>
                {stageWords(step.stage)}{' '}
                <span className="faint">{settingsOf(step.stage, step.settings)}</span>
              </span>
              <span className="num">
                {step.documents_before != null && `${count(step.documents_before)} → `}
                {step.documents_after == null ? '–' : count(step.documents_after)}
              </span>
              <Link className="num note" to="/runs/$runId" params={{ runId: step.flow_run ?? step.run }}>
                {step.flow_run ?? step.run}
              </Link>
            </li>
          ))}
        </ol>
        {sources.length > 0 && (
          <div>
            <h3 className="label">Largest sources</h3>
            <ShareBars
              label="Bytes by source"
              bars={sources.map(source => ({
                label: source.name,
                share: source.num_bytes / widest,
                text: bytes(source.num_bytes),
              }))}
            />
            {others > 0 && <p className="note">and {count(others)} more</p>}
          </div>
        )}
        <Users detail={detail} />
      </div>
    </section>
  );
}

function Users({ detail }: { detail: DatasetDetail }) {
  const { runs, items } = detail.used_by;
  if (items.length + runs.length === 0) return null;
  return (
    <div>
      <h3 className="label">Used by</h3>
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
        {runs.slice(0, SHOWN).map(run => (
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
      {runs.length > SHOWN && <p className="note">and {count(runs.length - SHOWN)} more runs</p>}
    </div>
  );
}

/** Of a stage's settings what a person would tell. */
function settingsOf(stage: string, settings: Record<string, string>): string {
  if (stage === 'import_dataset') {
    const path = settings['source.path']?.split('/').at(-1);
    return [settings['source.kind']?.replaceAll('_', ' '), path].filter(Boolean).join(', ');
  }
  if (stage === 'clean_dataset') {
    const steps = settings.steps?.split(', ').length ?? 0;
    return steps === 0 ? '' : `in ${steps} ${steps === 1 ? 'step' : 'steps'}`;
  }
  return '';
}
