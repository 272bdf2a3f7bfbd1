// Whether the page that asks is still the one wanted. What is written into the address a moment after a change must not call
// a reader back who has since asked for another page, however slowly that one loads.
import { useMatch, useRouter } from '@tanstack/react-router';
import { useCallback, useRef } from 'react';

/** False as soon as another path was asked for, even while its page is still being loaded. */
export function useIsHere(): () => boolean {
  const router = useRouter();
  const path = useRef('');
  path.current = useMatch({ strict: false, select: match => match.pathname });
  return useCallback(() => router.latestLocation.pathname === path.current, [router]);
}
