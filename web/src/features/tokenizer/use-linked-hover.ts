// What belongs together lights up together: whatever carries the same `data-token` within the box, when the pointer or the
// keyboard is on one of them. By hand on the elements, as a text may have thousands.
import { useEffect, useRef } from 'react';

const HOT = 'data-hot';

export function useLinkedHover<Box extends HTMLElement>() {
  const box = useRef<Box>(null);
  useEffect(() => {
    const host = box.current;
    if (!host) return;
    const show = (event: Event) => {
      const token = (event.target as Element).closest?.('[data-token]')?.getAttribute('data-token');
      for (const one of host.querySelectorAll(`[${HOT}]`)) one.removeAttribute(HOT);
      if (!token || event.type === 'pointerleave') return;
      for (const one of host.querySelectorAll(`[data-token="${token}"]`)) one.setAttribute(HOT, '');
    };
    const kinds = ['pointerover', 'pointerleave', 'focusin'];
    for (const kind of kinds) host.addEventListener(kind, show);
    return () => {
      for (const kind of kinds) host.removeEventListener(kind, show);
    };
  }, []);
  return box;
}
