import { type Db, json, newId, sql, type Tenant } from '../core/index.ts';
import type { Client, EnvironmentKind } from './schema.ts';
import { type Settings, type SignInSettings, type SignUpNames, signInPart } from './setting-fields.ts';
import { defaultSettings } from './settings-defaults.ts';

interface ClientRow {
  readonly environmentId: string;
  readonly environmentName: string;
  readonly kind: EnvironmentKind;
  readonly isHidden: boolean;
  readonly isEmailVerificationRequired: boolean;
  readonly signUpNames: SignUpNames;
  readonly accessTokenSeconds: number;
  readonly sessionIdleSeconds: number;
  readonly sessionMaxSeconds: number;
  readonly hasStrictRedirects: boolean;
  readonly signIn: Partial<SignInSettings>;
  readonly applicationId: string;
  readonly applicationName: string;
  readonly clientId: string;
  readonly signInEndpoint: string | null;
  readonly domain: string | null;
}

const toClient = (row: ClientRow): Client => ({
  clientId: row.clientId,
  applicationId: row.applicationId,
  applicationName: row.applicationName,
  signInEndpoint: row.signInEndpoint,
  environment: {
    id: row.environmentId,
    name: row.environmentName,
    kind: row.kind,
    isHidden: row.isHidden,
    domain: row.domain,
    settings: {
      ...defaultSettings(row.kind),
      ...row.signIn,
      requireEmailVerification: row.isEmailVerificationRequired,
      signUpNames: row.signUpNames,
      accessTokenSeconds: row.accessTokenSeconds,
      sessionIdleSeconds: row.sessionIdleSeconds,
      sessionMaxSeconds: row.sessionMaxSeconds,
      strictRedirects: row.hasStrictRedirects,
    },
  },
});

const selectClients = sql`
  select e.id as environment_id, e.name as environment_name, e.kind, e.is_hidden, e.is_email_verification_required,
    e.sign_up_names, e.access_token_seconds, e.session_idle_seconds, e.session_max_seconds, e.has_strict_redirects,
    e.sign_in_json,
    a.id as application_id, a.name as application_name, a.client_id, a.sign_in_endpoint, d.name as domain
  from applications a join environments e on e.id = a.environment_id
    left join custom_domains d on d.environment_id = e.id and d.state = 'active'`;

/** Whatever environment it belongs to: a client id is how an unauthenticated request says which one it means. */
export async function findClientById(db: Db, clientId: string): Promise<Client | null> {
  const row = await db.maybeOne(sql<ClientRow>`${selectClients} where a.client_id = ${clientId}`);
  return row && toClient(row);
}

/** The environment's application. There is one for now; the oldest speaks for the environment. */
export async function findClientOf(db: Db, environmentId: string): Promise<Client | null> {
  const row = await db.maybeOne(
    sql<ClientRow>`${selectClients} where a.environment_id = ${environmentId} order by a.created_at, a.id limit 1`,
  );
  return row && toClient(row);
}

/** One client of every environment people may see, the oldest environment first. */
export async function listVisibleClients(db: Db): Promise<Client[]> {
  const rows = await db.all(sql<ClientRow>`
    ${selectClients}
    where e.is_hidden = 0 and a.id = (
      select b.id from applications b where b.environment_id = e.id order by b.created_at, b.id limit 1)
    order by e.created_at, e.id`);
  return rows.map(toClient);
}

export async function insertEnvironment(
  db: Db,
  environment: { id: string; name: string; kind: EnvironmentKind; isHidden: boolean; settings: Settings },
  at: Date,
): Promise<void> {
  const { id, name, kind, isHidden, settings } = environment;
  await db.run(sql`
    insert into environments (
      id, name, kind, is_hidden, is_email_verification_required, sign_up_names, access_token_seconds,
      session_idle_seconds, session_max_seconds, has_strict_redirects, sign_in_json, is_checklist_dismissed,
      created_at, updated_at)
    values (
      ${id}, ${name}, ${kind}, ${isHidden}, ${settings.requireEmailVerification}, ${settings.signUpNames},
      ${settings.accessTokenSeconds}, ${settings.sessionIdleSeconds}, ${settings.sessionMaxSeconds},
      ${settings.strictRedirects}, ${json(signInPart(settings))}, 0, ${at}, ${at})`);
}

/** @returns null when somebody has that client id already */
export async function insertApplication(
  db: Db,
  tenant: Tenant,
  application: { name: string; clientId: string; signInEndpoint: string | null },
  at: Date,
): Promise<{ id: string } | null> {
  return db.maybeOne(sql<{ id: string }>`
    insert into applications (id, environment_id, name, client_id, sign_in_endpoint, created_at, updated_at)
    values (${newId('application', at)}, ${tenant.environmentId}, ${application.name}, ${application.clientId},
      ${application.signInEndpoint}, ${at}, ${at})
    on conflict (client_id) do nothing
    returning id`);
}

/**
 * The environment's client, held until the transaction ends: whoever changes its lists or settings takes it first, so
 * that "the first becomes the default" and "not beside a wildcard" are decided one after the other. A plain read would
 * not wait on PostgreSQL, and SQLite has no `for update`; a write does both.
 */
export async function takeClient(tx: Db, tenant: Tenant, at: Date): Promise<Client> {
  await tx.run(sql`update applications set updated_at = ${at} where environment_id = ${tenant.environmentId}`);
  const client = await findClientOf(tx, tenant.environmentId);
  if (!client) throw new Error(`The environment ${tenant.environmentId} has no application.`);
  return client;
}

export async function writeApplication(
  db: Db,
  tenant: Tenant,
  {
    applicationId,
    applicationName,
    signInEndpoint,
  }: Pick<Client, 'applicationId' | 'applicationName' | 'signInEndpoint'>,
): Promise<void> {
  await db.run(sql`
    update applications set name = ${applicationName}, sign_in_endpoint = ${signInEndpoint}
    where environment_id = ${tenant.environmentId} and id = ${applicationId}`);
}

export async function writeSettings(db: Db, tenant: Tenant, settings: Settings, at: Date): Promise<void> {
  await db.run(sql`
    update environments set
      is_email_verification_required = ${settings.requireEmailVerification}, sign_up_names = ${settings.signUpNames},
      access_token_seconds = ${settings.accessTokenSeconds}, session_idle_seconds = ${settings.sessionIdleSeconds},
      session_max_seconds = ${settings.sessionMaxSeconds}, has_strict_redirects = ${settings.strictRedirects},
      sign_in_json = ${json(signInPart(settings))}, updated_at = ${at}
    where id = ${tenant.environmentId}`);
}
