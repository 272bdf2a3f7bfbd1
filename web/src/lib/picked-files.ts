// What was dropped or chosen, as files with paths: folders are walked through. In: a drop or a file input. Out: `PickedFile`s.
import type { PickedFile } from './folder-upload';

const READ_AT_ONCE = 200_000;

/** Everything in a drop; of folders all files below them. */
export async function filesOfDrop(transfer: DataTransfer): Promise<PickedFile[]> {
  const entries = [...transfer.items].map(item => item.webkitGetAsEntry?.() ?? null);
  if (entries.every(entry => entry === null)) return filesOfInput(transfer.files);
  const found: PickedFile[] = [];
  for (const entry of entries) if (entry) await walk(entry, found);
  return found.filter(one => !isHidden(one.path));
}

/** Everything that was chosen in an input. */
export function filesOfInput(files: FileList | null): PickedFile[] {
  return [...(files ?? [])]
    .map(file => ({ path: keptPath(file.webkitRelativePath || file.name), file }))
    .filter(one => !isHidden(one.path));
}

/** The same files without the folder that all of them lie in: it becomes the name. */
export function withoutTop(picked: readonly PickedFile[]): PickedFile[] {
  const top = picked[0]?.path.split('/')[0];
  if (!picked.every(one => one.path.startsWith(`${top}/`))) return [...picked];
  return picked.map(one => ({ ...one, path: one.path.slice((top?.length ?? 0) + 1) }));
}

/** The name that a set of files suggests: of their common folder, or of the first file. */
export function nameOf(picked: readonly PickedFile[]): string {
  const first = picked[0]?.path ?? 'my data';
  const folder = first.includes('/') ? first.split('/')[0] : undefined;
  const isShared = folder && picked.every(one => one.path.startsWith(`${folder}/`));
  const base = isShared ? folder : first.replace(/^.*\//, '').replace(/\.[^.]+$/, '');
  return (
    base
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 40) || 'my-data'
  );
}

/** A path as the server keeps it (`names.py`), so that what arrived is known again: without what no file system takes. */
export function keptPath(path: string): string {
  const parts = path.normalize('NFC').split('/');
  return parts
    .map(part => part.replace(/[<>:"|?*]|[\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/gu, '').replace(/^ +| +$/g, ''))
    .filter(part => part !== '' && part !== '.')
    .join('/');
}

function isHidden(path: string): boolean {
  return path.split('/').some(part => part.startsWith('.') || part === '__MACOSX');
}

async function walk(entry: FileSystemEntry, found: PickedFile[]): Promise<void> {
  if (found.length >= READ_AT_ONCE) return;
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) =>
      (entry as FileSystemFileEntry).file(resolve, reject),
    );
    found.push({ path: keptPath(entry.fullPath), file });
    return;
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  for (;;) {
    const batch = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (batch.length === 0) return;
    for (const inner of batch) await walk(inner, found);
  }
}
