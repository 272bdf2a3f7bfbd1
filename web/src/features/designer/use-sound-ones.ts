// The last explanation of a document that can be built: it stays on the screen while something impossible is typed.
import { useRef } from 'react';
import type { ExplainView } from '@/lib/api/schema';

export function useSoundOnes(now: ExplainView | undefined): ExplainView | null {
  const last = useRef<ExplainView | null>(null);
  if (now?.parts) last.current = now;
  return last.current;
}
