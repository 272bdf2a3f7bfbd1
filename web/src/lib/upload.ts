// Uploading a file in pieces that survive a cut connection. In: a file. Out: its id once the server has all of it and has
// checked it. The server knows how far it is; after each failure it is asked, and the rest goes on from there.
import { ownHeaders, ProblemError, problemOf, unreachable } from './api/client';

const CHUNK_BYTES = 1 << 20;
const HASHED_BYTES = 64 << 20;
const WAITS_MS = [300, 600, 1200, 2400, 5000, 5000, 5000, 5000];

export interface UploadProgress {
  sentBytes: number;
  totalBytes: number;
  /** The connection is cut and is tried again. */
  isWaiting: boolean;
}

/** Where a file belongs that is one of many: its path in an upload folder, and its upload if it was begun before. */
export interface UploadPlace {
  folder: string;
  path: string;
  begun?: { id: string; offset: number } | undefined;
}

/** Upload `file`; resolves with the upload's id. Throws ProblemError for what trying again does not mend. */
export async function upload(
  file: File,
  onProgress: (progress: UploadProgress) => void,
  signal: AbortSignal,
  place?: UploadPlace,
): Promise<string> {
  const created =
    place?.begun ??
    (await post<{ id: string; offset: number }>('/api/uploads', {
      name: place?.path ?? file.name,
      size_bytes: file.size,
      folder: place?.folder ?? null,
    }));
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
  await post(`/api/uploads/${created.id}/complete`, { sha256: await sha256(file) });
  return created.id;
}

/** The hash of a file that is small enough to be read at once; the server compares it with what arrived. */
async function sha256(file: File): Promise<string | null> {
  if (file.size > HASHED_BYTES || !globalThis.crypto?.subtle) return null;
  const hash = await crypto.subtle.digest('SHA-256', await file.arrayBuffer());
  return [...new Uint8Array(hash)].map(byte => byte.toString(16).padStart(2, '0')).join('');
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

/** A POST by hand, for what uploads need. Throws ProblemError. */
export async function post<T>(address: string, body: object): Promise<T> {
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
