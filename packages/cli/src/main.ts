/** `authkit`: reads the command, runs it, and turns what goes wrong into one line and an exit code. */
import { dev, devHelp } from './dev.ts';
import { UsageError } from './usage-error.ts';

const help = `authkit, the identity platform you run yourself

  authkit dev [options]    start it on this machine, with everything ready to use
  authkit --help           this text
  authkit --version        the version

${devHelp}`;

const [command, ...rest] = process.argv.slice(2);

try {
  if (command === 'dev') await dev(rest);
  else if (command === '--version' || command === '-v')
    process.stdout.write(`${(await import('@authkit/server')).versionOf()}\n`);
  else if (command === undefined || command === '--help' || command === '-h') process.stdout.write(help);
  else throw new UsageError(`There is no command '${command}'. Try: authkit dev`);
} catch (error) {
  process.stderr.write(`authkit: ${error instanceof Error ? explain(error) : String(error)}\n`);
  process.exit(error instanceof UsageError ? 64 : 1);
}

/** Ours is one line already; anything else is a fault, and its stack is what somebody needs to mend it. */
function explain(error: Error): string {
  return error.name === 'StartError' || error instanceof UsageError ? error.message : (error.stack ?? error.message);
}
