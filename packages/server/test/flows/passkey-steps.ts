/** Passkeys for journeys that are about something else: made below the pages, on the running server's own services. */
import assert from 'node:assert/strict';
import { systemTenant } from '../../src/core/index.ts';
import { findClient } from '../../src/environments/index.ts';
import {
  acceptAssertion,
  type PasskeyRow,
  registerPasskey,
  startAuthentication,
  startRegistration,
  verifyAssertion,
} from '../../src/passkeys/index.ts';
import { getUser } from '../../src/users/index.ts';
import type { Lies, SoftAuthenticator } from '../authenticator.ts';
import type { TestServer } from '../harness.ts';

const holder = 'attempt_of_a_test';
const request = { ip: '192.0.2.1', userAgent: 'test' };

/** Gives a user of the first environment a passkey in this authenticator. */
export async function givePasskey(
  { running: { services }, clientId, environmentId }: TestServer,
  userId: string,
  authenticator: SoftAuthenticator,
  lies?: Lies,
): Promise<PasskeyRow> {
  const tenant = systemTenant(environmentId);
  const client = (await findClient(services, clientId)) ?? assert.fail();
  const user = await getUser(services.db, tenant, userId);
  const asked = { client, user, holder, authenticatedAt: services.now() };
  const credential = authenticator.create(await startRegistration(services, tenant, asked), lies);
  const registration = await registerPasskey(services, tenant, { user, holder, credential, request }, async () => true);
  return registration.outcome === 'registered' ? registration.passkey : assert.fail(registration.outcome);
}

/** Signs with it. @returns whether it counts */
export async function usePasskey(
  { running: { services }, environmentId }: TestServer,
  authenticator: SoftAuthenticator,
  lies?: Lies,
): Promise<boolean> {
  const tenant = systemTenant(environmentId);
  const options = await startAuthentication(services, tenant, { holder, userId: null });
  const credential = authenticator.get(options, lies);
  const assertion = await verifyAssertion(services, tenant, { credential, holder, request });
  if (!assertion) return false;
  return services.db.transaction((tx) => acceptAssertion(services, tenant, tx, assertion, request));
}
