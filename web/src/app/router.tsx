// The pages and their addresses. Each is loaded when it is first opened.
import { createRootRoute, createRoute, createRouter, Outlet } from '@tanstack/react-router';
import { isMapping } from '@/lib/training-settings';
import { lazyPage } from './lazy-page';
import { NoSuchPage, PageFailed, PagePending } from './page-states';
import { Shell } from './shell';
import { SignedIn } from './signed-in';

const root = createRootRoute({
  component: Outlet,
  notFoundComponent: () => (
    <SignedIn>
      <Shell>
        <NoSuchPage />
      </Shell>
    </SignedIn>
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

/** The given names of the address, those that are not empty. */
const texts =
  (...names: string[]) =>
  (search: Record<string, unknown>): Record<string, string> =>
    Object.fromEntries(
      names.flatMap(name => {
        const value = search[name];
        const found = typeof value === 'number' ? String(value) : text(value);
        return found === undefined ? [] : [[name, found]];
      }),
    );

export const signInRoute = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  component: lazyPage(() => import('@/features/sign-in/sign-in-page'), 'SignInPage'),
});

export const homeRoute = createRoute({
  getParentRoute: () => inside,
  path: '/',
  component: lazyPage(() => import('@/features/home/home-page'), 'HomePage'),
});

export const runsRoute = createRoute({
  getParentRoute: () => inside,
  path: '/runs',
  validateSearch: (search: Record<string, unknown>) => ({
    ...(text(search.status) ? { status: text(search.status) } : {}),
    ...(text(search.query) ? { query: text(search.query) } : {}),
    ...(text(search.new) ? { new: text(search.new) } : {}),
    ...(text(search.compare) ? { compare: text(search.compare) } : {}),
    ...(text(search.axis) ? { axis: text(search.axis) } : {}),
    ...(text(search.shown) ? { shown: text(search.shown) } : {}),
    ...(text(search.architecture) ? { architecture: text(search.architecture) } : {}),
    ...(isMapping(search.training) ? { training: search.training } : {}),
    ...(Number.isInteger(search.vocab) ? { vocab: search.vocab as number } : {}),
  }),
  component: lazyPage(() => import('@/features/runs/runs-page'), 'RunsPage'),
});

export const runRoute = createRoute({
  getParentRoute: () => inside,
  path: '/runs/$runId',
  validateSearch: texts('layers'),
  component: lazyPage(() => import('@/features/run/run-page'), 'RunPage'),
});

export const playgroundRoute = createRoute({
  getParentRoute: () => inside,
  path: '/playground',
  component: lazyPage(() => import('@/features/playground/playground-page'), 'PlaygroundPage'),
});

export const dataRoute = createRoute({
  getParentRoute: () => inside,
  path: '/data',
  component: lazyPage(() => import('@/features/data/data-page'), 'DataPage'),
});

export const newDatasetRoute = createRoute({
  getParentRoute: () => inside,
  path: '/data/new',
  validateSearch: texts('folder', 'name'),
  component: lazyPage(() => import('@/features/data/new-dataset-page'), 'NewDatasetPage'),
});

export const datasetRoute = createRoute({
  getParentRoute: () => inside,
  path: '/data/$name',
  validateSearch: texts('version', 'compare', 'step', 'unit', 'q', 'doc'),
  component: lazyPage(() => import('@/features/data/dataset-page'), 'DatasetPage'),
});

export const tokenizerRoute = createRoute({
  getParentRoute: () => inside,
  path: '/tokenizer',
  component: lazyPage(() => import('@/features/tokenizer/tokenizer-page'), 'TokenizerPage'),
});

/** `set` and `doc` are objects: what was changed, and a document of one's own. */
export const designerRoute = createRoute({
  getParentRoute: () => inside,
  path: '/models/design',
  component: lazyPage(() => import('@/features/designer/designer-page'), 'DesignerPage'),
});

export const settingsRoute = createRoute({
  getParentRoute: () => inside,
  path: '/settings',
  component: lazyPage(() => import('@/features/settings/settings-page'), 'SettingsPage'),
});

export const styleRoute = createRoute({
  getParentRoute: () => inside,
  path: '/style',
  component: lazyPage(() => import('@/features/style/style-page'), 'StylePage'),
});

const tree = root.addChildren([
  signInRoute,
  inside.addChildren([
    homeRoute,
    dataRoute,
    newDatasetRoute,
    datasetRoute,
    tokenizerRoute,
    designerRoute,
    runsRoute,
    runRoute,
    playgroundRoute,
    settingsRoute,
    styleRoute,
  ]),
]);

export const router = createRouter({
  routeTree: tree,
  defaultPreload: 'intent',
  defaultPendingComponent: PagePending,
  defaultPendingMs: 200,
  defaultErrorComponent: PageFailed,
  scrollRestoration: true,
  search: { strict: false },
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
