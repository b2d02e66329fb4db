/** Rooms tested below HTTP, where a race or a stored value is the point, on every engine this run is about. */
import { describe } from 'node:test';
import {
  createJobs,
  createLogger,
  type Database,
  localNetworks,
  MovableClock,
  migrate,
  openPostgresql,
  openSqlite,
  type Services,
  Vault,
} from '../src/core/index.ts';
import { migratedPostgres } from './migrated-postgres.ts';
import { findPostgres, testedEngines } from './postgres.ts';

export interface TestServices extends Services, AsyncDisposable {
  readonly clock: MovableClock;
}

/** Defines the tests once per engine. `open` gives services on an empty database with every migration applied. */
export function onEachEngine(name: string, define: (open: () => Promise<TestServices>) => void): void {
  for (const engine of testedEngines()) {
    if (engine === 'postgresql' && !process.env.AUTHKIT_TEST_DATABASE_URL && !findPostgres()) continue;
    describe(`${name} (${engine})`, () => define(() => openServices(engine)));
  }
}

async function openServices(engine: 'sqlite' | 'postgresql'): Promise<TestServices> {
  const server = engine === 'postgresql' ? await migratedPostgres() : null;
  const db: Database = server ? openPostgresql(server.url) : openSqlite(':memory:');
  const clock = new MovableClock();
  const now = () => clock.now();
  await migrate(db, now);
  const vault = new Vault([{ id: '00', bytes: new Uint8Array(32).fill(7) }]);
  const log = createLogger({ level: 'silent' });
  return {
    db,
    clock,
    now,
    vault,
    log,
    jobs: createJobs({ db, now, vault, log }),
    reactions: [],
    resolveTxt: async () => [],
    resolveAddresses: async () => ['127.0.0.1'],
    hostEnvironmentId: null,
    config: {
      mode: 'dev',
      publicUrl: 'http://localhost:4100',
      serverUrl: 'http://localhost:4100',
      localUrl: 'http://localhost:4100',
      version: 'test',
      trustedProxies: 0,
      dashboardDir: null,
      docsDir: null,
      outboundNetworks: localNetworks,
      stagingLimitFactor: 100,
      strictAnswers: true,
    },
    async [Symbol.asyncDispose]() {
      await db.close();
      await server?.giveBack();
    },
  };
}
