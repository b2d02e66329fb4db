import {
  type Db,
  type FieldError,
  InvalidRequestParameters,
  outboundFault,
  type Services,
  type Tenant,
} from '../core/index.ts';
import { recordChange } from './changes.ts';
import { forgetClient } from './clients.ts';
import { listRedirectsOf } from './redirects.store.ts';
import { type Client, toApplication } from './schema.ts';
import { type Settings, toSettings } from './setting-fields.ts';
import { settingBounds } from './settings-defaults.ts';
import { checkSignInEndpoint } from './sign-in-endpoint.ts';
import { takeClient, writeApplication, writeSettings } from './store.ts';

/** What is wrong with the settings as a whole: bounds, and durations that contradict each other. */
export function checkSettings(settings: Settings): readonly FieldError[] {
  return [
    ...outOfBounds('access_token_seconds', settings.accessTokenSeconds, settingBounds.accessTokenSeconds),
    ...outOfBounds('session_idle_seconds', settings.sessionIdleSeconds, settingBounds.sessionIdleSeconds),
    ...outOfBounds('session_max_seconds', settings.sessionMaxSeconds, settingBounds.sessionMaxSeconds),
    ...contradictions(settings),
    ...addressFaults('password_reset_url', settings.passwordResetUrl, 'a link in a mail shows it to everybody'),
    ...addressFaults(
      'leaked_password_service_url',
      settings.leakedPasswordServiceUrl,
      'everybody who may read settings sees it',
    ),
  ];
}

/** Something is added to it, by us and by nobody else: what stands before the host or behind a `#` is in the way. */
function addressFaults(field: string, address: string | null, why: string): FieldError[] {
  const url = address === null ? null : new URL(address);
  const found: FieldError[] = [];
  if (url && (url.username !== '' || url.password !== '')) {
    found.push({
      code: `${field}_userinfo`,
      message: `'${field}' must not carry a name or password before the host: ${why}. Leave out what stands before '@'.`,
      field,
    });
  }
  if (url?.href.includes('#')) {
    found.push({
      code: `${field}_fragment`,
      message: `'${field}' must not have a fragment: it never reaches a server. Leave out '#' and what follows.`,
      field,
    });
  }
  return found;
}

function outOfBounds(field: string, value: number, { min, max }: { min: number; max: number }): FieldError[] {
  if (value >= min && value <= max) return [];
  return [{ code: `${field}_out_of_range`, message: `'${field}' must be between ${min} and ${max} seconds.`, field }];
}

function contradictions({ accessTokenSeconds, sessionIdleSeconds, sessionMaxSeconds }: Settings): FieldError[] {
  const found: FieldError[] = [];
  if (sessionIdleSeconds > sessionMaxSeconds) {
    found.push({
      code: 'session_idle_exceeds_max',
      message: "'session_idle_seconds' cannot be longer than 'session_max_seconds'.",
      field: 'session_idle_seconds',
    });
  }
  // Clients refresh when the access token has expired; by then every such session would have idled out.
  if (accessTokenSeconds > sessionIdleSeconds) {
    found.push({
      code: 'access_token_exceeds_session_idle',
      message:
        "'access_token_seconds' cannot be longer than 'session_idle_seconds': sessions would end before they are refreshed.",
      field: 'access_token_seconds',
    });
  }
  return found;
}

/** @throws {InvalidRequestParameters} */
export async function updateSettings(
  services: Services,
  tenant: Tenant,
  changes: Partial<Settings>,
): Promise<Settings> {
  const outOfReach = await serviceOutOfReach(services, changes);
  return services.db.transaction(async (tx) => {
    const client = await takeClient(tx, tenant, services.now());
    const settings = { ...client.environment.settings, ...withoutAbsent(changes) };
    const problems = [
      ...checkSettings(settings),
      ...outOfReach,
      ...resetPageInTheOpen(client, settings),
      ...(await wildcardsInTheWay(tx, client, settings)),
    ];
    if (problems.length > 0) throw new InvalidRequestParameters(problems);
    await writeSettings(tx, tenant, settings, services.now());
    const before = toSettings(client.environment.settings);
    await recordChange(services, tx, tenant, 'settings', { before, after: toSettings(settings) });
    forgetClient(services, tx, { clientId: client.clientId, environmentId: tenant.environmentId });
    return settings;
  });
}

/** What was not sent stays as it is. */
const withoutAbsent = (changes: Partial<Settings>): Partial<Settings> =>
  Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));

/** Each call would be refused, and every password be taken as if there were no service. */
async function serviceOutOfReach(
  services: Services,
  { leakedPasswordServiceUrl: address }: Partial<Settings>,
): Promise<FieldError[]> {
  const fault = address ? await outboundFault(services, address) : null;
  if (fault === null) return [];
  const field = 'leaked_password_service_url';
  const advice = 'It begins with https:// and has port 443 or 8443; only in OUTBOUND_NETWORKS will others do.';
  return [
    {
      code: `${field}_unreachable`,
      message: `'${field}' is no address that this server calls: ${fault} ${advice}`,
      field,
    },
  ];
}

/** The link carries a secret that sets a password: in production it does not travel in the open. */
function resetPageInTheOpen({ environment }: Client, { passwordResetUrl }: Settings): FieldError[] {
  if (environment.kind !== 'production' || !passwordResetUrl || new URL(passwordResetUrl).protocol === 'https:')
    return [];
  return [
    {
      code: 'password_reset_url_insecure',
      message: `'${passwordResetUrl}' must begin with https:// in production.`,
      field: 'password_reset_url',
    },
  ];
}

/** Turning the switch must not quietly disable a working address, nor leave one that the switch promises is gone. */
async function wildcardsInTheWay(tx: Db, client: Client, settings: Settings): Promise<FieldError[]> {
  if (!settings.strictRedirects || client.environment.settings.strictRedirects) return [];
  const lists = [
    await listRedirectsOf(tx, client, 'redirect_uris'),
    await listRedirectsOf(tx, client, 'sign_out_redirects'),
  ];
  const wildcards = lists.flat().filter(({ uri }) => uri.includes('*'));
  return wildcards.map(({ uri }) => ({
    code: 'strict_redirects_wildcard',
    message: `Delete '${uri}' first: strict redirects allow no wildcard.`,
    field: 'strict_redirects',
  }));
}

/**
 * @param changes.signInEndpoint - null takes it away
 * @throws {InvalidRequestParameters}
 */
export async function updateApplication(
  services: Services,
  tenant: Tenant,
  changes: { readonly name?: string; readonly signInEndpoint?: string | null },
): Promise<Pick<Client, 'applicationName' | 'signInEndpoint'>> {
  return services.db.transaction(async (tx) => {
    const client = await takeClient(tx, tenant, services.now());
    const { signInEndpoint = client.signInEndpoint, name = client.applicationName } = changes;
    const problems = changes.signInEndpoint ? checkSignInEndpoint(changes.signInEndpoint, client.environment.kind) : [];
    if (problems.length > 0) throw new InvalidRequestParameters(problems);
    const application = { applicationName: name, signInEndpoint };
    await writeApplication(tx, tenant, { applicationId: client.applicationId, ...application });
    const change = { before: toApplication(client), after: toApplication(application) };
    await recordChange(services, tx, tenant, 'application', change);
    forgetClient(services, tx, { clientId: client.clientId, environmentId: tenant.environmentId });
    return application;
  });
}
