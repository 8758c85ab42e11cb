// Bundles every process of the extension into dist/: one entry per process.
const esbuild = require('esbuild');
const fs = require('node:fs');
const path = require('node:path');

const watch = process.argv.includes('--watch');
const production = process.argv.includes('--production');

/** Files that are loaded by path at run time and so must lie beside the bundles. */
const copies = [
  ['node_modules/onnxruntime-web/dist/ort-wasm-simd-threaded.wasm', 'dist/wasm/ort-wasm-simd-threaded.wasm'],
  ['node_modules/onnxruntime-web/dist/ort-wasm-simd-threaded.mjs', 'dist/wasm/ort-wasm-simd-threaded.mjs'],
  ['node_modules/node-sqlite3-wasm/dist/node-sqlite3-wasm.wasm', 'dist/node-sqlite3-wasm.wasm'],
  ['node_modules/@vscode/codicons/dist/codicon.css', 'dist/webview/codicon.css'],
  ['node_modules/@vscode/codicons/dist/codicon.ttf', 'dist/webview/codicon.ttf'],
];

const node = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  minify: production,
  sourcemap: !production,
  logLevel: 'warning',
  outdir: 'dist',
  external: ['vscode', 'onnxruntime-node'],
};

const entries = {
  extension: 'src/host/extension.ts',
  engine: 'src/engine/main.ts',
  embeddingWorker: 'src/engine/embeddingWorker.ts',
  layoutWorker: 'src/engine/layoutWorker.ts',
  runtimeProbe: 'src/engine/runtimeProbe.ts',
  cli: 'src/cli/main.ts',
};

const webview = {
  bundle: true,
  platform: 'browser',
  target: 'es2022',
  format: 'esm',
  minify: production,
  sourcemap: production ? false : 'inline',
  logLevel: 'warning',
  jsx: 'automatic',
  jsxImportSource: 'preact',
  loader: { '.glsl': 'text', '.vert': 'text', '.frag': 'text' },
  entryPoints: { panel: 'webview/main.tsx' },
  outdir: 'dist/webview',
};

async function main() {
  fs.rmSync('dist', { recursive: true, force: true });
  for (const [from, to] of copies) {
    fs.mkdirSync(path.dirname(to), { recursive: true });
    fs.copyFileSync(from, to);
  }
  const present = (file) => fs.existsSync(file);
  const nodeEntries = Object.fromEntries(Object.entries(entries).filter(([, file]) => present(file)));
  const builds = [{ ...node, entryPoints: nodeEntries }];
  if (present('webview/main.tsx')) builds.push(webview);
  if (watch) {
    for (const options of builds) await (await esbuild.context({ ...options, logLevel: 'info' })).watch();
  } else {
    await Promise.all(builds.map((options) => esbuild.build(options)));
  }
}

main().catch((error) => {
  console.error(error.message);
  process.exit(1);
});
