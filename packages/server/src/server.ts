import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ApiKeyTaken } from './api-keys/index.ts';
import { createApp, reactions } from './app.ts';
import { type Closing, closeAll } from './closing.ts';
import {
  ApiError,
  type Config,
  createJobs,
  createLogger,
  type Database,
  developerUrl,
  type FieldError,
  isLoopbackUrl,
  isNetwork,
  localNetworks,
  MovableClock,
  type ResolveAddresses,
  type ResolveTxt,
  resolveAddresses,
  resolveTxt,
  type Services,
  Vault,
  vaultKey,
} from './core/index.ts';
import { openDataDir } from './data-dir.ts';
import { type DevIdentity, devIdentity, type Seed, setUpDevelopment } from './dev/index.ts';
import { firstEnvironment } from './environments/index.ts';
import { keepHouseRegularly } from './keep-house.ts';
import { canReadKeys } from './keys/index.ts';
import { listen, publicHost } from './listen.ts';
import { mailboxTransport, registerMail } from './mail/index.ts';
import { migrated, openDatabase } from './open-database.ts';
import { hasOwner, setupUrl } from './operators/index.ts';
import { StartError } from './start-error.ts';
import { versionOf } from './version.ts';

export interface DevServerOptions {
  /** 0 takes a free one. */
  readonly port: number;
  /** Where to listen; `127.0.0.1` listens on `::1` too where there is one. */
  readonly host: string;
  /** Scheme, host and port where browsers and apps reach it, when something stands in front. Default: where it listens. */
  readonly publicUrl?: string | undefined;
  /** Null: nothing is kept. */
  readonly dataDir: string | null;
  /** `postgres://…` instead of the embedded database. Without a data directory the tables live in a schema that goes away. */
  readonly databaseUrl?: string | undefined;
  /** One that is open already, instead of either. It is closed at the end, and keeps its tables. */
  readonly database?: Database | undefined;
  readonly apiKey?: string | undefined;
  readonly clientId?: string | undefined;
  readonly seed?: Seed | null;
  /** `silent`, `error`, `warn`, `info`, `debug`. */
  readonly logLevel?: string;
  /** Check every answer against its route; for tests. */
  readonly strictAnswers?: boolean;
  readonly stagingLimitFactor?: number;
  /** The encryption key of a server without a data directory; drawn when not given. */
  readonly encryptionKey?: Buffer;
  readonly dashboardDir?: string | null;
  readonly docsDir?: string | null;
  /** Where DNS is asked; the machine's name servers when not given. */
  readonly resolveTxt?: ResolveTxt;
  readonly resolveAddresses?: ResolveAddresses;
  /**
   * Networks besides the internet, in CIDR notation, that typed hosts may lead to. Default: those of this machine and
   * behind it, and none where a public URL says that others reach the server too.
   */
  readonly outboundNetworks?: readonly string[];
}

export interface RunningServer {
  readonly url: string;
  readonly dashboardUrl: string;
  readonly mailboxUrl: string;
  readonly environmentId: string;
  /** Null with `--ephemeral`. */
  readonly dataDir: string | null;
  readonly identity: DevIdentity;
  readonly hasOwner: boolean;
  readonly services: Services;
  readonly clock: MovableClock;
  /** Finishes what is under way, then closes. */
  close(): Promise<void>;
}

/**
 * Starts the platform with the conveniences of development: the ready-made environment, mailbox, clock and reset.
 *
 * @throws {StartError} with one line that says what to do
 */
export async function startDevServer(options: DevServerOptions): Promise<RunningServer> {
  const dataDir = options.dataDir === null ? null : openDataDir(options.dataDir);
  const closing: Closing = [() => dataDir?.close()];
  try {
    return await start(options, dataDir, closing);
  } catch (error) {
    await closeAll(closing).catch(() => {});
    throw error;
  }
}

async function start(
  options: DevServerOptions,
  dataDir: ReturnType<typeof openDataDir> | null,
  closing: Closing,
): Promise<RunningServer> {
  const clock = new MovableClock();
  const now = (): Date => clock.now();
  const db = await openDatabase(options, dataDir?.databaseFile ?? ':memory:', closing);
  await migrated(db, now);
  const vault = new Vault([vaultKey(dataDir?.encryptionKey ?? options.encryptionKey ?? randomBytes(32))]);
  const log = createLogger({ level: options.logLevel ?? 'warn' });
  const config = configOf(options);
  const jobs = createJobs({ db, now, vault, log });
  const services: Services = {
    db,
    clock,
    now,
    vault,
    log,
    config,
    jobs,
    reactions,
    resolveTxt: options.resolveTxt ?? resolveTxt,
    resolveAddresses: options.resolveAddresses ?? resolveAddresses,
    hostEnvironmentId: null,
  };
  if (!(await canReadKeys(services))) {
    throw new StartError(
      'This database was written with another encryption key. Start with the --data-dir it was first used with.',
    );
  }
  const identity = await setUpOnce(services, options);
  const setUp = (): Promise<void> => setUpDevelopment(services, identity, options.seed ?? null);
  registerMail(services, mailboxTransport(services));
  const app = await createApp(services, {
    clock,
    setUp,
    dataDir: dataDir?.path ?? null,
    keyHash: () => identity.apiKey.hash(),
  });
  closing.push(() => jobs.stop());
  const port = await listen(app, options, closing);
  const localUrl = `http://${publicHost(options.host)}:${port}`;
  const publicUrl = options.publicUrl ?? localUrl;
  Object.assign(config, { localUrl, publicUrl, serverUrl: publicUrl } satisfies Partial<Config>);
  dataDir?.announce(publicUrl);
  jobs.start();
  closing.push(keepHouseRegularly(services));
  const environment = await firstEnvironment(services);
  if (!environment) throw new Error('Set-up made no environment.');
  return {
    url: config.publicUrl,
    dashboardUrl: await setupUrl(services),
    mailboxUrl: `${developerUrl(config)}/dev/mailbox`,
    environmentId: environment.id,
    dataDir: dataDir?.path ?? null,
    identity: { ...identity, clientId: environment.client.clientId },
    hasOwner: await hasOwner(services),
    services,
    clock,
    close: () => closeAll(closing),
  };
}

/**
 * @returns by what the server is known. A derived key that an operator revoked stays revoked: the next one derived
 *   takes its place, at this start and at those to come
 * @throws {StartError} naming what the rules refuse
 */
async function setUpOnce(services: Services, options: DevServerOptions): Promise<DevIdentity> {
  for (let generation = 1; ; generation++) {
    const identity = devIdentity(services.vault, options, generation);
    try {
      await setUpDevelopment(services, identity, options.seed ?? null);
      return identity;
    } catch (error) {
      if (error instanceof ApiKeyTaken && options.apiKey === undefined) continue;
      throw error instanceof ApiError && error.status < 500 ? new StartError(`Refused: ${reasonsOf(error)}`) : error;
    }
  }
}

function reasonsOf({ message, extras }: ApiError): string {
  const errors = (extras.errors ?? []) as readonly FieldError[];
  const reasons = errors.map((error) => (error.field ? `${error.field}: ${error.message}` : error.message));
  return reasons.length > 0 ? reasons.join(' ') : message;
}

/** @throws {StartError} naming what is no network */
function networksOf({ outboundNetworks, publicUrl }: DevServerOptions): readonly string[] {
  const isAtHome = publicUrl === undefined || isLoopbackUrl(publicUrl);
  const networks = outboundNetworks ?? (isAtHome ? localNetworks : []);
  const wrong = networks.find((network) => !isNetwork(network));
  if (wrong === undefined) return networks;
  throw new StartError(`'${wrong}' is no network. Write them as 10.0.0.0/8,fd00::/8 in OUTBOUND_NETWORKS.`);
}

function configOf(options: DevServerOptions): Config {
  const built = fileURLToPath(new URL('../../../apps/dashboard/dist/', import.meta.url));
  const docs = fileURLToPath(new URL('../../../docs/', import.meta.url));
  return {
    mode: 'dev',
    publicUrl: '',
    serverUrl: '',
    localUrl: '',
    version: versionOf(),
    trustedProxies: 0,
    dashboardDir:
      options.dashboardDir === undefined
        ? existsSync(join(built, 'index.html'))
          ? built
          : null
        : options.dashboardDir,
    docsDir: options.docsDir === undefined ? (existsSync(docs) ? docs : null) : options.docsDir,
    outboundNetworks: networksOf(options),
    stagingLimitFactor: options.stagingLimitFactor ?? 100,
    strictAnswers: options.strictAnswers ?? false,
  };
}
