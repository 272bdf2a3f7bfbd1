// Pages are loaded when they are first opened, or ahead when the browser has nothing else to do: so a server that dies
// later takes no page away. A page that cannot be loaded says so as any other call does.
import { lazyRouteComponent } from '@tanstack/react-router';
import type { ComponentType } from 'react';
import { unreachable } from '@/lib/api/client';

type Load<Name extends string> = () => Promise<Record<Name, ComponentType>>;

const loads: (() => Promise<unknown>)[] = [];

/** The component `name` of a page's file. */
export function lazyPage<Name extends string>(load: Load<Name>, name: Name) {
  loads.push(load);
  return lazyRouteComponent(
    () =>
      load().catch(() => {
        throw unreachable();
      }),
    name,
  );
}

/** Fetch all pages, one after another, when there is time; what fails is fetched again when it is opened. */
export function loadPagesAhead(): void {
  const later = window.requestIdleCallback ?? ((go: () => void) => setTimeout(go, 2000));
  later(async () => {
    for (const load of loads) await load().catch(() => undefined);
  });
}
