import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import * as path from 'node:path';
import { pathToFileURL } from 'node:url';
import type * as Ort from 'onnxruntime-web';
import { telemetryVariable } from '../../shared/childEnvironment';

/** A dense row-major tensor. `int64` data are BigInts. */
export type OnnxTensor =
  | { type: 'float32'; data: Float32Array; dims: readonly number[] }
  | { type: 'int32'; data: Int32Array; dims: readonly number[] }
  | { type: 'int64'; data: BigInt64Array; dims: readonly number[] };

/** One graph ready to run. Not for concurrent runs: await one before the next. */
export interface OnnxSession {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  /** @throws {Error} when an input is missing or of another shape or type than the graph wants. */
  run(inputs: Record<string, OnnxTensor>): Promise<Record<string, OnnxTensor>>;
  release(): Promise<void>;
}

/** What both runtimes can do; any graph, not just the embedding model. */
export interface OnnxRuntime {
  readonly name: OnnxRuntimeName;
  readonly version: string;
  /** @param options.threads threads within one operator (native alone; WASM runs one), 1 unless told. */
  createSession(graph: Uint8Array, options?: { threads?: number }): Promise<OnnxSession>;
}

export type OnnxRuntimeName = 'native' | 'wasm';

export interface OnnxRuntimeOptions {
  /**
   * Root of the installed extension: `dist/native/node_modules/onnxruntime-node` and `dist/wasm/` lie under it. What is
   * missing there is looked for in node_modules, as in a checkout that was not built.
   */
  assetsFolder: string;
  /** Threads of all WASM sessions that are opened with it, 1 unless told. Those above 1 keep their thread alive: see `embeddingWorker.ts`. */
  wasmThreads?: number;
}

/** The runtime can't be had on this machine: not shipped, or no binary for this platform. */
export class OnnxRuntimeMissingError extends Error {
  override readonly name = 'OnnxRuntimeMissingError';
}

const wasmGlue = 'ort-wasm-simd-threaded.mjs';
const wasmBinary = 'ort-wasm-simd-threaded.wasm';

/**
 * Loads the one runtime that was asked for and no other: nothing falls back silently, nothing is fetched.
 * @throws {OnnxRuntimeMissingError}
 */
export async function loadOnnxRuntime(name: OnnxRuntimeName, options: OnnxRuntimeOptions): Promise<OnnxRuntime> {
  return name === 'native' ? loadNative(options.assetsFolder) : loadWasm(options);
}

function loadNative(assetsFolder: string): OnnxRuntime {
  // For a process that was not started by ours, such as a test or a benchmark.
  process.env[telemetryVariable] = '1';
  // createRequire: a bundler must not see this, the binary is chosen at run time.
  const places = [path.join(assetsFolder, 'dist', 'native', 'package.json'), __filename];
  let problem = '';
  for (const place of places) {
    const requireFrom = createRequire(place);
    let file: string;
    try {
      file = requireFrom.resolve('onnxruntime-node');
    } catch {
      continue;
    }
    try {
      return adapt('native', requireFrom(file) as typeof Ort, 'node');
    } catch (error) {
      problem ||= firstLine(error);
    }
  }
  throw new OnnxRuntimeMissingError(
    problem === ''
      ? 'The native runtime (onnxruntime-node) is not part of this installation.'
      : `The native runtime (onnxruntime-node) can't be loaded on ${process.platform}-${process.arch}: ${problem}`,
  );
}

async function loadWasm({ assetsFolder, wasmThreads = 1 }: OnnxRuntimeOptions): Promise<OnnxRuntime> {
  const folder = wasmFolder(assetsFolder);
  // require, not import: the package's ES module asks for import.meta.url, which a bundle in CommonJS does not have.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const ort = require('onnxruntime-web') as typeof Ort;
  ort.env.wasm.numThreads = wasmThreads;
  ort.env.wasm.proxy = false;
  const binary = await readFile(path.join(folder, wasmBinary));
  ort.env.wasm.wasmBinary = binary.buffer.slice(binary.byteOffset, binary.byteOffset + binary.byteLength);
  ort.env.wasm.wasmPaths = { mjs: pathToFileURL(path.join(folder, wasmGlue)).href };
  return adapt('wasm', ort, 'web');
}

function wasmFolder(assetsFolder: string): string {
  const shipped = path.join(assetsFolder, 'dist', 'wasm');
  if (existsSync(path.join(shipped, wasmBinary))) return shipped;
  try {
    return path.dirname(createRequire(__filename).resolve('onnxruntime-web'));
  } catch {
    throw new OnnxRuntimeMissingError(
      `The WASM runtime's file ${wasmBinary} is missing from this installation. Reinstall Latent Lens.`,
    );
  }
}

function adapt(name: OnnxRuntimeName, ort: typeof Ort, component: 'node' | 'web'): OnnxRuntime {
  // Warnings of the graph optimizer go to stderr otherwise.
  ort.env.logLevel = 'error';
  return {
    name,
    version: ort.env.versions[component] ?? ort.env.versions.common,
    async createSession(graph, options) {
      const threads = options?.threads ?? 1;
      const session = await ort.InferenceSession.create(graph, {
        executionProviders: [name === 'native' ? 'cpu' : 'wasm'],
        intraOpNumThreads: threads,
        interOpNumThreads: 1,
        executionMode: 'sequential',
        graphOptimizationLevel: 'all',
      });
      return adaptSession(ort, session);
    },
  };
}

function adaptSession(ort: typeof Ort, session: Ort.InferenceSession): OnnxSession {
  return {
    inputNames: session.inputNames,
    outputNames: session.outputNames,
    async run(inputs) {
      const feeds: Record<string, Ort.Tensor> = {};
      for (const [name, tensor] of Object.entries(inputs)) {
        feeds[name] = new ort.Tensor(tensor.type as 'float32', tensor.data as Float32Array, tensor.dims);
      }
      const outputs: Record<string, OnnxTensor> = {};
      for (const [name, value] of Object.entries(await session.run(feeds))) {
        const { type, data, dims } = value;
        if (type !== 'float32' && type !== 'int32' && type !== 'int64') {
          throw new Error(`The graph's output ${name} is of type ${type}, which is not supported.`);
        }
        outputs[name] = { type, data, dims } as OnnxTensor;
      }
      return outputs;
    },
    release: () => session.release(),
  };
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0];
}
