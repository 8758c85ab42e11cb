import { chooseRuntimeHere } from '../engine/embeddingHost';
import type { CliArguments } from './arguments';
import { assetsFolder, bundledModel, checkRuntime, packageVersion, storageFolder } from './folderSession';

/** The runtime for exact neighbors: what the ladder says works here, remembered with the answers of `embed`. */
export async function chooseLayoutRuntime(args: CliArguments): Promise<'native' | 'wasm'> {
  const choice = await chooseRuntimeHere({
    modelFolder: await bundledModel(),
    assetsFolder,
    storageFolder: storageFolder(),
    version: packageVersion(),
    settings: { runtime: args.runtime, threads: 1, nodePath: '' },
  });
  checkRuntime(args, choice.runtime, choice.steppedDown);
  return choice.runtime === 'native' ? 'native' : 'wasm';
}
