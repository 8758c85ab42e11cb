/** One folder opened in the command's own process: the same engine service that the editor talks to. */
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { pathToFileURL } from 'node:url';
import { ModelFolder } from '../core/embedding/modelFolder';
import { bundledModelPath, EngineService } from '../engine/engineService';
import type { Space } from '../engine/space';
import type { IndexReport, IndexSettings } from '../shared/space';
import type { CliArguments } from './arguments';
import { ProgressLine } from './progressLine';
import { UsageError } from './usage';

/** The extension's own defaults, as there are no editor settings here. */
const settings: IndexSettings = {
  include: [],
  exclude: [
    '**/.git',
    '**/.svn',
    '**/.hg',
    '**/CVS',
    '**/.DS_Store',
    '**/Thumbs.db',
    '**/node_modules',
    '**/bower_components',
  ],
  maxFileSizeKb: 1024,
  respectGitignore: true,
};

export interface FolderSession {
  service: EngineService;
  space: Space;
  spaceId: string;
}

/** The package's own folder: `dist/` and `media/` lie in it. */
export const assetsFolder = path.join(__dirname, '..');

export function bundledModel(): Promise<ModelFolder> {
  return ModelFolder.open(bundledModelPath(assetsFolder));
}

/** Where the runtimes that work here are remembered. */
export function runtimesFolder(): string {
  const folder = cacheFolder('runtimes');
  fs.mkdirSync(folder, { recursive: true });
  return folder;
}

export function packageVersion(): string {
  const text = fs.readFileSync(path.join(assetsFolder, 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

/** Starts the engine service in this process. The caller closes it. */
async function startService(args: CliArguments, storageFolder: string, storeFile?: string): Promise<EngineService> {
  const service = new EngineService({ assetsFolder, storageFolder, version: packageVersion(), storeFile });
  service.onEvent((event) => {
    if (event.type === 'log' && event.level !== 'info') process.stderr.write(`${event.message}\n`);
  });
  await service.start({ runtime: args.runtime, threads: args.threads, nodePath: '' });
  return service;
}

/**
 * Opens a folder's index, brings it up to date, and gives it to the work.
 * @throws UsageError when there is no such folder
 */
export async function withFolder<T>(
  args: CliArguments,
  work: (session: FolderSession, report: IndexReport) => Promise<T>,
): Promise<T> {
  const [name] = args.positionals;
  if (name === undefined) throw new UsageError('a folder is missing');
  if (!fs.statSync(name, { throwIfNoEntry: false })?.isDirectory()) throw new UsageError(`${name} is no folder`);
  const folder = fs.realpathSync(name);
  const storageFolder = args.store === undefined ? cacheFolder(folder) : path.dirname(path.resolve(args.store));
  const service = await startService(
    args,
    storageFolder,
    args.store === undefined ? undefined : path.resolve(args.store),
  );
  const progress = new ProgressLine();
  service.onEvent((event) => event.type === 'state' && progress.show(event.state.progress));
  // Ctrl-C keeps what is embedded so far.
  const interrupt = (): void => void service.close().finally(() => process.exit(130));
  process.once('SIGINT', interrupt);
  try {
    const spec = { uri: pathToFileURL(folder).href, path: folder, name: path.basename(folder) };
    const space = await service.openSpace([{ folder: spec, settings }]);
    const report = await space.index(true);
    progress.clear();
    return await work({ service, space, spaceId: space.id }, report);
  } finally {
    progress.clear();
    process.removeListener('SIGINT', interrupt);
    await service.close();
  }
}

function cacheFolder(key: string): string {
  const base =
    process.platform === 'win32'
      ? (process.env['LOCALAPPDATA'] ?? path.join(os.homedir(), 'AppData', 'Local'))
      : process.platform === 'darwin'
        ? path.join(os.homedir(), 'Library', 'Caches')
        : (process.env['XDG_CACHE_HOME'] ?? path.join(os.homedir(), '.cache'));
  return path.join(base, 'latent-lens', createHash('sha256').update(key).digest('hex').slice(0, 16));
}
