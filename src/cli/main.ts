/** Entry of the command line: parses, runs one command, and turns errors into one sentence and an exit code. */
import { telemetryVariable } from '../shared/childEnvironment';
import { parseArguments, type CliArguments, type CommandName } from './arguments';
import { check } from './commands/check';
import { embed } from './commands/embed';
import { folders } from './commands/folders';
import { index } from './commands/index';
import { map } from './commands/map';
import { neighbors } from './commands/neighbors';
import { project } from './commands/project';
import { report } from './commands/report';
import { search } from './commands/search';
import { segment } from './commands/segment';
import { why } from './commands/why';
import { packageVersion } from './folderSession';
import { Interruption, watchOutput } from './interruption';
import { usage, UsageError } from './usage';

const commands: Record<CommandName, (args: CliArguments) => Promise<void>> = {
  embed,
  index,
  search,
  neighbors,
  check,
  segment,
  folders,
  map,
  project,
  why,
  report,
};

async function main(): Promise<void> {
  process.env[telemetryVariable] = '1';
  watchOutput();
  const argv = process.argv.slice(2);
  const args = parseArguments(argv.length === 1 && argv[0] === 'help' ? ['--help'] : argv);
  if (args.version) process.stdout.write(`${packageVersion()}\n`);
  else if (args.command === undefined) process.stdout.write(`${usage}\n`);
  else await commands[args.command](args);
}

main().catch((error: unknown) => {
  if (error instanceof Interruption) {
    process.exitCode = error.exitCode;
    return;
  }
  const message = error instanceof Error ? error.message : String(error);
  const end = /[.!?]$/u.test(message) ? '' : '.';
  const advice = error instanceof UsageError ? ' See latent-lens --help.' : '';
  process.stderr.write(`latent-lens: ${message}${end}${advice}\n`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
});
