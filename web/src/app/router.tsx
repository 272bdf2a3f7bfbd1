// The pages and their addresses. Each is loaded when it is first opened.
import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
} from '@tanstack/react-router';
import { Failed } from '@/ui/failed';
import { Shell } from './shell';
import { SignedIn } from './signed-in';

const root = createRootRoute({
  component: Outlet,
  notFoundComponent: () => (
    <main className="main">
      <Failed
        title="There is no page at this address."
        detail="It may have been moved, or the link is incomplete."
        action={{ label: 'Go home', to: '/' }}
      />
    </main>
  ),
});

/** Everything but the sign-in page needs a session. */
const inside = createRoute({
  getParentRoute: () => root,
  id: 'inside',
  component: () => (
    <SignedIn>
      <Shell />
    </SignedIn>
  ),
});

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

export const signInRoute = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  component: lazyRouteComponent(() => import('@/features/sign-in/sign-in-page'), 'SignInPage'),
});

export const homeRoute = createRoute({
  getParentRoute: () => inside,
  path: '/',
  component: lazyRouteComponent(() => import('@/features/home/home-page'), 'HomePage'),
});

export const runsRoute = createRoute({
  getParentRoute: () => inside,
  path: '/runs',
  validateSearch: (search: Record<string, unknown>) => ({
    ...(text(search.status) ? { status: text(search.status) } : {}),
    ...(text(search.query) ? { query: text(search.query) } : {}),
    ...(text(search.new) ? { new: text(search.new) } : {}),
  }),
  component: lazyRouteComponent(() => import('@/features/runs/runs-page'), 'RunsPage'),
});

export const runRoute = createRoute({
  getParentRoute: () => inside,
  path: '/runs/$runId',
  component: lazyRouteComponent(() => import('@/features/run/run-page'), 'RunPage'),
});

export const playgroundRoute = createRoute({
  getParentRoute: () => inside,
  path: '/playground',
  component: lazyRouteComponent(() => import('@/features/playground/playground-page'), 'PlaygroundPage'),
});

export const settingsRoute = createRoute({
  getParentRoute: () => inside,
  path: '/settings',
  component: lazyRouteComponent(() => import('@/features/settings/settings-page'), 'SettingsPage'),
});

export const styleRoute = createRoute({
  getParentRoute: () => inside,
  path: '/style',
  component: lazyRouteComponent(() => import('@/features/style/style-page'), 'StylePage'),
});

const tree = root.addChildren([
  signInRoute,
  inside.addChildren([homeRoute, runsRoute, runRoute, playgroundRoute, settingsRoute, styleRoute]),
]);

export const router = createRouter({
  routeTree: tree,
  defaultPreload: 'intent',
  scrollRestoration: true,
  search: { strict: false },
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
