import {
  bareUlid,
  type Db,
  type FieldError,
  InvalidRequestParameters,
  newId,
  type Services,
  systemTenant,
  type Tenant,
} from '../core/index.ts';
import { forgetClient, possibleId } from './clients.ts';
import { checkCorsOrigin } from './cors-origin-rules.ts';
import { insertCorsOrigin } from './cors-origins.store.ts';
import { forgetOrigin } from './cors-origins.ts';
import { ClientIdTaken } from './errors.ts';
import { checkRegistration, type RegistrationPolicy } from './redirect-rules.ts';
import { insertRedirect } from './redirects.store.ts';
import { policyOf } from './redirects.ts';
import type { EnvironmentKind, RedirectList } from './schema.ts';
import type { Settings } from './setting-fields.ts';
import { checkSettings } from './settings.ts';
import { defaultSettings } from './settings-defaults.ts';
import { checkSignInEndpoint } from './sign-in-endpoint.ts';
import { insertApplication, insertEnvironment } from './store.ts';

interface NewRedirect {
  readonly uri: string;
  /** At most one of a list. When none says so, the first that can be the default is it. */
  readonly isDefault?: boolean;
}

export interface NewEnvironment {
  /** Drawn when not given. */
  readonly id?: string;
  readonly name: string;
  readonly kind: EnvironmentKind;
  /** Built in: it appears in no list, and its addresses are ours, so they are not held to its kind's rules. */
  readonly isHidden?: boolean;
  readonly applicationName: string;
  /** Drawn when not given. */
  readonly clientId?: string;
  readonly redirectUris?: readonly NewRedirect[];
  readonly signOutRedirects?: readonly NewRedirect[];
  readonly corsOrigins?: readonly string[];
  readonly signInEndpoint?: string | null;
  readonly settings?: Partial<Settings>;
}

/**
 * A new environment with its application and everything the application registers: all of it, or nothing.
 *
 * @throws {InvalidRequestParameters} naming everything in it that the rules refuse
 * @throws {ClientIdTaken}
 */
export async function createEnvironment(
  services: Pick<Services, 'db' | 'now'>,
  tx: Db,
  wanted: NewEnvironment,
): Promise<{ environmentId: string; clientId: string }> {
  const at = services.now();
  const settings = { ...defaultSettings(wanted.kind), ...wanted.settings };
  const problems = problemsOf(wanted, settings);
  if (problems.length > 0) throw new InvalidRequestParameters(problems);

  const { name, kind, isHidden = false, clientId = `client_${bareUlid(at)}`, signInEndpoint = null } = wanted;
  const environmentId = wanted.id ?? newId('environment', at);
  await insertEnvironment(tx, { id: environmentId, name, kind, isHidden, settings }, at);
  const tenant = systemTenant(environmentId);
  const application = await insertApplication(
    tx,
    tenant,
    { name: wanted.applicationName, clientId, signInEndpoint },
    at,
  );
  if (!application) throw new ClientIdTaken(clientId);
  await addRedirects(tx, tenant, application.id, 'redirect_uris', wanted.redirectUris ?? [], at);
  await addRedirects(tx, tenant, application.id, 'sign_out_redirects', wanted.signOutRedirects ?? [], at);
  for (const origin of new Set(wanted.corsOrigins)) {
    const row = await insertCorsOrigin(tx, tenant, { applicationId: application.id, origin }, at);
    if (row) tx.afterCommit(() => forgetOrigin(services, row));
  }
  forgetClient(services, tx, { clientId, environmentId });
  return { environmentId, clientId };
}

function problemsOf(wanted: NewEnvironment, settings: Settings): readonly FieldError[] {
  const always = [...clientIdProblems(wanted.clientId), ...checkSettings(settings)];
  if (wanted.isHidden) return always;
  const policy = policyOf({ kind: wanted.kind, settings });
  return [
    ...always,
    ...redirectProblems('redirect_uris', wanted.redirectUris ?? [], policy),
    ...redirectProblems('sign_out_redirects', wanted.signOutRedirects ?? [], policy),
    ...(wanted.corsOrigins ?? []).flatMap((origin) => corsProblems(origin, wanted.kind)),
    ...(wanted.signInEndpoint ? checkSignInEndpoint(wanted.signInEndpoint, wanted.kind) : []),
  ];
}

function clientIdProblems(clientId: string | undefined): FieldError[] {
  if (clientId === undefined || possibleId.test(clientId)) return [];
  const message = 'A client ID has at most 128 letters, digits, dots, hyphens and underscores.';
  return [{ code: 'client_id_invalid', message, field: 'client_id' }];
}

function redirectProblems(
  list: RedirectList,
  entries: readonly NewRedirect[],
  policy: RegistrationPolicy,
): FieldError[] {
  const found = entries.flatMap(({ uri, isDefault }) => {
    const registration = checkRegistration(uri, { ...policy, asDefault: isDefault ?? false });
    if (registration.allowed) return [];
    return registration.problems.map(({ code, message }) => ({ code, message: `${uri}: ${message}`, field: list }));
  });
  if (entries.filter(({ isDefault }) => isDefault).length > 1) {
    found.push({
      code: 'default_ambiguous',
      message: `Mark one of '${list}' as the default, not several.`,
      field: list,
    });
  }
  return found;
}

function corsProblems(origin: string, kind: EnvironmentKind): FieldError[] {
  const check = checkCorsOrigin(origin, { kind });
  if (check.allowed) return [];
  return check.problems.map(({ code, message }) => ({ code, message: `${origin}: ${message}`, field: 'cors_origins' }));
}

async function addRedirects(
  tx: Db,
  tenant: Tenant,
  applicationId: string,
  list: RedirectList,
  entries: readonly NewRedirect[],
  at: Date,
): Promise<void> {
  const byDefault = entries.find(({ isDefault }) => isDefault) ?? entries.find(({ uri }) => !uri.includes('*'));
  for (const entry of entries) {
    await insertRedirect(tx, tenant, list, { applicationId, uri: entry.uri, isDefault: entry === byDefault }, at);
  }
}
