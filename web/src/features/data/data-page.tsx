// All datasets of a project, and where new ones come from: what is dropped, pasted, or brought along.
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { api, data, type ProblemError } from '@/lib/api/client';
import type { DatasetView } from '@/lib/api/schema';
import { addFiles, createFolder, type PickedFile } from '@/lib/folder-upload';
import { bytes, count, when } from '@/lib/format';
import { useLiveRuns } from '@/lib/live/hooks';
import { nameOf, withoutTop } from '@/lib/picked-files';
import { useProject } from '@/lib/project';
import { Failed } from '@/ui/failed';
import { Loading } from '@/ui/loading';
import { WorkBadge } from '@/ui/work-badge';
import classes from './data.module.css';
import { DropZone } from './drop-zone';
import { OtherSources } from './other-sources';
import { isDataRun } from './use-dataset';

export function DataPage() {
  const { project } = useProject();
  const navigate = useNavigate();
  const [problem, setProblem] = useState<ProblemError | null>(null);
  const live = useLiveRuns(project);
  const made = live.filter(run => isDataRun(run) && run.status === 'done').length;
  const listed = useInfiniteQuery({
    queryKey: ['datasets', project, made],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) =>
      data(
        api.GET('/api/datasets', {
          params: { query: { project, limit: 50, ...(pageParam ? { after: pageParam } : {}) } },
        }),
      ),
    getNextPageParam: page => page.next,
  });
  const datasets = listed.data?.pages.flatMap(page => page.items) ?? [];
  const making = live.filter(run => isDataRun(run) && ['queued', 'running', 'stopping'].includes(run.status));
  const pick = async (files: PickedFile[]) => {
    setProblem(null);
    const name = nameOf(files);
    try {
      const folder = await createFolder(name);
      addFiles(folder, name, withoutTop(files));
      await navigate({ to: '/data/new', search: { folder, name } as never });
    } catch (error) {
      setProblem(error as ProblemError);
    }
  };
  const isEmpty = listed.isSuccess && datasets.length === 0 && making.length === 0;
  return (
    <>
      <div className="page-head">
        <h1 className="title">Data</h1>
        {datasets.length > 0 && (
          <span className="note">
            {count(datasets.length)}
            {listed.hasNextPage ? ' and more' : ''} in this project
          </span>
        )}
      </div>
      {isEmpty && (
        <div className={classes.first}>
          <h2 className="teacher">A model becomes what it reads.</h2>
          <p className="muted">
            Bring text of your own: it is read here, cleaned step by step, and you see what each step takes
            out.
          </p>
        </div>
      )}
      <DropZone isLarge onPick={files => void pick(files)} />
      {problem && <Failed title={problem.message} detail={problem.detail} />}
      {listed.error && !listed.data && (
        <Failed
          title={listed.error.message}
          detail={(listed.error as ProblemError).detail}
          retry={() => listed.refetch()}
        />
      )}
      {listed.isPending && <Loading heights={[24, 160]} />}
      {(datasets.length > 0 || making.length > 0) && (
        <section className="card" aria-labelledby="datasets">
          <div className="card-head">
            <h2 className="h-pane" id="datasets">
              Datasets
            </h2>
          </div>
          <div className="card-body">
            <table className={`table ${classes.list}`}>
              <thead>
                <tr>
                  <th>name</th>
                  <th className="r">documents</th>
                  <th className="r">text</th>
                  <th>state</th>
                  <th className="r">made</th>
                </tr>
              </thead>
              <tbody>
                {making
                  .filter(run => !datasets.some(one => one.name === run.name))
                  .map(run => (
                    <tr key={run.id}>
                      <td>
                        <DatasetLink name={run.name} />
                      </td>
                      <td />
                      <td />
                      <td>
                        <WorkBadge status={run.status} word={run.progress?.phase ?? run.status} />
                      </td>
                      <td />
                    </tr>
                  ))}
                {datasets.map(one => (
                  <Row
                    key={one.name}
                    dataset={one}
                    making={making.find(run => run.name === one.name)?.status}
                  />
                ))}
              </tbody>
            </table>
            {listed.hasNextPage && (
              <button type="button" className="btn quiet sm" onClick={() => listed.fetchNextPage()}>
                Show more
              </button>
            )}
          </div>
        </section>
      )}
      <OtherSources />
    </>
  );
}

function DatasetLink({ name }: { name: string }) {
  return (
    <Link className={classes.name} to="/data/$name" params={{ name }}>
      {name}
    </Link>
  );
}

function Row({ dataset, making }: { dataset: DatasetView; making: string | undefined }) {
  return (
    <tr>
      <td>
        <DatasetLink name={dataset.name} />
        {dataset.version > 1 && <span className="faint num"> v{dataset.version}</span>}
        {dataset.note && <p className="note">{dataset.note}</p>}
      </td>
      <td className="r num">{dataset.num_documents == null ? '–' : count(dataset.num_documents)}</td>
      <td className="r num">{dataset.num_bytes == null ? '–' : bytes(dataset.num_bytes)}</td>
      <td>
        {making ? (
          <WorkBadge status={making} word="a new version is being made" />
        ) : dataset.is_present ? (
          <span className="badge done">
            <i />
            ready
          </span>
        ) : (
          <span className="badge failed">
            <i />
            no longer in the store
          </span>
        )}
      </td>
      <td className="r note">{when(dataset.created_at)}</td>
    </tr>
  );
}
