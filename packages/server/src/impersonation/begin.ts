import {
  after,
  type CookieToSet,
  minutes,
  newId,
  newSecret,
  type RequestInfo,
  type Secret,
  type Services,
  type Tenant,
} from '../core/index.ts';
import { getEnvironment } from '../environments/index.ts';
import { recordEvent } from '../events/index.ts';
import { getUser } from '../users/index.ts';
import { ImpersonationOff, NowhereToBegin } from './errors.ts';
import { dropOpenImpersonations, type ImpersonationRow, insertImpersonation } from './store.ts';

/** From the click in the dashboard to the page that asks once more. */
const waitMs = minutes(5);

/** One per environment: one origin serves many. */
export const impersonationCookieName = (environmentId: string): string =>
  `authkit-impersonation-${environmentId.slice('environment_'.length).toLowerCase()}`;

export const impersonationToken = (request: RequestInfo, { environmentId }: Tenant): string | null =>
  request.cookie(impersonationCookieName(environmentId)) || null;

export const impersonationCookie = ({ environmentId }: Tenant, token: Secret): CookieToSet => ({
  name: impersonationCookieName(environmentId),
  value: token.reveal(),
  maxAgeSeconds: waitMs / 1000,
});

export const clearedImpersonationCookie = ({ environmentId }: Tenant): CookieToSet => ({
  name: impersonationCookieName(environmentId),
  value: '',
});

export interface BegunImpersonation {
  readonly impersonation: ImpersonationRow;
  /** For this operator's browser, as a cookie: whoever has only the address gets nothing by it. */
  readonly token: Secret;
  /** Of the app, which starts the sign-in with its own state and PKCE. */
  readonly signInEndpoint: string;
}

/**
 * Lets an operator become a user once, within five minutes. What they asked for before and did not use is void.
 *
 * @throws {EntityNotFound | ImpersonationOff | NowhereToBegin}
 */
export async function beginImpersonation(
  services: Services,
  tenant: Tenant,
  userId: string,
  reason: string,
): Promise<BegunImpersonation> {
  const { settings, client } = await getEnvironment(services, tenant.environmentId);
  const user = await getUser(services.db, tenant, userId);
  if (!settings.impersonation) throw new ImpersonationOff();
  if (client.signInEndpoint === null) throw new NowhereToBegin();
  const at = services.now();
  const token = newSecret();
  const impersonation: ImpersonationRow = {
    id: newId('impersonation', at),
    environmentId: tenant.environmentId,
    userId: user.id,
    operatorId: tenant.actor.id,
    operatorEmail: tenant.actor.name ?? tenant.actor.id,
    reason,
    tokenHash: token.hash(),
    expiresAt: after(at, waitMs),
    redeemedAt: null,
    createdAt: at,
  };
  await services.db.transaction(async (tx) => {
    await dropOpenImpersonations(tx, tenant, impersonation.operatorId);
    await insertImpersonation(tx, impersonation);
    await recordEvent(services, tx, tenant, {
      name: 'impersonation.requested',
      data: { id: impersonation.id, user_id: user.id, email: impersonation.operatorEmail, reason },
      userId: user.id,
    });
  });
  return { impersonation, token, signInEndpoint: client.signInEndpoint };
}
