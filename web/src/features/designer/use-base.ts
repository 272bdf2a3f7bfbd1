// What a design was begun with: a preset, an item's version, the model of a run, or a document of its own. In: how the address
// names it. Out: the document and what it is called, or what went wrong.
import { useQueries } from '@tanstack/react-query';
import type { ArchitectureVersion, PresetList, RunArchitecture } from '@/lib/api/schema';
import { presetsQuery, runQuery, versionQuery } from './calls';
import type { Document } from './document';

export interface Base {
  /** As the address names it. */
  ref: string;
  title: string;
  note: string;
  document: Document;
  /** Of an item: its name and version. */
  item: { name: string; version: number } | null;
}

export interface Asked {
  base: Base | null;
  error: Error | null;
  retry: () => void;
}

export const USUAL = 'preset:small';

/** Several at once, in their order. */
export function useBases(refs: readonly string[], project: string): Asked[] {
  const answers = useQueries({ queries: refs.map(ref => queryOf(ref, project)) });
  return answers.map((answer, index) => {
    const ref = refs[index] ?? '';
    const base = answer.data === undefined ? null : baseOf(ref, answer.data);
    const silent = answer.data !== undefined && !base ? missing(ref) : null;
    return { base, error: answer.error ?? silent, retry: () => void answer.refetch() };
  });
}

interface Query {
  queryKey: unknown[];
  queryFn: () => Promise<unknown>;
  retry: false;
  staleTime: number;
}

function queryOf(ref: string, project: string): Query {
  const [kind, name] = parted(ref);
  if (kind === 'item') return versionQuery(project, name);
  return kind === 'run' ? runQuery(name) : presetsQuery();
}

export function parted(ref: string): [string, string] {
  const at = ref.indexOf(':');
  return at < 0 ? ['preset', ref] : [ref.slice(0, at), ref.slice(at + 1)];
}

function baseOf(ref: string, answer: unknown): Base | null {
  const [kind, name] = parted(ref);
  if (kind === 'item') return itemBase(ref, name, answer as ArchitectureVersion);
  if (kind === 'run') return runBase(ref, answer as RunArchitecture);
  const preset = (answer as PresetList).items.find(one => one.id === name);
  if (!preset) return null;
  const note = preset.is_published ? 'published' : 'a preset';
  return { ref, title: preset.title, note, document: preset.document, item: null };
}

function itemBase(ref: string, named: string, found: ArchitectureVersion): Base | null {
  const [name = ''] = named.split('@');
  const item = { name, version: found.version };
  const note = found.note || 'yours';
  return found.document && { ref, title: `${name} v${found.version}`, note, document: found.document, item };
}

function runBase(ref: string, found: RunArchitecture): Base {
  const title = `the model of ${found.name}`;
  return { ref, title, note: `run ${found.run}`, document: found.document, item: null };
}

function missing(ref: string): Error {
  const [kind, name] = parted(ref);
  if (kind === 'item') return new Error(`${name} is no longer in the store.`);
  return new Error(`There is no preset called ${name}.`);
}
