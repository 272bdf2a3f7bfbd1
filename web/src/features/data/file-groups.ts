// Many files as few rows: those of one folder and one kind stand together. In: files and what was seen in them. Out: rows. Pure.
import type { FileView } from '@/lib/api/schema';
import type { SentFile } from '@/lib/folder-upload';

export interface FileGroup {
  key: string;
  /** What is written in front: PDF, docx, jsonl. */
  kind: string;
  label: string;
  files: SentFile[];
  sizeBytes: number;
  sentBytes: number;
  numSent: number;
  numLooked: number;
  documents: number;
  isEstimate: boolean;
  problems: FileView[];
  /** Of tables and chats: a file whose columns are shown. */
  table: FileView | null;
}

const SINGLE = 8;

/** Up to eight files stand each by itself; of more, those of one top folder and one ending stand together. */
export function groupFiles(
  files: readonly SentFile[],
  looks: Readonly<Record<string, FileView>>,
): FileGroup[] {
  const keyOf = (file: SentFile) =>
    files.length <= SINGLE ? file.path : `${folderOf(file.path)} ${endingOf(file.path)}`;
  const groups = new Map<string, SentFile[]>();
  for (const file of files) groups.set(keyOf(file), [...(groups.get(keyOf(file)) ?? []), file]);
  return [...groups].map(([key, members]) => groupOf(key, members, looks));
}

function groupOf(key: string, files: SentFile[], looks: Readonly<Record<string, FileView>>): FileGroup {
  const seen = files.flatMap(file => looks[file.path] ?? []);
  const first = files[0] as SentFile;
  const label = files.length === 1 ? first.path : `${folderOf(first.path) || 'files'}, ${files.length} files`;
  return {
    key,
    kind: endingOf(first.path) || 'file',
    label,
    files,
    sizeBytes: sum(files, file => file.sizeBytes),
    sentBytes: sum(files, file => file.sentBytes),
    numSent: files.filter(file => file.state === 'sent').length,
    numLooked: seen.length,
    documents: sum(seen, look => (look.is_whole ? look.num_documents : look.estimated_documents)),
    isEstimate: seen.some(look => !look.is_whole),
    problems: seen.filter(look => look.problem),
    table: seen.find(look => look.columns.length > 0 && !look.problem) ?? null,
  };
}

/** How many files count as arrived: all, or a power of two, so that a growing folder is not looked into at every file. */
export function settledAt(numSent: number, total: number): number {
  if (numSent === total || numSent === 0) return numSent;
  return 2 ** Math.floor(Math.log2(numSent));
}

function folderOf(path: string): string {
  const parts = path.split('/');
  return parts.length > 1 ? (parts[0] ?? '') : '';
}

function endingOf(path: string): string {
  return /\.([a-z0-9]{1,8})$/i.exec(path)?.[1]?.toLowerCase() ?? '';
}

function sum<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((total, item) => total + value(item), 0);
}
