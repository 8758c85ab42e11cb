import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { packageVsix } from '../../scripts/package.mjs';
import type { LatentLens } from '../screen/latentLens';
import { VscodeSession } from '../screen/vscodeSession';

const model = 'media/models/all-MiniLM-L6-v2';

/** What must be in it, or the extension fails at a user's. */
const needed = [
  'package.json',
  'README.md',
  'CHANGELOG.md',
  'LICENSE.txt',
  'dist/extension.js',
  'dist/engine.js',
  'dist/embeddingWorker.js',
  'dist/chunkingWorker.js',
  'dist/layoutWorker.js',
  'dist/runtimeProbe.js',
  'dist/cli.js',
  'dist/node-sqlite3-wasm.wasm',
  'dist/wasm/ort-wasm-simd-threaded.mjs',
  'dist/wasm/ort-wasm-simd-threaded.wasm',
  'dist/png/index_bg.wasm',
  'dist/grammars/tree-sitter.wasm',
  'dist/grammars/tree-sitter-typescript.wasm',
  'dist/grammars/LICENSE',
  'dist/png/DejaVuSans.ttf',
  'dist/png/DejaVuSans-Bold.ttf',
  'dist/png/DejaVu-LICENSE.txt',
  'dist/webview/panel.js',
  'dist/webview/panel.css',
  'dist/webview/codicon.css',
  'dist/webview/codicon.ttf',
  `${model}/config.json`,
  `${model}/tokenizer.json`,
  `${model}/tokenizer_config.json`,
  `${model}/onnx/model_quantized.onnx`,
  `${model}/LICENSE`,
  'docs/images/map-dark.png',
  'docs/images/map-light.png',
];

/** All that may be in it: nothing of the sources, of the tests or of a platform. */
const allowed = [
  /^(package\.json|README\.md|CHANGELOG\.md|LICENSE\.txt|\.vsixmanifest)$/i,
  /^dist\/[^/]+\.(js|wasm)$/,
  /^dist\/wasm\/[^/]+\.(mjs|wasm)$/,
  /^dist\/grammars\/(tree-sitter(-[a-z-]+)?\.wasm|LICENSE)$/,
  /^dist\/png\/[^/]+\.(ttf|txt|wasm)$/,
  /^dist\/webview\/[^/]+\.(js|css|ttf)$/,
  /^media\//,
  /^docs\/images\/[^/]+\.png$/,
];

describe('The universal VSIX', () => {
  let session: VscodeSession;
  let lens: LatentLens;
  let vsix: string;

  before(async function () {
    this.timeout(180_000);
    vsix = await packageVsix();
    session = await VscodeSession.start({ vsix });
    lens = await session.open();
  });

  after(() => session?.stop());

  it('holds what the extension needs, and nothing else', () => {
    const { files } = session.installedFiles();
    const names = new Set(files.map((file) => file.toLowerCase()));
    assert.deepEqual(
      needed.filter((file) => !names.has(file.toLowerCase())),
      [],
      'missing',
    );
    assert.deepEqual(
      files.filter((file) => !allowed.some((pattern) => pattern.test(file))),
      [],
      'unexpected',
    );
    assert.ok(statSync(vsix).size < 60e6, `${statSync(vsix).size} bytes`);
  });

  it('indexes the sample on WebAssembly alone', async () => {
    const chunks = await lens.index();
    assert.ok(chunks > 60, `${chunks} chunks`);
    const information = await lens.engineInformation();
    assert.match(information, /Runtime: WebAssembly/);
  });

  it('draws the map and finds the refund page', async () => {
    await lens.openMap();
    assert.ok((await lens.mapLabels()).length >= 4);
    await lens.workbench.screenshot('installed-vsix');
    const [first] = await lens.search('How long does it take to get my money back?');
    assert.equal(first.path, 'support/refunds.md');
    await lens.workbench.page.keyboard.press('Escape');
  });
});
