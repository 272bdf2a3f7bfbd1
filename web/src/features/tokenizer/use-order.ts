// Ordering a run from this page: one call, its problem kept in place.
import { useState } from 'react';
import { api, data, type ProblemError } from '@/lib/api/client';
import type { RecipeSpecInput } from '@/lib/api/schema';

export function useOrder(project: string, onStarted: (run: string) => void) {
  const [problem, setProblem] = useState<ProblemError | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  const order = async (document: RecipeSpecInput): Promise<boolean> => {
    setIsBusy(true);
    setProblem(null);
    try {
      const body = {
        document,
        name: document.name,
        project,
        settings: [],
        recipe: null,
        is_fresh: false,
        upload: null,
      };
      const headers = { 'Idempotency-Key': crypto.randomUUID() };
      const created = await data(api.POST('/api/runs', { body, headers }));
      onStarted(created.run.id);
      return true;
    } catch (error) {
      setProblem(error as ProblemError);
      return false;
    } finally {
      setIsBusy(false);
    }
  };
  return { order, problem, isBusy };
}
