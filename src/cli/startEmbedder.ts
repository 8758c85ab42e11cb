/** The embedder alone, with no folder: for `embed`. */
import { EmbeddingHost } from '../engine/embeddingHost';
import type { CliArguments } from './arguments';
import { assetsFolder, bundledModel, packageVersion, runtimesFolder } from './folderSession';

/** The caller closes it. */
export async function startEmbedder({ runtime, threads }: CliArguments): Promise<EmbeddingHost> {
  return EmbeddingHost.start({
    modelFolder: await bundledModel(),
    assetsFolder,
    storageFolder: runtimesFolder(),
    version: packageVersion(),
    settings: { runtime, threads, nodePath: '' },
    crashed: undefined,
    tell: (event) => event.type === 'log' && event.level !== 'info' && process.stderr.write(`${event.message}\n`),
  });
}
