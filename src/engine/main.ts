/** Entry of the engine process: one argument, JSON, from the window that starts it. */
import * as os from 'node:os';
import { EngineServer, type ServerOptions } from './engineServer';
import { EngineService } from './engineService';
import { LeaseHeldError } from './lease';

interface EngineArguments extends ServerOptions {
  assetsFolder: string;
}

/**
 * Below normal, so that what the person does comes first; threads and processes that the engine starts inherit it. Windows
 * knows steps only, elsewhere a smaller one leaves the engine a third of a processor that another process wants for itself.
 */
const backgroundPriority = process.platform === 'win32' ? os.constants.priority.PRIORITY_BELOW_NORMAL : 5;

async function main(): Promise<void> {
  try {
    os.setPriority(backgroundPriority);
  } catch {
    // Not allowed here: then it runs as everything else.
  }
  const options = JSON.parse(process.argv[2] ?? '{}') as EngineArguments;
  const server = new EngineServer(new EngineService(options), options);
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => void server.close());
  await server.listen();
}

main().catch((error: unknown) => {
  // Another engine was faster: that is how two windows that start at once end up with one.
  if (!(error instanceof LeaseHeldError)) console.error(error);
  process.exitCode = 1;
});
