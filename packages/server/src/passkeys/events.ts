import type { Db, RequestInfo, Services, Tenant } from '../core/index.ts';
import { recordEvent } from '../events/index.ts';
import { findUser, type UserRow } from '../users/index.ts';
import { type PasskeyRow, toWire } from './schema.ts';

type Browser = Pick<RequestInfo, 'ip' | 'userAgent'>;

/** Why a passkey proved nothing, for the operator. */
const messages = {
  passkey_unreadable: 'What the browser sent is not a signature by a passkey.',
  passkey_challenge_expired: 'The answer came too late, twice, or from another browser than was asked.',
  passkey_unknown: 'No user of this environment has this passkey.',
  passkey_of_another_user: 'The passkey belongs to somebody else.',
  passkey_invalid: 'The signature does not fit the passkey, this host or the question.',
  passkey_counter_went_back: 'The passkey’s counter did not move on: there may be a copy of it.',
} as const;

export interface Failure {
  readonly code: keyof typeof messages;
  /** The one it claims to be by, where there is one. */
  readonly passkey: PasskeyRow | null;
  /** What the authenticator counted, where that is the matter. */
  readonly counter?: number;
}

const dataOf = ({ ip, userAgent }: Browser, status: 'succeeded' | 'failed', user: UserRow | null) => ({
  type: 'passkey',
  status,
  ip_address: ip,
  user_agent: userAgent,
  user_id: user?.id ?? null,
  email: user?.email ?? null,
});

export const recordSuccess = (services: Services, tx: Db, tenant: Tenant, browser: Browser, user: UserRow) =>
  recordEvent(services, tx, tenant, {
    name: 'authentication.passkey_succeeded',
    data: dataOf(browser, 'succeeded', user),
    userId: user.id,
  });

export async function recordFailure(
  services: Services,
  tx: Db,
  tenant: Tenant,
  browser: Browser,
  { code, passkey, counter }: Failure,
): Promise<void> {
  const user = passkey && (await findUser(tx, tenant, passkey.userId));
  await recordEvent(services, tx, tenant, {
    name: 'authentication.passkey_failed',
    data: { ...dataOf(browser, 'failed', user), error: { code, message: messages[code] } },
    userId: user?.id ?? null,
  });
  if (code !== 'passkey_counter_went_back' || !passkey) return;
  await recordEvent(services, tx, tenant, {
    name: 'passkey.counter_went_back',
    data: { ...toWire(passkey), counter: passkey.counter, presented_counter: counter ?? null },
    userId: passkey.userId,
  });
}
