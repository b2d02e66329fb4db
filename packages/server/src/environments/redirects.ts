import { cache, EntityNotFound, InvalidRequestParameters, type Services, type Tenant } from '../core/index.ts';
import { recordChange } from './changes.ts';
import { DefaultRedirectInUse, RedirectUriExists } from './errors.ts';
import { findMatch, type RedirectMatch } from './redirect-match.ts';
import { checkRegistration, type RegistrationPolicy } from './redirect-rules.ts';
import {
  countRedirects,
  deleteRedirectRow,
  findDefaultRedirect,
  findRedirect,
  insertRedirect,
  listRedirectsOf,
  moveDefault,
} from './redirects.store.ts';
import type { Client, Environment, RedirectList, RedirectRow } from './schema.ts';
import { takeClient } from './store.ts';

/** What a list's entries are called in messages. */
const redirectNames = {
  redirect_uris: { title: 'Redirect URI', inText: 'redirect URI' },
  sign_out_redirects: { title: 'Sign-out redirect', inText: 'sign-out redirect' },
} as const;

const known = cache<readonly RedirectRow[]>({ max: 2000 });
const keyOf = (applicationId: string, list: RedirectList): string => `${list} ${applicationId}`;

export const policyOf = ({ kind, settings }: Pick<Environment, 'kind' | 'settings'>): RegistrationPolicy => ({
  kind,
  strict: settings.strictRedirects,
});

const entryOf = ({ id, uri, isDefault }: RedirectRow) => ({ id, uri, default: isDefault });

/** @throws {InvalidRequestParameters} with every problem the rules name */
function assertRegistrable(uri: string, policy: RegistrationPolicy): void {
  const registration = checkRegistration(uri, policy);
  if (registration.allowed) return;
  throw new InvalidRequestParameters(registration.problems.map((found) => ({ ...found, field: 'uri' })));
}

/**
 * Adds an address to a list. The first one that can be the default becomes it.
 *
 * @throws {InvalidRequestParameters | RedirectUriExists}
 */
export function registerRedirect(
  services: Services,
  tenant: Tenant,
  list: RedirectList,
  uri: string,
): Promise<RedirectRow> {
  const at = services.now();
  return services.db.transaction(async (tx) => {
    const client = await takeClient(tx, tenant, at);
    assertRegistrable(uri, policyOf(client.environment));
    const isDefault = !uri.includes('*') && !(await findDefaultRedirect(tx, client, list));
    const row = await insertRedirect(tx, tenant, list, { applicationId: client.applicationId, uri, isDefault }, at);
    if (!row) throw new RedirectUriExists(redirectNames[list].title, uri);
    await recordChange(services, tx, tenant, list, { before: null, after: entryOf(row) });
    tx.afterCommit(() => forgetRedirects(services, client.applicationId, list));
    return row;
  });
}

/**
 * Takes an address off a list. The default redirect URI stays, as the published contract says. The default sign-out
 * redirect can go when it is the only one: having none is a choice.
 *
 * @throws {EntityNotFound | DefaultRedirectInUse}
 */
export function removeRedirect(services: Services, tenant: Tenant, list: RedirectList, id: string): Promise<void> {
  return services.db.transaction(async (tx) => {
    await takeClient(tx, tenant, services.now());
    const row = await findRedirect(tx, tenant, list, id);
    if (!row) throw new EntityNotFound(redirectNames[list].title, id);
    const mayGo = list === 'sign_out_redirects' && (await countRedirects(tx, tenant, list)) === 1;
    if (row.isDefault && !mayGo) throw new DefaultRedirectInUse(redirectNames[list].inText);
    await deleteRedirectRow(tx, tenant, list, id);
    await recordChange(services, tx, tenant, list, { before: entryOf(row), after: null });
    tx.afterCommit(() => forgetRedirects(services, row.applicationId, list));
  });
}

/** @throws {EntityNotFound | InvalidRequestParameters} the latter for a wildcard, which is no address to send anybody to */
export function makeDefault(services: Services, tenant: Tenant, list: RedirectList, id: string): Promise<RedirectRow> {
  const at = services.now();
  return services.db.transaction(async (tx) => {
    const client = await takeClient(tx, tenant, at);
    const row = await findRedirect(tx, tenant, list, id);
    if (!row) throw new EntityNotFound(redirectNames[list].title, id);
    if (row.isDefault) return row;
    assertRegistrable(row.uri, { ...policyOf(client.environment), asDefault: true });
    const replaced = await findDefaultRedirect(tx, client, list);
    const before = { default: replaced?.uri ?? null };
    await recordChange(services, tx, tenant, list, { before, after: { default: row.uri } });
    tx.afterCommit(() => forgetRedirects(services, row.applicationId, list));
    return moveDefault(tx, tenant, list, row, at);
  });
}

function forgetRedirects({ db }: Pick<Services, 'db'>, applicationId: string, list: RedirectList): void {
  known.forget(db, keyOf(applicationId, list));
}

/** What the client has registered, oldest first; remembered for a few seconds. */
export function knownRedirects(
  { db }: Pick<Services, 'db'>,
  client: Client,
  list: RedirectList,
): Promise<readonly RedirectRow[]> {
  return known.get(db, keyOf(client.applicationId, list), () => listRedirectsOf(db, client, list));
}

/** The entry that covers a `redirect_uri` exactly as sent, and what a code sent there asks for. Null: refuse. */
export async function matchRedirectUri(
  services: Pick<Services, 'db'>,
  client: Client,
  presented: string,
): Promise<RedirectMatch<RedirectRow> | null> {
  return findMatch(await knownRedirects(services, client, 'redirect_uris'), presented);
}

/** Whether a sign-out may end at this address. */
export async function matchSignOutRedirect(
  services: Pick<Services, 'db'>,
  client: Client,
  presented: string,
): Promise<boolean> {
  return findMatch(await knownRedirects(services, client, 'sign_out_redirects'), presented) !== null;
}

export const defaultRedirectUri = (services: Pick<Services, 'db'>, client: Client): Promise<string | null> =>
  defaultOf(services, client, 'redirect_uris');

/** Every registered one; some hold a wildcard. */
export const listRedirectUris = async (services: Pick<Services, 'db'>, client: Client): Promise<readonly string[]> =>
  (await knownRedirects(services, client, 'redirect_uris')).map(({ uri }) => uri);

export const defaultSignOutRedirect = (services: Pick<Services, 'db'>, client: Client): Promise<string | null> =>
  defaultOf(services, client, 'sign_out_redirects');

async function defaultOf(services: Pick<Services, 'db'>, client: Client, list: RedirectList): Promise<string | null> {
  const rows = await knownRedirects(services, client, list);
  return rows.find(({ isDefault }) => isDefault)?.uri ?? null;
}
