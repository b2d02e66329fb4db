import {
  after,
  answerUrl,
  minutes,
  newSecret,
  type Reply,
  type RequestInfo,
  reply,
  type Services,
} from '../core/index.ts';
import { findClient, matchRedirectUri } from '../environments/index.ts';
import { isOfOrganization } from '../organizations/index.ts';
import type { ConnectionRow } from './connection.ts';
import { RedirectGone } from './errors.ts';
import type { SignOnResult } from './exchange.ts';
import { insertGrant } from './grants.store.ts';
import { keepProfile } from './profiles.ts';
import { recordSignOn } from './record.ts';
import type { Purpose } from './trips.store.ts';
import { tenantOf } from './trips.ts';

/** As long as an authorization code of a sign-in. */
const codeMs = minutes(10);

interface Refusal {
  readonly code: string;
  readonly message: string;
}

/**
 * Back to the client of `/sso/authorize`, with a code or with what went wrong.
 *
 * @throws {RedirectGone} when its address was taken off the list meanwhile: nobody is sent there any more
 */
export async function answerClient(
  services: Services,
  connection: ConnectionRow,
  { clientId, redirectUri, state }: Extract<Purpose, { kind: 'client' }>,
  result: SignOnResult,
  request: RequestInfo,
): Promise<Reply> {
  const client = await findClient(services, clientId);
  if (!client || !(await matchRedirectUri(services, client, redirectUri))) {
    throw new RedirectGone({
      heading: 'errors.redirect',
      message: 'errors.redirectUnknown',
      advice: 'errors.goBackAndRetry',
      clientId,
    });
  }
  const answer = await codeOrError(services, connection, clientId, result, request);
  return reply.redirect(answerUrl(redirectUri, answer, state), { status: 303 });
}

async function codeOrError(
  services: Services,
  connection: ConnectionRow,
  clientId: string,
  result: SignOnResult,
  request: RequestInfo,
): Promise<Readonly<Record<string, string>>> {
  const tenant = tenantOf(connection);
  return services.db.transaction(async (tx): Promise<Readonly<Record<string, string>>> => {
    const email = result.outcome === 'identified' ? result.assertion.email : null;
    const isMember = email !== null && (await isOfOrganization(tx, tenant, connection.organizationId, email));
    const refusal = refusalOf(result, isMember);
    if (refusal || result.outcome !== 'identified') {
      const error = refusal ?? failed;
      await recordSignOn(services, tx, tenant, connection, request, { status: 'failed', email, error });
      return { error: error.code, error_description: error.message };
    }
    const profile = await keepProfile(services, tx, connection, result.assertion);
    await recordSignOn(services, tx, tenant, connection, request, { status: 'succeeded', email });
    const [code, at] = [newSecret(), services.now()];
    await insertGrant(tx, {
      tokenHash: code.hash(),
      kind: 'code',
      environmentId: tenant.environmentId,
      clientId,
      profileId: profile.id,
      redeemedAt: null,
      expiresAt: after(at, codeMs),
      createdAt: at,
    });
    return { code: code.reveal() };
  });
}

const failed: Refusal = { code: 'oauth_failed', message: 'The identity provider could not sign the person in.' };

function refusalOf(result: SignOnResult, isMember: boolean): Refusal | null {
  switch (result.outcome) {
    case 'refused':
      return { code: 'access_denied', message: 'The identity provider did not let the person in.' };
    case 'failed':
      return failed;
    case 'identified':
      if (result.assertion.email === null)
        return { code: 'oauth_failed', message: 'The identity provider named no email address.' };
      return isMember
        ? null
        : {
            code: 'profile_not_allowed_outside_organization',
            message: "The address is not of a domain that the connection's organization has verified.",
          };
  }
}
