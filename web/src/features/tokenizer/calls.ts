// The questions that the page asks, as queries. An artifact never changes, so what was answered once about a text stays.
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { api, data } from '@/lib/api/client';
import type { ChatAsk, WhatIfAsk } from '@/lib/api/schema';
import type { Order } from './state';

const LASTING = { placeholderData: keepPreviousData, retry: false, staleTime: 300_000 } as const;
const PAGE_ROWS = 100;

/** `key` changes when there may be more of them. */
export function useTokenizers(project: string, key: string) {
  return useQuery({
    queryKey: ['tokenizers', project, key],
    queryFn: () => data(api.GET('/api/tokenizers', { params: { query: { project } } })),
    placeholderData: (before, query) => (query?.queryKey[1] === project ? before : undefined),
  });
}

export function useDatasets(project: string) {
  return useQuery({
    queryKey: ['items', project, 'dataset'],
    queryFn: () =>
      data(api.GET('/api/items', { params: { query: { project, kind: 'dataset', limit: 200 } } })),
  });
}

export function useAbout(project: string, ref: string, isWanted = true) {
  return useQuery({
    queryKey: ['tokenizer', project, ref],
    queryFn: () => data(api.GET('/api/tokenizers/about', { params: { query: { project, ref } } })),
    enabled: isWanted && ref !== '',
    retry: false,
    staleTime: 300_000,
  });
}

/** With a dataset it also counts, which may take seconds; without one it answers at once. */
export function useTrace(project: string, ref: string, text: string, dataset: string | null) {
  return useQuery({
    ...LASTING,
    queryKey: ['trace', project, ref, text, dataset],
    queryFn: () => data(api.POST('/api/tokenizers/trace', { body: { project, ref, text, dataset } })),
  });
}

export function useEncoded(project: string, ref: string, text: string, enabled = true) {
  return useQuery({
    ...LASTING,
    queryKey: ['encoded', project, ref, text],
    queryFn: () =>
      data(api.POST('/api/tokenizers/encode', { body: { project, ref, text, allow_special: false } })),
    enabled,
  });
}

export function useComparison(project: string, refs: string[], texts: string[], isWanted: boolean) {
  return useQuery({
    ...LASTING,
    queryKey: ['compared', project, refs, texts],
    queryFn: () =>
      data(api.POST('/api/tokenizers/compare', { body: { project, refs, texts, has_probes: true } })),
    enabled: isWanted && refs.length > 1,
  });
}

export function useVocabulary(project: string, ref: string, dataset: string | null, sort: Order, q: string) {
  return useInfiniteQuery({
    queryKey: ['vocabulary', project, ref, dataset, sort, q],
    queryFn: ({ pageParam }) =>
      data(
        api.GET('/api/tokenizers/vocabulary', {
          params: {
            query: {
              project,
              ref,
              sort,
              q,
              limit: PAGE_ROWS,
              ...(dataset ? { dataset } : {}),
              ...(pageParam ? { after: pageParam } : {}),
            },
          },
        }),
      ),
    initialPageParam: '',
    getNextPageParam: page => page.next ?? undefined,
    retry: false,
    staleTime: 300_000,
    placeholderData: keepPreviousData,
  });
}

export function useWhatIf(body: WhatIfAsk) {
  return useQuery({
    ...LASTING,
    queryKey: ['what-if', body],
    queryFn: () => data(api.POST('/api/tokenizers/what-if', { body })),
    enabled: body.sizes.length > 0,
  });
}

export function useChat(body: ChatAsk) {
  return useQuery({
    ...LASTING,
    queryKey: ['chat', body],
    queryFn: () => data(api.POST('/api/tokenizers/chat', { body })),
  });
}
