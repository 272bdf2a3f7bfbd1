// How answers are kept: fresh for a moment, asked again when the page is looked at; a refusal is not asked twice.
import { QueryCache, QueryClient } from '@tanstack/react-query';
import { ProblemError } from '@/lib/api/client';

/** Signed out elsewhere: asking who is signed in shows it. */
const cache = new QueryCache({
  onError: (error, query) => {
    const isRefused = error instanceof ProblemError && error.status === 401;
    if (isRefused && query.queryKey[0] !== 'session')
      void queries.invalidateQueries({ queryKey: ['session'] });
  },
});

export const queries = new QueryClient({
  queryCache: cache,
  defaultOptions: {
    // A machine without a network still reaches the server that runs on it.
    mutations: { networkMode: 'always' },
    queries: {
      networkMode: 'always',
      staleTime: 5_000,
      retry: (failures, error) => failures < 3 && (!(error instanceof ProblemError) || error.status === 0),
      retryDelay: attempt => Math.min(500 * 2 ** attempt, 4000),
    },
  },
});
