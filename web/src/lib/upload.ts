// Uploading a file in pieces that survive a cut connection. In: a file. Out: its id once the server has all of it and has
// checked it. The server knows how far it is; after each failure it is asked, and the rest goes on from there.
import { ownHeaders, ProblemError, problemOf, unreachable } from './api/client';

const CHUNK_BYTES = 1 << 20;
const WAITS_MS = [300, 600, 1200, 2400, 5000, 5000, 5000, 5000];

export interface UploadProgress {
  sentBytes: number;
  totalBytes: number;
  /** The connection is cut and is tried again. */
  isWaiting: boolean;
}

/** Upload `file`; resolves with the upload's id. Throws ProblemError for what trying again does not mend. */
export async function upload(
  file: File,
  onProgress: (progress: UploadProgress) => void,
  signal: AbortSignal,
): Promise<string> {
  const created = await post('/api/uploads', { name: file.name, size_bytes: file.size });
  let offset = created.offset;
  let failures = 0;
  while (offset < file.size) {
    onProgress({ sentBytes: offset, totalBytes: file.size, isWaiting: failures > 0 });
    try {
      offset = await sendChunk(created.id, file, offset, signal);
      failures = 0;
    } catch (error) {
      if (signal.aborted || (error instanceof ProblemError && error.status !== 0 && error.status !== 409))
        throw error;
      const wait = WAITS_MS[failures];
      if (wait === undefined) throw unreachable();
      failures += 1;
      onProgress({ sentBytes: offset, totalBytes: file.size, isWaiting: true });
      await new Promise(resolve => setTimeout(resolve, wait));
      offset = await askOffset(created.id, offset);
    }
  }
  onProgress({ sentBytes: file.size, totalBytes: file.size, isWaiting: false });
  await post(`/api/uploads/${created.id}/complete`, {});
  return created.id;
}

async function sendChunk(id: string, file: File, offset: number, signal: AbortSignal): Promise<number> {
  const end = Math.min(offset + CHUNK_BYTES, file.size);
  const response = await fetch(`/api/uploads/${id}`, {
    method: 'PUT',
    headers: { ...ownHeaders(), 'Upload-Offset': String(offset), 'Content-Type': 'application/octet-stream' },
    body: file.slice(offset, end),
    signal,
  }).catch(() => {
    throw unreachable();
  });
  if (!response.ok) throw await problemOf(response);
  return end;
}

async function askOffset(id: string, known: number): Promise<number> {
  const response = await fetch(`/api/uploads/${id}`, { method: 'HEAD' }).catch(() => null);
  const offset = response?.ok ? response.headers.get('Upload-Offset') : null;
  return offset === null ? known : Number(offset);
}

async function post(address: string, body: object): Promise<{ id: string; offset: number }> {
  const response = await fetch(address, {
    method: 'POST',
    headers: { ...ownHeaders(), 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  }).catch(() => {
    throw unreachable();
  });
  if (!response.ok) throw await problemOf(response);
  return response.json();
}
