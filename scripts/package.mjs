// `npm run package [-- --target linux-x64]`: builds the VSIX in a folder of its own, so that dist/ stays as it is.
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { PlainError, root, run, runScript, secondsSince, step } from './processes.mjs';
import { ensureDependencies, manifest } from './project.mjs';

/** Platforms for which onnxruntime-node has a binary; all others get the universal file, which runs on WASM. */
export const nativeTargets = ['linux-x64', 'linux-arm64', 'win32-x64', 'win32-arm64', 'darwin-arm64'];

const largestUniversalBytes = 60e6;

/** What lies beside the bundles; `.vscodeignore` decides what of it ships. */
const staged = ['package.json', '.vscodeignore', 'README.md', 'CHANGELOG.md', 'LICENSE', 'media', 'docs/images'];

/**
 * Libraries that the CPU provider never loads: onnxruntime.dll names DirectML as a delayed import, and the DirectX
 * compiler serves WebGPU. On macOS the same library lies there under two names.
 */
const unusedLibraries = /^(DirectML|dxcompiler|dxil)\.dll$|^libonnxruntime\.\d+\.\d+\.\d+\.dylib$/;

/** @returns {string | undefined} the target of this very machine, if it has a native runtime */
export function targetOfThisMachine() {
  const musl = process.platform === 'linux' && !hasGlibc();
  const target = `${process.platform}-${process.arch}`;
  return nativeTargets.includes(target) && !musl ? target : undefined;
}

function hasGlibc() {
  const report = /** @type {{ header?: { glibcVersionRuntime?: string } }} */ (process.report.getReport());
  return Boolean(report.header?.glibcVersionRuntime);
}

/**
 * Builds the VSIX.
 * @param {string} [target] adds the native runtime of this platform; without it the file is universal
 * @returns {Promise<string>} path of the VSIX
 * @throws {PlainError} when the universal file is too large
 */
export async function packageVsix(target) {
  const startedAt = Date.now();
  const name = `latent-lens-${manifest().version}${target ? `-${target}` : ''}`;
  step(`Packaging ${name}.vsix`);
  const stage = path.join(root, 'out', 'package', target ?? 'universal');
  const vsix = path.join(root, 'out', `${name}.vsix`);
  rmSync(stage, { recursive: true, force: true });
  mkdirSync(stage, { recursive: true });
  await run(process.execPath, ['esbuild.js', '--production', `--outdir=${path.join(stage, 'dist')}`]);
  for (const each of staged.filter((file) => existsSync(path.join(root, file)))) {
    cpSync(path.join(root, each), path.join(stage, each), { recursive: true });
  }
  if (target) stageNativeRuntime(stage, target);
  const vsce = path.join(root, 'node_modules', '@vscode', 'vsce', 'vsce');
  const options = ['--no-dependencies', '--allow-missing-repository', '--no-rewrite-relative-links', '--out', vsix];
  await run(process.execPath, [vsce, 'package', ...options, ...(target ? ['--target', target] : [])], { cwd: stage });
  const bytes = statSync(vsix).size;
  step(`  ${path.relative(root, vsix)}: ${(bytes / 1e6).toFixed(1)} MB in ${secondsSince(startedAt)} s`);
  if (!target && bytes > largestUniversalBytes) {
    throw new PlainError(
      `The universal VSIX is ${(bytes / 1e6).toFixed(1)} MB; it must stay under ${largestUniversalBytes / 1e6} MB.`,
    );
  }
  return vsix;
}

/** @param {string} stage @param {string} target */
function stageNativeRuntime(stage, target) {
  const [platform, arch] = target.split('-');
  const modules = path.join(root, 'node_modules');
  const into = path.join(stage, 'dist', 'native', 'node_modules');
  const binaries = path.join('bin', 'napi-v6', platform, arch);
  const source = path.join(modules, 'onnxruntime-node', binaries);
  if (!existsSync(source)) throw new PlainError(`onnxruntime-node brings no binary for ${target}.`);
  /** Types, source maps and the ES module twin are of no use to a `require`. @param {string} file */
  const isNeeded = (file) => !/\.(map|d\.ts)$/.test(file) && !/[\\/]esm([\\/]|$)/.test(file.slice(modules.length));
  const commonVersions = ['onnxruntime-node/node_modules/onnxruntime-common', 'onnxruntime-common'];
  const common = commonVersions.map((each) => path.join(modules, each)).find((each) => existsSync(each));
  if (!common) throw new PlainError('onnxruntime-common is not installed: run `npm ci`.');
  /** @type {[from: string, to: string][]} */
  const parts = [
    [path.join(modules, 'onnxruntime-node', 'package.json'), path.join('onnxruntime-node', 'package.json')],
    [path.join(modules, 'onnxruntime-node', 'dist'), path.join('onnxruntime-node', 'dist')],
    [path.join(common, 'package.json'), path.join('onnxruntime-common', 'package.json')],
    [path.join(common, 'dist'), path.join('onnxruntime-common', 'dist')],
    ...readdirSync(source)
      .filter((file) => !unusedLibraries.test(file))
      .map(
        (file) =>
          /** @type {[string, string]} */ ([path.join(source, file), path.join('onnxruntime-node', binaries, file)]),
      ),
  ];
  for (const [from, to] of parts) cpSync(from, path.join(into, to), { recursive: true, filter: isNeeded });
}

async function main() {
  const [option, target, ...rest] = process.argv.slice(2);
  const known = option === undefined || (option === '--target' && nativeTargets.includes(target) && rest.length === 0);
  if (!known) throw new PlainError(`Usage: npm run package [-- --target ${nativeTargets.join('|')}]`);
  await ensureDependencies();
  await packageVsix(target);
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) void runScript(main);
