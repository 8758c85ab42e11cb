/** One folder opened in the command's own process: the same engine service that the editor talks to. */
import { counted } from '../shared/plainWords';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { pathToFileURL } from 'node:url';
import { ModelFolder } from '../core/embedding/modelFolder';
import { bundledModelPath, EngineService } from '../engine/engineService';
import type { Space } from '../engine/space';
import { defaultIndexSettings } from '../shared/indexDefaults';
import type { IndexReport, IndexSettings } from '../shared/indexing';
import type { CliArguments } from './arguments';
import { codeOf, existingFolder } from './files';
import { Interruption, interruptionSignal, unlessInterrupted, watchSignals } from './interruption';
import { describeProgress, ProgressLine } from './progressLine';
import { namedStore } from './storeFile';

/** The extension's own defaults, as there are no editor settings here. */
const settings: IndexSettings = {
  ...defaultIndexSettings,
  exclude: ['.git', '.svn', '.hg', 'CVS', '.DS_Store', 'Thumbs.db', 'node_modules', 'bower_components'].map((name) => ({
    glob: `**/${name}`,
    setting: 'default',
  })),
};

export interface FolderSession {
  service: EngineService;
  space: Space;
  spaceId: string;
  /** The folder's own name. */
  name: string;
}

/** The package's own folder: `dist/` and `media/` lie in it. */
export const assetsFolder = path.join(__dirname, '..');

export function bundledModel(): Promise<ModelFolder> {
  return ModelFolder.open(bundledModelPath(assetsFolder));
}

export function packageVersion(): string {
  const text = fs.readFileSync(path.join(assetsFolder, 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

/**
 * Where indexes lie by default, and what was found out about the runtimes of this machine.
 * @throws Error that says how to choose another
 */
export function storageFolder(): string {
  const base =
    process.platform === 'win32'
      ? (process.env['LOCALAPPDATA'] ?? path.join(os.homedir(), 'AppData', 'Local'))
      : process.platform === 'darwin'
        ? path.join(os.homedir(), 'Library', 'Caches')
        : // An empty or relative one is to be ignored (XDG Base Directory Specification).
          path.isAbsolute(process.env['XDG_CACHE_HOME'] ?? '')
          ? (process.env['XDG_CACHE_HOME'] as string)
          : path.join(os.homedir(), '.cache');
  const folder = path.join(base, 'latent-lens');
  try {
    fs.mkdirSync(folder, { recursive: true });
    fs.accessSync(folder, fs.constants.W_OK);
  } catch (error) {
    const variable = process.platform === 'win32' ? 'LOCALAPPDATA' : 'XDG_CACHE_HOME';
    const advice = process.platform === 'darwin' ? '' : `; set ${variable} to a folder that can`;
    throw new Error(`the cache folder ${folder} can't be written (${codeOf(error)})${advice}`, { cause: error });
  }
  return folder;
}

/** `native` on the command line means native or an error: a benchmark must not measure another runtime unawares. */
export function checkRuntime(args: CliArguments, chosen: string, reasons: readonly string[]): void {
  if (args.runtime === 'native' && !chosen.startsWith('native')) throw new Error(reasons.join(' '));
}

/**
 * Opens a folder's index, brings it up to date, and gives it to the work.
 * @throws Error when there is no such folder, Interruption when the person stops it
 */
export function withFolder(
  args: CliArguments,
  work: (session: FolderSession, report: IndexReport) => Promise<void>,
): Promise<void> {
  return withSpace(args, true, async (session) => {
    const report = await session.space.index(true);
    return () => work(session, report);
  });
}

/** Opens a folder's index as it is, empty where there is none, and gives it to the work. @throws as `withFolder` */
export function withStoredFolder(args: CliArguments, work: (session: FolderSession) => Promise<void>): Promise<void> {
  return withSpace(args, false, (session) => Promise.resolve(() => work(session)));
}

/** @param prepare is shown as progress, what it returns writes to the terminal */
async function withSpace(
  args: CliArguments,
  refresh: boolean,
  prepare: (session: FolderSession) => Promise<() => Promise<void>>,
): Promise<void> {
  const folder = existingFolder(args.positionals[0]);
  const name = path.basename(folder) || folder;
  const storeFile = args.store === undefined ? undefined : namedStore(args.store);
  const progress = new ProgressLine();
  progress.show('Starting…');
  const service = new EngineService({
    assetsFolder,
    storageFolder: storageFolder(),
    version: packageVersion(),
    storeFile,
    // Maps are kept beside their store: two stores of one folder have two maps.
    mapsFolder: storeFile === undefined ? undefined : `${storeFile}.maps`,
  });
  service.onEvent((event) => {
    if (event.type === 'state' && event.state.progress !== undefined)
      progress.show(describeProgress(event.state.progress));
    // Errors come as errors.
    else if (event.type === 'log' && event.level === 'warn') progress.tell(event.message);
  });
  let space: Space | undefined;
  try {
    await service.start({ runtime: args.runtime, threads: args.threads, nodePath: '' });
    const { runtime, steppedDown } = service.info();
    checkRuntime(args, runtime, steppedDown);
    watchSignals();
    const spec = { uri: pathToFileURL(folder).href, path: folder, name };
    space = service.openSpace([{ folder: spec, settings: { ...settings, chunking: args.chunking } }], refresh);
    const work = await unlessInterrupted(prepare({ service, space, spaceId: space.id, name }));
    progress.clear();
    await unlessInterrupted(work());
  } finally {
    progress.clear();
    await service.close();
    const { reason } = interruptionSignal as { reason?: unknown };
    if (space !== undefined && reason instanceof Interruption && reason.exitCode > 0)
      progress.tell(
        `stopped; ${counted(space.folderList[0].open.index.fileCount, 'file')} of ${name} are in the index, run it again to go on.`,
      );
  }
}
