// How answers are kept: fresh for a moment, asked again when the page is looked at; a refusal is not asked twice.
import { QueryClient } from '@tanstack/react-query';
import { ProblemError } from '@/lib/api/client';

export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      retry: (failures, error) => failures < 3 && (!(error instanceof ProblemError) || error.status === 0),
      retryDelay: attempt => Math.min(500 * 2 ** attempt, 4000),
    },
  },
});
