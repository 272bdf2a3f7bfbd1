// Many files on their way to the server, in an upload folder. In: files with their paths. Out: a store that says how far each
// is. It goes on while other pages are looked at. All files are announced before the first is sent, so that after a reload the
// folder knows what it lacks; the same files, dropped again, go on from what had arrived.
import { create } from 'zustand';
import { api, data, ProblemError } from './api/client';
import { post, upload } from './upload';

export interface PickedFile {
  path: string;
  file: File;
}

export interface SentFile {
  path: string;
  sizeBytes: number;
  sentBytes: number;
  state: 'waiting' | 'sending' | 'sent' | 'failed';
  problem: string | null;
}

export interface FolderUpload {
  id: string;
  name: string;
  files: Record<string, SentFile>;
  isPaused: boolean;
  /** The connection is cut and is tried again. */
  isCut: boolean;
}

interface State {
  folders: Record<string, FolderUpload>;
}

export const useFolderUploads = create<State>(() => ({ folders: {} }));

const AT_ONCE = 4;
const ANNOUNCED_CHARACTERS = 400_000;
const sources = new Map<string, Map<string, File>>();
const announced = new Map<string, Set<string>>();
const running = new Map<string, AbortController>();

/** A new, empty folder on the server; its id. */
export async function createFolder(name: string): Promise<string> {
  const made = await post<{ id: string }>('/api/upload-folders', { name });
  put({ id: made.id, name, files: {}, isPaused: false, isCut: false });
  return made.id;
}

/** Send these files too. Those that arrived before, by path and size, are not sent again. */
export function addFiles(id: string, name: string, picked: readonly PickedFile[]): void {
  const known = useFolderUploads.getState().folders[id] ?? {
    id,
    name,
    files: {},
    isPaused: false,
    isCut: false,
  };
  const files = { ...known.files };
  const held = sources.get(id) ?? new Map<string, File>();
  sources.set(id, held);
  for (const { path, file } of [...picked].sort((a, b) => (a.path < b.path ? -1 : 1))) {
    if (files[path]?.state === 'sent' || files[path]?.state === 'sending') continue;
    held.set(path, file);
    files[path] = { path, sizeBytes: file.size, sentBytes: 0, state: 'waiting', problem: null };
  }
  put({ ...known, files, isPaused: false });
  void announce(id).catch(() => {}); // Sending says it again, and tells what is wrong.
  void send(id);
}

/** Stop sending; what arrived stays. */
export function pause(id: string): void {
  change(id, { isPaused: true });
  running.get(id)?.abort();
}

/** Go on from what had arrived. */
export function goOn(id: string): void {
  change(id, { isPaused: false });
  void send(id);
}

/** Send a file once more that failed. */
export function tryAgain(id: string, path: string): void {
  changeFile(id, path, { state: 'waiting', problem: null });
  goOn(id);
}

/** Take a file out of the folder again. Throws ProblemError. */
export async function removeFile(id: string, path: string): Promise<void> {
  const params = { path: { folder: id }, query: { name: path } };
  await data(api.DELETE('/api/upload-folders/{folder}/expected', { params }));
  sources.get(id)?.delete(path);
  announced.get(id)?.delete(path);
  const folder = useFolderUploads.getState().folders[id];
  if (!folder) return;
  const { [path]: _, ...files } = folder.files;
  put({ ...folder, files });
}

/** Go on without what has not arrived whole. Throws ProblemError. */
export async function leaveRest(id: string): Promise<void> {
  await data(api.DELETE('/api/upload-folders/{folder}/expected', { params: { path: { folder: id } } }));
  announced.delete(id);
}

/** Tell the server which files are going to come. */
async function announce(id: string): Promise<void> {
  const told = announced.get(id) ?? new Set<string>();
  announced.set(id, told);
  const files = Object.values(useFolderUploads.getState().folders[id]?.files ?? {});
  let part: SentFile[] = [];
  let characters = 0;
  const tell = async () => {
    const body = { files: part.map(file => ({ name: file.path, size_bytes: file.sizeBytes })) };
    await data(api.POST('/api/upload-folders/{folder}/expected', { params: { path: { folder: id } }, body }));
    for (const file of part) told.add(file.path);
    part = [];
    characters = 0;
  };
  for (const file of files) {
    if (told.has(file.path)) continue;
    part.push(file);
    characters += file.path.length + 40;
    if (characters > ANNOUNCED_CHARACTERS || part.length === 5_000) await tell();
  }
  if (part.length > 0) await tell();
}

async function send(id: string): Promise<void> {
  if (running.has(id)) return;
  const controller = new AbortController();
  running.set(id, controller);
  try {
    await announce(id);
    const before = new Map((await onServer(id)).map(one => [one.name, one]));
    const sendOthers = async () => {
      for (let next = nextOf(id); next && !controller.signal.aborted; next = nextOf(id))
        await sendOne(id, next, before.get(next.path), controller.signal);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, sendOthers));
  } catch (error) {
    if (!controller.signal.aborted)
      change(id, { isPaused: true, isCut: (error as ProblemError).status === 0 });
  } finally {
    running.delete(id);
  }
  const folder = useFolderUploads.getState().folders[id];
  if (folder && !folder.isPaused && nextOf(id)) void send(id);
}

type Begun = Awaited<ReturnType<typeof onServer>>[number];

async function sendOne(
  id: string,
  file: SentFile,
  begun: Begun | undefined,
  signal: AbortSignal,
): Promise<void> {
  const source = sources.get(id)?.get(file.path);
  if (!source) return;
  if (begun?.state === 'complete' && begun.size_bytes === source.size) {
    changeFile(id, file.path, { state: 'sent', sentBytes: source.size });
    return;
  }
  changeFile(id, file.path, { state: 'sending', problem: null });
  try {
    const isSame = begun?.size_bytes === source.size;
    if (begun && !isSame)
      await data(api.DELETE('/api/uploads/{upload}', { params: { path: { upload: begun.id } } }));
    await upload(
      source,
      progress => {
        changeFile(id, file.path, { sentBytes: progress.sentBytes });
        change(id, { isCut: progress.isWaiting });
      },
      signal,
      { folder: id, path: file.path, begun: begun && isSame ? begun : undefined },
    );
    changeFile(id, file.path, { state: 'sent', sentBytes: source.size });
  } catch (error) {
    if (signal.aborted || (error instanceof ProblemError && error.status === 0)) {
      changeFile(id, file.path, { state: 'waiting' });
      throw error;
    }
    const { message = 'It could not be read on this device.' } = error as Error;
    changeFile(id, file.path, { state: 'failed', problem: message });
  }
}

async function onServer(id: string) {
  return (await data(api.GET('/api/upload-folders/{folder}', { params: { path: { folder: id } } }))).files;
}

function nextOf(id: string): SentFile | undefined {
  const files = useFolderUploads.getState().folders[id]?.files ?? {};
  return Object.values(files).find(file => file.state === 'waiting' && sources.get(id)?.has(file.path));
}

function put(folder: FolderUpload): void {
  useFolderUploads.setState(state => ({ folders: { ...state.folders, [folder.id]: folder } }));
}

function change(id: string, fields: Partial<FolderUpload>): void {
  const folder = useFolderUploads.getState().folders[id];
  if (folder) put({ ...folder, ...fields });
}

function changeFile(id: string, path: string, fields: Partial<SentFile>): void {
  const folder = useFolderUploads.getState().folders[id];
  const file = folder?.files[path];
  if (folder && file) put({ ...folder, files: { ...folder.files, [path]: { ...file, ...fields } } });
}
