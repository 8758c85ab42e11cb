/** The embedder alone, with no folder: for `embed`. */
import { EmbeddingHost } from '../engine/embeddingHost';
import type { CliArguments } from './arguments';
import { assetsFolder, bundledModel, checkRuntime, packageVersion, storageFolder } from './folderSession';
import type { ProgressLine } from './progressLine';

/** The caller closes it. */
export async function startEmbedder(args: CliArguments, progress: ProgressLine): Promise<EmbeddingHost> {
  const { runtime, threads } = args;
  const embedder = await EmbeddingHost.start({
    modelFolder: await bundledModel(),
    assetsFolder,
    storageFolder: storageFolder(),
    version: packageVersion(),
    settings: { runtime, threads, nodePath: '' },
    crashed: undefined,
    tell: (event) => event.type === 'log' && event.level === 'warn' && progress.tell(event.message),
  });
  checkRuntime(args, embedder.runtime, embedder.steppedDown);
  return embedder;
}
