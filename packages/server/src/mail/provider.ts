import type { z } from 'zod';
import {
  type Db,
  HostRefused,
  InvalidRequestParameters,
  resolveOutbound,
  type Services,
  type Tenant,
} from '../core/index.ts';
import { recordChange } from '../environments/index.ts';
import { retryFailed } from './failures.ts';
import { type ProviderInput, type ProviderRow, toProviderWire } from './provider.schema.ts';
import { findProvider, removeProvider, writeProvider } from './provider.store.ts';

export type WantedProvider = z.output<typeof ProviderInput>;

/** Where mail servers take mail from programs (RFC 6409, RFC 8314), and what providers offer beside. */
const mailPorts = new Set([25, 465, 587, 2465, 2525, 2587]);

export const placeOfPassword = ({ environmentId }: Tenant): string => `mail_providers/${environmentId}`;

/**
 * Keeps how an environment sends its mail. Mails that could not leave so far are tried again at once.
 *
 * A password is kept only for the server and the user it was entered for: whoever may change the settings must not be
 * able to have it sent to a server of their own.
 *
 * @throws {InvalidRequestParameters}
 */
export async function saveProvider(services: Services, tenant: Tenant, wanted: WantedProvider): Promise<ProviderRow> {
  await assertMayDial(services, wanted);
  return services.db.transaction(async (tx) => {
    const before = await findProvider(tx, tenant);
    const at = services.now();
    const after = await writeProvider(tx, tenant, {
      preset: wanted.preset,
      host: wanted.host,
      port: wanted.port,
      security: wanted.security,
      username: wanted.username ?? null,
      sealedPassword: passwordOf(services, tenant, wanted, before),
      fromAddress: wanted.from_address,
      fromName: wanted.from_name ?? null,
      replyTo: wanted.reply_to ?? null,
      isEnabled: wanted.enabled,
      createdAt: before?.createdAt ?? at,
      updatedAt: at,
    });
    await recordProvider(services, tx, tenant, before, after);
    await retryFailed(services, tx, tenant);
    return after;
  });
}

/** Forgets it, password and all: mail leaves as the server sends it. @returns whether there was one */
export function deleteProvider(services: Services, tenant: Tenant): Promise<boolean> {
  return services.db.transaction(async (tx) => {
    const before = await removeProvider(tx, tenant);
    if (!before) return false;
    await recordProvider(services, tx, tenant, before, null);
    await retryFailed(services, tx, tenant);
    return true;
  });
}

function passwordOf(
  { vault }: Services,
  tenant: Tenant,
  { host, port, security, username, password }: WantedProvider,
  before: ProviderRow | null,
): string | null {
  if (!username) return null;
  if (password) return vault.seal(password, placeOfPassword(tenant));
  const isSameLogin =
    before?.host === host && before.port === port && before.username === username && before.security === security;
  if (isSameLogin && before.sealedPassword) return before.sealedPassword;
  throw new InvalidRequestParameters([
    { code: 'password_required', message: 'Enter the password: server or user name are new.', field: 'password' },
  ]);
}

/** @throws {InvalidRequestParameters} */
async function assertMayDial(services: Services, { host, port, security }: WantedProvider): Promise<void> {
  const refuse = (field: string, code: string, message: string): never => {
    throw new InvalidRequestParameters([{ code, message, field }]);
  };
  const found = await resolveOutbound(services, host).catch((error: unknown) => {
    if (!(error instanceof HostRefused)) throw error;
    return refuse('host', `host_${error.reason}`, error.message);
  });
  if (found.isLocal) return;
  if (!mailPorts.has(port)) {
    refuse('port', 'port_not_for_mail', `Port ${port} is not one for mail. Use ${[...mailPorts].join(', ')}.`);
  }
  if (security === 'none') {
    refuse('security', 'security_required', 'On the internet mails and the password need TLS. Choose TLS or STARTTLS.');
  }
}

async function recordProvider(
  services: Services,
  tx: Db,
  tenant: Tenant,
  before: ProviderRow | null,
  after: ProviderRow | null,
): Promise<void> {
  const wire = (row: ProviderRow | null) => toProviderWire(row, false).provider;
  await recordChange(services, tx, tenant, 'mail_provider', { before: wire(before), after: wire(after) });
}
