// Files on their way in: each kind with how much it is, how it is read and what is wrong with it; then a name, and it is cleaned.
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { api, data, type ProblemError } from '@/lib/api/client';
import {
  addFiles,
  type FolderUpload,
  goOn,
  leaveRest,
  type PickedFile,
  pause,
  removeFile,
  type SentFile,
  tryAgain,
  useFolderUploads,
} from '@/lib/folder-upload';
import { bytes, count } from '@/lib/format';
import { withoutTop } from '@/lib/picked-files';
import { useProject } from '@/lib/project';
import { Failed } from '@/ui/failed';
import { Loading } from '@/ui/loading';
import classes from './data.module.css';
import { DropZone } from './drop-zone';
import { FilesTable } from './files-table';
import { type Mapping, orderDataset } from './order-dataset';
import { useLooks } from './use-looks';

interface Search {
  folder?: string;
  name?: string;
}

export function NewDatasetPage() {
  const search = useSearch({ strict: false }) as Search;
  const id = search.folder ?? '';
  const kept = useQuery({
    queryKey: ['upload-folder', id],
    queryFn: () => data(api.GET('/api/upload-folders/{folder}', { params: { path: { folder: id } } })),
    enabled: id !== '',
    retry: false,
  });
  const sending = useFolderUploads(state => state.folders[id]);
  const problem = kept.error as ProblemError | null;
  if (!id || problem)
    return (
      <Failed
        isPage
        title={problem?.message ?? 'There are no files here.'}
        detail={problem ? problem.detail : 'Drop some on the page of the datasets.'}
        action={{ label: 'To the datasets', to: '/data' }}
      />
    );
  if (!kept.data)
    return (
      <>
        <h1 className="sr">New dataset</h1>
        <Loading label="Loading the files" heights={[28, 200]} />
      </>
    );
  const arrived = kept.data.files.map(
    (file): SentFile => ({
      path: file.name,
      sizeBytes: file.size_bytes,
      sentBytes: file.offset,
      state: file.state === 'complete' ? 'sent' : 'waiting',
      problem: null,
    }),
  );
  const missing = kept.data.missing.map(
    (file): SentFile => ({
      path: file.name,
      sizeBytes: file.size_bytes,
      sentBytes: 0,
      state: 'waiting',
      problem: null,
    }),
  );
  const before = Object.fromEntries([...arrived, ...missing].map(file => [file.path, file]));
  const files = { ...before, ...sending?.files };
  const folder: FolderUpload = sending
    ? { ...sending, files }
    : { id, name: kept.data.name, files, isPaused: false, isCut: false };
  const isSending = Object.values(sending?.files ?? {}).some(file => file.state !== 'sent');
  return (
    <NewDataset
      key={id}
      folder={folder}
      isSending={isSending}
      wished={search.name ?? kept.data.name}
      onChange={() => void kept.refetch()}
    />
  );
}

interface NewDatasetProps {
  folder: FolderUpload;
  /** A file is on its way from this page, or waits to be. */
  isSending: boolean;
  wished: string;
  /** The server was told to forget files. */
  onChange: () => void;
}

function NewDataset({ folder, isSending, wished, onChange }: NewDatasetProps) {
  const { project } = useProject();
  const navigate = useNavigate();
  const [name, setName] = useState(wished);
  const [leftOut, setLeftOut] = useState<string[]>([]);
  const [mappings, setMappings] = useState<Record<string, Mapping>>({});
  const [problem, setProblem] = useState<ProblemError | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  const files = Object.values(folder.files);
  const sent = files.filter(file => file.state === 'sent');
  const total = files.reduce((sum, file) => sum + file.sizeBytes, 0);
  const arrived = files.reduce((sum, file) => sum + file.sentBytes, 0);
  const isWhole = files.length > 0 && sent.length === files.length;
  const isLost = !isWhole && !isSending;
  const isFailed =
    !isWhole && !isLost && files.every(file => file.state === 'sent' || file.state === 'failed');
  const looks = useLooks(folder.id, files, leftOut, mappings);
  useLeaveWarning(isSending && !isFailed);
  const start = async () => {
    setIsBusy(true);
    setProblem(null);
    try {
      await orderDataset({ folder: folder.id, name: name.trim(), project, leftOut, mappings });
      await navigate({ to: '/data/$name', params: { name: name.trim() } });
    } catch (error) {
      setProblem(error as ProblemError);
    }
    setIsBusy(false);
  };
  const change = async (work: Promise<void>) => {
    setProblem(null);
    await work.catch(error => setProblem(error as ProblemError));
    onChange();
  };
  const add = (picked: PickedFile[]) => addFiles(folder.id, folder.name, withoutTop(picked));
  const share = total > 0 ? arrived / total : 0;
  return (
    <form
      className={classes.page}
      onSubmit={event => {
        event.preventDefault();
        void start();
      }}
    >
      <header>
        <p className="crumbs">
          <a href="/data">Data</a>
          <span>/</span> <span>new</span>
        </p>
        <div className="page-head">
          <h1 className="title">What you brought</h1>
          <span className="grow" />
          <label className={`row ${classes.naming}`}>
            <span className="label">Name</span>
            <input className="input num" value={name} onChange={event => setName(event.target.value)} />
          </label>
          <button type="submit" className="btn primary" disabled={!isWhole || isBusy || !name.trim()}>
            {isBusy ? 'Being ordered' : 'Clean it and make a dataset'}
          </button>
        </div>
      </header>
      {problem && <Failed title={problem.message} detail={problem.detail} />}
      <section
        className={`card ${isSending && !isFailed && !folder.isPaused ? 'is-live' : ''}`}
        aria-labelledby="files"
      >
        <div className="card-head">
          <h2 className="h-pane" id="files">
            {folder.name}
          </h2>
          <span className="note">
            {count(files.length)} {files.length === 1 ? 'file' : 'files'}, {bytes(total)}
          </span>
          <span className="grow" />
          <span className="note" aria-live="polite">
            {isWhole
              ? looks.isLooking
                ? `looked into ${count(looks.numLooked)} of ${count(files.length)}`
                : 'all of it is here'
              : isLost
                ? 'broken off'
                : folder.isCut
                  ? 'the connection is cut; it goes on by itself'
                  : isFailed
                    ? 'not all of it arrived'
                    : `${bytes(arrived)} of ${bytes(total)} arrived${folder.isPaused ? ', paused' : ''}`}
          </span>
          {isSending && !isFailed && (
            <button
              type="button"
              className="btn sm"
              onClick={() => (folder.isPaused ? goOn(folder.id) : pause(folder.id))}
            >
              {folder.isPaused ? 'Go on' : 'Pause'}
            </button>
          )}
        </div>
        {isSending && !isFailed && (
          <div
            className={`progress ${folder.isPaused ? '' : 'is-live'}`}
            style={{ '--p': `${100 * share}%` } as React.CSSProperties}
            role="progressbar"
            aria-label="Arrived"
            aria-valuenow={Math.round(100 * share)}
            aria-valuemin={0}
            aria-valuemax={100}
          >
            <i />
          </div>
        )}
        {isLost && (
          <div className="card-body">
            <div className="finding warn" role="status">
              <h3 className="h-pane">The upload was broken off when the page was closed.</h3>
              <p className="muted">
                {sent.length > 0 &&
                  `${count(sent.length)} of ${count(files.length)} files arrived, and are kept. `}
                Drop the same files again: they go on from where they were.
              </p>
              {sent.length > 0 && (
                <p className={classes.rest}>
                  <button type="button" className="btn sm" onClick={() => void change(leaveRest(folder.id))}>
                    Leave the rest out
                  </button>
                </p>
              )}
            </div>
          </div>
        )}
        <FilesTable
          folder={folder.id}
          files={files}
          isSending={isSending && !folder.isPaused}
          looks={looks.byName}
          leftOut={leftOut}
          onLeaveOut={(path, isOut) =>
            setLeftOut(before => (isOut ? [...before, path] : before.filter(one => one !== path)))
          }
          onTryAgain={path => tryAgain(folder.id, path)}
          onRemove={path => void change(removeFile(folder.id, path))}
          onMapping={(path, mapping) => setMappings(before => ({ ...before, [path]: mapping }))}
        />
        {looks.problem && (
          <div className="card-body">
            <Failed title={looks.problem.message} detail={looks.problem.detail} />
          </div>
        )}
        <DropZone onPick={add} />
      </section>
    </form>
  );
}

/** Whoever closes the page while files are being sent is asked first. */
function useLeaveWarning(isOn: boolean): void {
  useEffect(() => {
    if (!isOn) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener('beforeunload', ask);
    return () => removeEventListener('beforeunload', ask);
  }, [isOn]);
}
