// The layers of the web tower: app > features > widgets > ui > lib. Imports point down; features never know a sibling.
const layer = (name, from, to) => ({ name, severity: 'error', from: { path: from }, to: { path: to } });
module.exports = {
  forbidden: [
    layer('lib-is-the-floor', '^src/lib', '^src/(ui|widgets|features|app)'),
    layer('ui-knows-lib-only', '^src/ui', '^src/(widgets|features|app)'),
    layer('widgets-know-ui-and-lib', '^src/widgets', '^src/(features|app)'),
    layer('features-know-no-app', '^src/features', '^src/app'),
    { name: 'no-sibling-features', severity: 'error', from: { path: '^src/features/([^/]+)/' }, to: { path: '^src/features/', pathNot: '^src/features/$1/' } },
    { name: 'widgets-never-fetch', severity: 'error', from: { path: '^src/widgets' }, to: { path: '^src/lib/(api/client|live/client|live/hooks)' } },
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
  ],
  options: { tsPreCompilationDeps: true, tsConfig: { fileName: 'tsconfig.json' }, doNotFollow: { path: 'node_modules' }, enhancedResolveOptions: { extensions: ['.ts', '.tsx', '.js', '.css', '.json'] } },
};
