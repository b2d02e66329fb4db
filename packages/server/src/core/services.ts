import type { Clock } from './clock.ts';
import type { Config } from './config.ts';
import type { ResolveAddresses, ResolveTxt } from './dns.ts';
import type { Jobs } from './jobs.ts';
import type { Logger } from './log.ts';
import type { Database, Db } from './sql/index.ts';
import type { Tenant } from './tenant.ts';
import type { Vault } from './vault.ts';

/**
 * What a later room does when an earlier one records an event: it runs in the same transaction, so that a deleted
 * user's sessions are gone when the deletion is acknowledged.
 */
export interface Reaction {
  readonly event: string;
  react(services: Services, tx: Db, tenant: Tenant, data: Readonly<Record<string, unknown>>): Promise<void>;
}

/** What the outside world gives a request: arguments, so that a test can give others. `Pick` the ones you use. */
export interface Services {
  readonly db: Database;
  readonly clock: Clock;
  readonly now: () => Date;
  readonly vault: Vault;
  readonly log: Logger;
  readonly config: Config;
  readonly jobs: Jobs;
  readonly reactions: readonly Reaction[];
  readonly resolveTxt: ResolveTxt;
  readonly resolveAddresses: ResolveAddresses;
  /** The environment whose own domain the request came by: nothing of another one is shown there. Null elsewhere. */
  readonly hostEnvironmentId: string | null;
}
