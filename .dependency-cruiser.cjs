// The directions of imports between the rooms of the house (docs/architecture.md), and a few names that say nothing.

/** What a room may import besides itself: other rooms, packages and Node's modules, as one regular expression. */
const room = (name, from, allowed, why) => ({
  name: `${name}-imports`,
  severity: 'error',
  comment: why,
  from: { path: from },
  to: { path: '^(src|webview|scripts|test)/', pathNot: [from, ...allowed] },
});

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true, dependencyTypesNot: ['type-only'] } },
    { name: 'not-resolvable', severity: 'error', from: {}, to: { couldNotResolve: true, pathNot: '^vscode$' } },
    room('shared', '^src/shared/', [], 'shared is what both sides of a boundary agree on: it knows neither side.'),
    room('core', '^src/core/', ['^src/shared/'], 'core is a library: no process, no transport, no editor.'),
    room('engine', '^src/engine/', ['^src/core/', '^src/shared/'], 'engine -> core -> shared.'),
    room('host', '^src/host/', ['^src/shared/'], 'The extension host never embeds: host -> shared <- engine.'),
    room('cli', '^src/cli/', ['^src/engine/', '^src/core/', '^src/shared/'], 'cli -> engine, core, shared.'),
    room('webview', '^webview/', ['^src/shared/'], 'webview -> shared.'),
    {
      name: 'shared-packages',
      severity: 'error',
      comment: 'shared depends on the schema library alone; v8 serializes the frames between a window and the engine.',
      from: { path: '^src/shared/' },
      to: {
        dependencyTypes: ['npm', 'npm-dev', 'npm-optional', 'npm-peer', 'core'],
        pathNot: '(^|/)valibot(/|$)|^v8$',
      },
    },
    {
      name: 'core-is-a-library',
      severity: 'error',
      comment: 'core starts no process and no thread: the engine does.',
      from: { path: '^src/core/' },
      to: { path: '^(node:)?(child_process|worker_threads|cluster|net|http|https|tls|dgram)$' },
    },
    {
      name: 'vscode-in-host-alone',
      severity: 'error',
      // The probe of bench:host runs inside the extension host too.
      from: { pathNot: '^((src/host|test/host)/|scripts/bench/hostProbe)' },
      to: { path: '^vscode$|@types/vscode/' },
    },
    {
      name: 'webview-is-a-page',
      severity: 'error',
      comment: "The panel runs in a browser: Node's modules are not there.",
      from: { path: '^webview/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'webview-reaches-no-node-module',
      severity: 'error',
      from: { path: '^webview/' },
      to: { path: '^(v8|fs|path|os|net|crypto|buffer)$', reachable: true },
    },
    {
      name: 'no-development-packages',
      severity: 'error',
      comment: 'What ships may not import what only developers install.',
      from: { path: '^(src|webview)/' },
      to: {
        dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'],
        dependencyTypesNot: ['type-only'],
        pathNot: '@types/',
      },
    },
    {
      name: 'no-tests-in-the-product',
      severity: 'error',
      from: { path: '^(src|webview)/' },
      to: { path: '^(test|scripts)/' },
    },
    {
      name: 'a-file-is-named-after-what-it-holds',
      severity: 'error',
      from: {},
      to: { path: '^(src|webview|test|scripts)/.*/(util|utils|helper|helpers|common|misc|types)[.](ts|tsx|mjs)$' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // The resolver takes the package esbuild for the file of that name.
    exclude: { path: '^(dist|out|\\.vscode-test)/|^esbuild\\.js$' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
