// Ordering a run from this page: one call, its problem kept in place.
import { useState } from 'react';
import type { ProblemError } from '@/lib/api/client';
import type { RecipeSpecInput } from '@/lib/api/schema';
import { orderRun } from '@/lib/order';

export function useOrder(project: string, onStarted: (run: string) => void) {
  const [problem, setProblem] = useState<ProblemError | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  const order = async (document: RecipeSpecInput): Promise<boolean> => {
    setIsBusy(true);
    setProblem(null);
    try {
      onStarted(await orderRun({ project, name: document.name, document }));
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
