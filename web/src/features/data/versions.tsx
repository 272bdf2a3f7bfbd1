// The versions of a dataset, newest first: how much is in each, and what changed from one to the next.
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { api, data, type ProblemError } from '@/lib/api/client';
import type { DatasetDetail, DifferenceView } from '@/lib/api/schema';
import { bytes, count, when } from '@/lib/format';
import { Failed } from '@/ui/failed';
import { Loading } from '@/ui/loading';
import classes from './data.module.css';

interface VersionsProps {
  name: string;
  project: string;
  detail: DatasetDetail;
  /** The version that is compared with the one before, if any. */
  compared: number | null;
}

export function Versions({ name, project, detail, compared }: VersionsProps) {
  const navigate = useNavigate();
  const most = Math.max(...detail.versions.map(one => one.num_documents ?? 0), 1);
  const change = (fields: object) =>
    navigate({ to: '.', search: ((before: object) => ({ ...before, ...fields })) as never, replace: true });
  return (
    <section className="card" aria-labelledby="versions">
      <div className="card-head">
        <h2 className="h-pane" id="versions">
          Versions
        </h2>
      </div>
      <ol className={`card-body ${classes.versions}`}>
        {detail.versions.map((one, index) => {
          const before = detail.versions[index + 1];
          return (
            <li key={one.number} data-shown={one.number === detail.version || undefined}>
              <Link
                to="/data/$name"
                params={{ name }}
                search={(index === 0 ? {} : { version: String(one.number) }) as never}
                aria-current={one.number === detail.version ? 'true' : undefined}
              >
                v{one.number}
              </Link>
              <span className="note">{when(one.created_at)}</span>
              <span className="num">
                {one.num_documents == null ? '–' : count(one.num_documents)}
                <span className="unit">docs</span>
              </span>
              <i style={{ width: `${(100 * (one.num_documents ?? 0)) / most}%` }} />
              <span className={classes.under}>
                {one.num_bytes != null && bytes(one.num_bytes)}
                {one.note && `, ${one.note}`}
                {!one.is_present && ', no longer in the store'}
              </span>
              {before && (
                <button
                  type="button"
                  className={`link note ${classes.compare}`}
                  aria-expanded={compared === one.number}
                  onClick={() => change({ compare: compared === one.number ? '' : String(one.number) })}
                >
                  {compared === one.number ? 'Hide what changed' : `Compare with v${before.number}`}
                </button>
              )}
              {compared === one.number && before && (
                <Difference
                  from={`${name}@${before.number}`}
                  to={`${name}@${one.number}`}
                  project={project}
                />
              )}
            </li>
          );
        })}
      </ol>
    </section>
  );
}

function Difference({ from, to, project }: { from: string; to: string; project: string }) {
  const found = useQuery({
    queryKey: ['dataset-difference', project, from, to],
    queryFn: () =>
      data(
        api.GET('/api/datasets/{ref}/difference', {
          params: { path: { ref: from }, query: { to, project, limit: 3 } },
        }),
      ),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  const problem = found.error as ProblemError | null;
  if (problem)
    return <Failed title={problem.message} detail={problem.detail} retry={() => found.refetch()} />;
  if (!found.data) return <Loading heights={[16, 48]} label="Comparing" />;
  return <Changes found={found.data} />;
}

function Changes({ found }: { found: DifferenceView }) {
  const rows: [string, number, { id: string; text: string }[]][] = [
    ['added', found.added, found.examples.added],
    ['removed', found.removed, found.examples.removed],
    [
      'changed',
      found.changed,
      found.examples.changed.map(one => ({ id: one.id, text: `${one.before} → ${one.after}` })),
    ],
    [
      'renamed',
      found.renamed,
      found.examples.renamed.map(one => ({ id: one.after, text: `was ${one.before}` })),
    ],
  ];
  const isSame = rows.every(([, number]) => number === 0);
  return (
    <div className={classes.difference}>
      {isSame && <p className="muted">Both hold the same documents.</p>}
      <dl>
        {rows.map(([word, number, examples]) =>
          number > 0 ? (
            <div key={word}>
              <dt>
                <b className="num">{count(number)}</b> {word}
              </dt>
              {examples.map(one => (
                <dd key={one.id}>
                  <span className="num">{one.id}</span>
                  <p>{one.text.slice(0, 160)}</p>
                </dd>
              ))}
            </div>
          ) : null,
        )}
      </dl>
      <p className="note">{count(found.same)} stay as they were</p>
    </div>
  );
}
