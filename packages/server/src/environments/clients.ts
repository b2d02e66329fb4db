import { cache, type Db, type Services } from '../core/index.ts';
import { addressOf, type Client, type Environment, type EnvironmentKind } from './schema.ts';
import type { Settings } from './setting-fields.ts';
import { findClientById, findClientOf, listVisibleClients } from './store.ts';

/** Anything else is no id of ours and is not worth a look in the database, whose text cannot even hold a U+0000. */
export const possibleId = /^[\w.-]{1,128}$/;

/** Under `client <id>` and `environment <id>`. Null: there is no such thing. */
const clients = cache<Client | null>({ max: 2000 });
const visible = cache<readonly Client[]>({ max: 1 });

export type EnvironmentWithClient = Environment & { readonly client: Client };

const withClient = (client: Client): EnvironmentWithClient => ({ ...client.environment, client });

/**
 * Client ids are public and compared as they are (RFC 6749 section 2.2). Null when nobody has this one, and for a request
 * that came by an environment's own domain when it is another environment's.
 */
export async function findClient(services: AtHost, clientId: string): Promise<Client | null> {
  if (!possibleId.test(clientId)) return null;
  const { db } = services;
  const client = await clients.get(db, `client ${clientId}`, () => findClientById(db, clientId));
  return client && isShownHere(services, client.environment.id) ? client : null;
}

type AtHost = Pick<Services, 'db' | 'hostEnvironmentId'>;

/** Whether the host that was asked may show something of that environment: one's own domain shows nothing of others. */
export const isShownHere = (
  { hostEnvironmentId }: Pick<Services, 'hostEnvironmentId'>,
  environmentId: string,
): boolean => hostEnvironmentId === null || hostEnvironmentId === environmentId;

/** @returns null when there is no such environment; hidden ones are found too */
export async function findEnvironment(
  { db }: Pick<Services, 'db'>,
  environmentId: string,
): Promise<EnvironmentWithClient | null> {
  if (!possibleId.test(environmentId)) return null;
  const client = await clients.get(db, `environment ${environmentId}`, () => findClientOf(db, environmentId));
  return client && withClient(client);
}

/** @throws {Error} when it is unknown: the id comes from a tenant, so that is a fault of ours */
export async function getEnvironment(
  services: Pick<Services, 'db'>,
  environmentId: string,
): Promise<EnvironmentWithClient> {
  const environment = await findEnvironment(services, environmentId);
  if (!environment) throw new Error(`There is no environment ${environmentId}.`);
  return environment;
}

/** Inside a transaction, where the environment may be as new as the transaction itself. */
export async function getEnvironmentKind(tx: Db, environmentId: string): Promise<EnvironmentKind> {
  const client = await findClientOf(tx, environmentId);
  if (!client) throw new Error(`There is no environment ${environmentId}.`);
  return client.environment.kind;
}

/** Where people reach the environment's pages, as this transaction sees it: for links that are mailed. */
export async function getAddress({ config }: Pick<Services, 'config'>, tx: Db, environmentId: string): Promise<string> {
  const client = await findClientOf(tx, environmentId);
  if (!client) throw new Error(`There is no environment ${environmentId}.`);
  return addressOf(config, client.environment);
}

/** The same for what it is set to: never older than what this transaction sees. */
export async function getSettings(tx: Db, environmentId: string): Promise<Settings> {
  const client = await findClientOf(tx, environmentId);
  if (!client) throw new Error(`There is no environment ${environmentId}.`);
  return client.environment.settings;
}

/** Where a hosted page belongs that nothing else places: to the domain's environment, else to the oldest one. */
export const firstEnvironment = async (services: AtHost): Promise<EnvironmentWithClient | null> =>
  (await listShownEnvironments(services))[0] ?? null;

/** Those that pages at this host may be of, oldest first. Remembered, as every page may ask. */
export async function listShownEnvironments({
  db,
  hostEnvironmentId,
}: AtHost): Promise<readonly EnvironmentWithClient[]> {
  if (hostEnvironmentId === null)
    return (await visible.get(db, 'visible', () => listVisibleClients(db))).map(withClient);
  const environment = await findEnvironment({ db }, hostEnvironmentId);
  return environment ? [environment] : [];
}

/** Those people may see, oldest first. */
export async function listEnvironments({ db }: Pick<Services, 'db'>): Promise<EnvironmentWithClient[]> {
  return (await listVisibleClients(db)).map(withClient);
}

/** Once the change in `tx` is durable this node reads it again; the others within `cacheTtlMs`. */
export function forgetClient(
  { db }: Pick<Services, 'db'>,
  tx: Db,
  client: { clientId: string; environmentId: string },
): void {
  tx.afterCommit(() => {
    clients.forget(db, `client ${client.clientId}`);
    clients.forget(db, `environment ${client.environmentId}`);
    visible.forgetAll(db);
  });
}
