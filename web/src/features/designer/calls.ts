// The questions that the designer asks, as queries. What was answered about a document stays: a document never changes.
import { keepPreviousData, useQueries, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { api, data } from '@/lib/api/client';
import type { ArchitectureCreate, PlanAsk } from '@/lib/api/schema';
import type { Document } from './document';

const WAIT_MS = 250;
const LASTING = { retry: false, staleTime: 300_000 } as const;

/** The value as it was when nothing had changed for a moment. */
export function useSettled<T>(value: T): T {
  const [settled, setSettled] = useState(value);
  const key = JSON.stringify(value);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the text stands for the value
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), WAIT_MS);
    return () => clearTimeout(timer);
  }, [key]);
  return settled;
}

export const presetsQuery = () => ({
  ...LASTING,
  queryKey: ['architecture-presets'],
  queryFn: () => data(api.GET('/api/architectures/presets')),
});

export const runQuery = (run: string) => ({
  ...LASTING,
  queryKey: ['run-architecture', run],
  queryFn: () => data(api.GET('/api/architectures/of-run/{run}', { params: { path: { run } } })),
});

/** `name@2`. */
export const versionQuery = (project: string, ref: string) => {
  const [name = '', number = 'latest'] = ref.split('@');
  return {
    ...LASTING,
    queryKey: ['architecture-version', project, ref],
    queryFn: () =>
      data(
        api.GET('/api/architectures/{name}/versions/{number}', {
          params: { path: { name, number }, query: { project } },
        }),
      ),
  };
};

export const usePresets = () => useQuery(presetsQuery());

export function useArchitectureSchema() {
  return useQuery({
    ...LASTING,
    queryKey: ['architecture-schema'],
    queryFn: () => data(api.GET('/api/architectures/schema')),
  });
}

const explaining = (document: Document | null, vocab: number) => ({
  ...LASTING,
  queryKey: ['architecture', document, vocab],
  queryFn: () =>
    data(api.POST('/api/architectures/explain', { body: { document: document ?? {}, vocab_size: vocab } })),
  enabled: document !== null,
});

export function useExplained(document: Document | null, vocab: number) {
  return useQuery({ ...explaining(document, vocab), placeholderData: keepPreviousData });
}

export function useAllExplained(documents: readonly (Document | null)[], vocab: number) {
  return useQueries({ queries: documents.map(document => explaining(document, vocab)) });
}

/** Of several values those with which the document can be built. */
export function useSound(tried: readonly { value: number; document: Document }[], vocab: number): number[] {
  const answers = useQueries({ queries: tried.map(({ document }) => explaining(document, vocab)) });
  return tried.filter((_, index) => answers[index]?.data?.problems.length === 0).map(one => one.value);
}

export function useEstimate(document: Document | null, vocab: number, training: Record<string, unknown>) {
  return useQuery({
    ...LASTING,
    queryKey: ['architecture-estimate', document, vocab, training],
    queryFn: () =>
      data(
        api.POST('/api/architectures/estimate', {
          body: { document: document ?? {}, vocab_size: vocab, training },
        }),
      ),
    enabled: document !== null,
    placeholderData: keepPreviousData,
  });
}

export function useItems(project: string) {
  return useQuery({
    queryKey: ['architectures', project],
    queryFn: () => data(api.GET('/api/architectures', { params: { query: { project } } })),
  });
}

export function useItem(project: string, name: string | null) {
  return useQuery({
    queryKey: ['architecture-item', project, name],
    queryFn: () =>
      data(
        api.GET('/api/architectures/{name}', { params: { path: { name: name ?? '' }, query: { project } } }),
      ),
    enabled: name !== null && name !== '',
    retry: false,
  });
}

export function useDifference(project: string, name: string, from: string, to: string) {
  return useQuery({
    ...LASTING,
    queryKey: ['architecture-difference', project, name, from, to],
    queryFn: () =>
      data(
        api.GET('/api/architectures/{name}/diff', {
          params: { path: { name }, query: { project, from, to } },
        }),
      ),
  });
}

export function useCode(file: string) {
  return useQuery({
    ...LASTING,
    queryKey: ['architecture-code', file],
    queryFn: () => data(api.GET('/api/architectures/code', { params: { query: { file } } })),
  });
}

export function useRuns(project: string) {
  return useQuery({
    queryKey: ['runs-to-start-from', project],
    queryFn: () => data(api.GET('/api/runs', { params: { query: { project, limit: 12 } } })),
  });
}

export function usePlan(body: PlanAsk) {
  return useQuery({
    ...LASTING,
    queryKey: ['architecture-plan', body],
    queryFn: () => data(api.POST('/api/architectures/plan', { body })),
    placeholderData: keepPreviousData,
  });
}

export const importText = (text: string) => data(api.POST('/api/architectures/import', { body: { text } }));

/** A first version, or a further one of what was seen as `etag`. */
export function save(body: ArchitectureCreate, etag: string | null) {
  const headers = { 'Idempotency-Key': crypto.randomUUID(), ...(etag ? { 'If-Match': etag } : {}) };
  return data(api.POST('/api/architectures', { body, headers }));
}
