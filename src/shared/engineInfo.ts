/** The ladder of embedding runtimes, fastest first. `native-other-node` is native under the node that the person named. */
export type RuntimeName = 'native' | 'native-other-node' | 'wasm' | 'wasm-single';

export const runtimeWords: Record<RuntimeName, string> = {
  native: 'native',
  'native-other-node': 'native, under the Node.js that you named',
  wasm: 'WebAssembly, several threads',
  'wasm-single': 'WebAssembly, one thread',
};

export interface EngineInfo {
  version: string;
  pid: number;
  runtime: RuntimeName;
  /** Why rungs above the one in use were not taken, one sentence each. */
  steppedDown: string[];
  threads: number;
  tokensPerSecond: number | undefined;
  modelName: string;
  dimensions: number;
  maxTokens: number;
  node: string;
  memoryBytes: number;
  windows: number;
}
