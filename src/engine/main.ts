/** Entry of the engine process: one argument, JSON, from the window that starts it. */
import { EngineServer, type ServerOptions } from './engineServer';
import { EngineService } from './engineService';
import { LeaseHeldError } from './lease';

interface EngineArguments extends ServerOptions {
  assetsFolder: string;
}

async function main(): Promise<void> {
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
