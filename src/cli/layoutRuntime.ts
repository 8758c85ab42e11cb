import { chooseRuntimeHere } from '../engine/embeddingHost';
import type { CliArguments } from './arguments';
import { assetsFolder, bundledModel, packageVersion, runtimesFolder } from './folderSession';

/** The runtime for exact neighbors: what the ladder says works here, remembered with the answers of `embed`. */
export async function chooseLayoutRuntime({ runtime }: CliArguments): Promise<'native' | 'wasm'> {
  const choice = await chooseRuntimeHere({
    modelFolder: await bundledModel(),
    assetsFolder,
    storageFolder: runtimesFolder(),
    version: packageVersion(),
    settings: { runtime, threads: 1, nodePath: '' },
  });
  return choice.runtime === 'native' ? 'native' : 'wasm';
}
