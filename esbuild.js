// Bundles every process of the extension into dist/ (or --outdir=FOLDER): one entry per process.
const esbuild = require('esbuild');
const fs = require('node:fs');
const path = require('node:path');

const watch = process.argv.includes('--watch');
const production = process.argv.includes('--production');
const outdir = process.argv.find((argument) => argument.startsWith('--outdir='))?.slice('--outdir='.length) ?? 'dist';

/** Files that are loaded by path at run time and so must lie beside the bundles: source and place in the output. */
const copies = [
  ['node_modules/onnxruntime-web/dist/ort-wasm-simd-threaded.wasm', 'wasm/ort-wasm-simd-threaded.wasm'],
  ['node_modules/onnxruntime-web/dist/ort-wasm-simd-threaded.mjs', 'wasm/ort-wasm-simd-threaded.mjs'],
  ['node_modules/node-sqlite3-wasm/dist/node-sqlite3-wasm.wasm', 'node-sqlite3-wasm.wasm'],
  ['node_modules/@resvg/resvg-wasm/index_bg.wasm', 'png/index_bg.wasm'],
  ['node_modules/dejavu-fonts-ttf/ttf/DejaVuSans.ttf', 'png/DejaVuSans.ttf'],
  ['node_modules/dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf', 'png/DejaVuSans-Bold.ttf'],
  ['node_modules/dejavu-fonts-ttf/LICENSE', 'png/DejaVu-LICENSE.txt'],
  ['node_modules/@vscode/codicons/dist/codicon.css', 'webview/codicon.css'],
  ['node_modules/@vscode/codicons/dist/codicon.ttf', 'webview/codicon.ttf'],
];

/** Languages whose code is cut at functions and classes; a test compares them with src/core/chunking/codeLanguages.ts. */
const grammars = fs
  .readdirSync('node_modules/@vscode/tree-sitter-wasm/wasm')
  .filter((file) => file.endsWith('.wasm') && !/-(?:css|ini|regex)\.wasm$/.test(file));
for (const file of [...grammars.map((name) => `wasm/${name}`), 'LICENSE'])
  copies.push([`node_modules/@vscode/tree-sitter-wasm/${file}`, `grammars/${path.basename(file)}`]);

/**
 * Of @langchain/core the splitters need a base class without content and a document that we never make. The package itself
 * would bring half a megabyte with it, a tracing client that can reach the network among them.
 */
const langchainCore = {
  name: 'langchain-core',
  setup(build) {
    build.onResolve({ filter: /^@langchain\/core\// }, ({ path: name }) => ({
      path: name,
      namespace: 'langchain-core',
    }));
    build.onLoad({ filter: /.*/, namespace: 'langchain-core' }, () => ({
      contents: `export class BaseDocumentTransformer {}
        export class Document {}
        export const getEncoding = () => { throw new Error('not bundled'); };`,
    }));
  },
};

const node = {
  plugins: [langchainCore],
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  minify: production,
  sourcemap: !production,
  logLevel: 'warning',
  outdir,
  external: ['vscode', 'onnxruntime-node'],
};

const entries = {
  extension: 'src/host/extension.ts',
  engine: 'src/engine/main.ts',
  embeddingWorker: 'src/engine/embeddingWorker.ts',
  chunkingWorker: 'src/engine/chunkingWorker.ts',
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
  outdir: path.join(outdir, 'webview'),
};

async function main() {
  fs.rmSync(outdir, { recursive: true, force: true });
  for (const [from, name] of copies) {
    const to = path.join(outdir, name);
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
