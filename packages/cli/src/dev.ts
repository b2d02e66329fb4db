import { spawn } from 'node:child_process';
import { parseArgs } from 'node:util';
import type { DevServerOptions, RunningServer } from '@authkit/server';
import { screen } from './screen.ts';
import { UsageError } from './usage-error.ts';
import { warningsAt } from './warnings.ts';

export const devHelp = `Options of authkit dev
  --port 4100              0 takes a free one
  --host 127.0.0.1
  --public-url URL         where browsers and apps reach it, when a proxy or a tunnel stands in front
  --data-dir .authkit      where it keeps its data; keys are stable per directory
  --ephemeral              keep nothing
  --seed FILE              redirect URIs, users and settings of the first start (JSON or YAML)
  --json                   one line of JSON on stdout when ready, everything else on stderr
  --open                   open the dashboard in the browser
  --api-key sk_test_…      instead of the derived one
  --client-id client_…     instead of the derived one

DATABASE_URL=postgres://… uses PostgreSQL instead of the embedded database. LOG_LEVEL sets what is logged (warn).
OUTBOUND_NETWORKS=10.0.0.0/8,… names private networks that mail servers and identity providers may be in; this machine's
own when it is not set and no public URL is given.
`;

const logLevels = ['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace'];

/** Starts the platform and stays until it is told to end. */
export async function dev(args: readonly string[]): Promise<void> {
  const { options, seedFile, isJson, isOpen } = readOptions(args);
  for (const warning of warningsAt(process.env, options.publicUrl)) process.stderr.write(`authkit: ${warning}\n`);
  // Loaded when the options are right: a help text or a typing mistake need not wait for a server.
  const { startDevServer } = await import('@authkit/server');
  const seed = seedFile === undefined ? null : (await import('./seed-file.ts')).readSeedFile(seedFile);
  // Database, key and logs hold what is nobody else's business on this machine.
  process.umask(0o077);
  const server = await startDevServer({ ...options, seed });
  endOnSignal(server);
  surviveFaults(server);
  if (isJson) process.stdout.write(`${JSON.stringify(described(server))}\n`);
  else process.stdout.write(screen(server));
  if (isOpen) openInBrowser(server.dashboardUrl);
}

/** The one line of `--json`: its names are stable, tools depend on them. */
function described(server: RunningServer): Record<string, string | null> {
  const { url, dashboardUrl, mailboxUrl, environmentId, dataDir, identity } = server;
  return {
    url,
    dashboardUrl,
    mailboxUrl,
    apiKey: identity.apiKey.reveal(),
    clientId: identity.clientId,
    environmentId,
    dataDir,
  };
}

interface DevCommand {
  readonly options: DevServerOptions;
  readonly seedFile: string | undefined;
  readonly isJson: boolean;
  readonly isOpen: boolean;
}

function readOptions(args: readonly string[]): DevCommand {
  const values = parse(args);
  if (values.help) {
    process.stdout.write(devHelp);
    process.exit(0);
  }
  if (values.ephemeral && values['data-dir'] !== undefined)
    throw new UsageError('--ephemeral keeps nothing, so it cannot be used with --data-dir.');
  return {
    seedFile: values.seed,
    isJson: values.json,
    isOpen: values.open,
    options: {
      port: portOf(values.port),
      host: values.host,
      publicUrl: values['public-url'] === undefined ? undefined : originOf(values['public-url']),
      dataDir: values.ephemeral ? null : (values['data-dir'] ?? '.authkit'),
      databaseUrl: process.env.DATABASE_URL || undefined,
      outboundNetworks: networksOf(process.env.OUTBOUND_NETWORKS),
      apiKey: checked(
        '--api-key',
        values['api-key'],
        /^sk_[A-Za-z0-9_-]{9,253}$/,
        'sk_ and at least nine letters, digits, _ or -',
      ),
      clientId: checked(
        '--client-id',
        values['client-id'],
        /^client_[A-Za-z0-9_]{1,64}$/,
        'client_ and letters, digits or _',
      ),
      logLevel: logLevelOf(process.env.LOG_LEVEL || 'warn'),
    },
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        port: { type: 'string', default: '4100' },
        host: { type: 'string', default: '127.0.0.1' },
        'public-url': { type: 'string' },
        'data-dir': { type: 'string' },
        ephemeral: { type: 'boolean', default: false },
        seed: { type: 'string' },
        json: { type: 'boolean', default: false },
        open: { type: 'boolean', default: false },
        'api-key': { type: 'string' },
        'client-id': { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values;
  } catch (error) {
    // As a clone is started: there `authkit` is not on the PATH.
    throw new UsageError(`${mistakeOf(error)} See: npm start -- --help`);
  }
}

/** Node's sentences advise how to pass a name that starts with a dash, which nobody wanted to here. */
function mistakeOf(error: unknown): string {
  const { code, message } = error as { code?: string; message: string };
  const name = /'([^', ]*)/.exec(message)?.[1] ?? '';
  if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') return `There is no option '${name}'.`;
  if (code === 'ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL') return `'${name}' is not an option, and only options are taken.`;
  if (/does not take an argument/.test(message)) return `The option '${name}' takes no value.`;
  return `The option '${name}' needs a value.`;
}

function portOf(text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port;
  throw new UsageError(`'${text}' is not a port. Use a number from 0 to 65535.`);
}

/** Everything is served at the root of one origin, as the SDKs know no path before theirs. */
function originOf(text: string): string {
  const url = URL.parse(text);
  if (url && /^https?:$/.test(url.protocol) && [url.origin, `${url.origin}/`].includes(text.toLowerCase()))
    return url.origin;
  throw new UsageError(`'${text}' is no public URL. Use scheme, host and port alone, such as https://auth.example.com`);
}

function logLevelOf(level: string): string {
  if (logLevels.includes(level)) return level;
  throw new UsageError(`LOG_LEVEL '${level}' is not one of ${logLevels.join(', ')}.`);
}

/** Set and empty: none. */
const networksOf = (list: string | undefined): string[] | undefined =>
  list?.split(',').flatMap((network) => network.trim() || []);

function checked(option: string, value: string | undefined, form: RegExp, description: string): string | undefined {
  if (value === undefined || form.test(value)) return value;
  throw new UsageError(`'${option}' must be ${description}.`);
}

/** npm passes on the Ctrl-C that the terminal sent us too, so one key press can arrive twice. */
const sameKeyPressMs = 1000;

/** The first signal ends it in order, within thirty seconds; a later one is a person who does not want to wait. */
function endOnSignal(server: RunningServer): void {
  let endingSince: number | null = null;
  const end = (): void => {
    if (endingSince !== null && Date.now() - endingSince > sameKeyPressMs) process.exit(130);
    if (endingSince !== null) return;
    endingSince = Date.now();
    server.close().then(
      () => process.exit(0),
      (error) => {
        process.stderr.write(`authkit: ${String(error)}\n`);
        process.exit(1);
      },
    );
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, end);
  // Started by a program over an IPC channel, a test run for one: killed, it cannot tell us, and nobody else would end us.
  if (process.connected) process.once('disconnect', end);
}

/** The last resort (ASVS 16.5.4): a fault nobody expected ends up in the log, not in everybody's sign-in. */
function surviveFaults({ services }: RunningServer): void {
  for (const event of ['uncaughtException', 'unhandledRejection'] as const)
    process.on(event, (error: unknown) => services.log.error({ err: error }, 'A fault that nothing handled'));
}

function openInBrowser(url: string): void {
  const [command, ...args] =
    process.platform === 'darwin' ? ['open'] : process.platform === 'win32' ? ['cmd', '/c', 'start', ''] : ['xdg-open'];
  const child = spawn(command ?? 'xdg-open', [...args, url], { stdio: 'ignore', detached: true });
  child.on('error', () => process.stderr.write(`Open ${url} yourself: no browser could be started from here.\n`));
  child.unref();
}
