/** Entry of the command line: parses, runs one command, and turns errors into one sentence and an exit code. */
import { parseArguments, type CliArguments } from './arguments';
import { check } from './commands/check';
import { embed } from './commands/embed';
import { index } from './commands/index';
import { map } from './commands/map';
import { neighbors } from './commands/neighbors';
import { project } from './commands/project';
import { search } from './commands/search';
import { packageVersion } from './folderSession';
import { usage, UsageError } from './usage';

const commands: Record<string, (args: CliArguments) => Promise<void>> = {
  embed,
  index,
  search,
  neighbors,
  check,
  map,
  project,
};

async function main(): Promise<void> {
  const args = parseArguments(process.argv.slice(2));
  if (args.version) {
    process.stdout.write(`${packageVersion()}\n`);
    return;
  }
  if (args.help || args.command === undefined) {
    process.stdout.write(`${usage}\n`);
    if (!args.help) throw new UsageError('a command is missing');
    return;
  }
  const command = Object.hasOwn(commands, args.command) ? commands[args.command] : undefined;
  if (command === undefined) throw new UsageError(`there is no command "${args.command}"`);
  await command(args);
}

// A reader that has seen enough (`| head`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
});

main().catch((error: unknown) => {
  if (error instanceof UsageError) {
    process.stderr.write(`latent-lens: ${error.message}. See latent-lens --help.\n`);
    process.exitCode = 2;
  } else {
    process.stderr.write(`latent-lens: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
});
