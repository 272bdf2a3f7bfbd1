// One dataset, whole: what is being made of it now, cleaning, figures, documents, versions, and the way on.
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import type { ProblemError } from '@/lib/api/client';
import { Failed } from '@/ui/failed';
import { Loading } from '@/ui/loading';
import { WorkBadge } from '@/ui/work-badge';
import { Cleaning } from './cleaning';
import classes from './data.module.css';
import { DatasetActions } from './dataset-actions';
import { MadeOf } from './made-of';
import { Making } from './making';
import { NextStep } from './next-step';
import { Preview } from './preview';
import { Split } from './split';
import { Statistics } from './statistics';
import { useDataset } from './use-dataset';
import { Versions } from './versions';

interface Search {
  version?: string;
  compare?: string;
}

export function DatasetPage() {
  const { name } = useParams({ strict: false }) as { name: string };
  const search = useSearch({ strict: false }) as Search;
  const navigate = useNavigate();
  const { detail, making, project, ref } = useDataset(name, search.version ?? null);
  const found = detail.data;
  const problem = detail.error as ProblemError | null;
  const isNew = !found && making.run !== null && making.run.status !== 'done';
  if (problem && !found && !isNew)
    return (
      <Failed
        isPage
        title={problem.message}
        detail={problem.detail}
        retry={() => detail.refetch()}
        action={{ label: 'All datasets', to: '/data' }}
      />
    );
  if (!found && !isNew)
    return (
      <>
        <h1 className="sr">Dataset</h1>
        <Loading label="Loading the dataset" heights={[28, 220, 200]} />
      </>
    );
  const live = making.isActive ? making.cleaning.cleaning : null;
  const version = String(found?.version ?? '');
  return (
    <article className={classes.page}>
      <header>
        <p className="crumbs">
          <a
            href="/data"
            onClick={event => {
              event.preventDefault();
              void navigate({ to: '/data' });
            }}
          >
            Data
          </a>
          <span>/</span> <span>{name}</span>
        </p>
        <div className="page-head">
          <h1 className="title">{name}</h1>
          {making.isActive && making.run && (
            <WorkBadge status={making.run.status} word={making.run.progress?.phase ?? making.run.status} />
          )}
          {found?.version != null && <span className="tag">v{found.version}</span>}
          <span className="grow" />
          {found && <DatasetActions name={name} at={ref} project={project} detail={found} />}
        </div>
      </header>
      {making.run && <Making run={making.run} reading={making.reading} />}
      {found && (
        <div className={classes.grid}>
          <MadeOf detail={found} at={ref} project={project} />
          <aside className={classes.column} aria-label="Next step and versions">
            <NextStep name={name} project={project} detail={found} />
            <Versions
              name={name}
              project={project}
              detail={found}
              compared={search.compare ? Number(search.compare) : null}
            />
          </aside>
        </div>
      )}
      <Cleaning
        key={`${found?.artifact} ${live ? 'live' : ''}`}
        name={name}
        report={found?.cleaning ?? null}
        raw={found?.lineage.find(step => step.run === found.cleaning?.run)?.inputs[0] ?? null}
        live={live}
      />
      {found && (
        <>
          <Statistics at={ref} project={project} version={`${found.artifact} ${found.description}`} />
          <div className={classes.two}>
            <Split name={name} project={project} detail={found} />
            <Preview at={ref} project={project} version={`${found.artifact} ${version}`} />
          </div>
        </>
      )}
    </article>
  );
}
