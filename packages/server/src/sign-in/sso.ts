/** Signing in at an organization's own identity provider: who is sent there, and what its answer says about somebody here. */
import { z } from 'zod';
import { introduceBySignOn, startOver } from '../attempts/index.ts';
import { type Reply, type RequestInfo, reply, type Services, type Tenant } from '../core/index.ts';
import { findOrganization, organizationOfAddress } from '../organizations/index.ts';
import {
  beginSsoTrip,
  type ConnectionRow,
  findActiveConnection,
  findConnection,
  hasActiveConnections,
  listActiveConnections,
  ProviderUnreachable,
  recordSignOn,
  type SignOnResult,
  type Wishes,
} from '../sso/index.ts';
import { say } from '../texts/index.ts';
import { findUserByEmail } from '../users/index.ts';
import { catchUp, learn } from './advance.ts';
import type { OpenAttempt } from './browser.ts';
import { goTo, takesPasswords } from './go-to.ts';
import { countSignUp } from './limits.ts';
import { offersMagicCode } from './magic-code.ts';
import { leavingPage, type Problem, type SignOnView } from './pages/index.ts';
import { invitationFault, signUpDoor } from './sign-up-door.ts';
import { attemptPage, formOf } from './view.ts';

/** The connection by which an organization's people sign in: its oldest, where it has several. */
export async function connectionOf(
  { db }: Pick<Services, 'db'>,
  tenant: Tenant,
  organizationId: string | null,
): Promise<ConnectionRow | null> {
  const [connection = null] = organizationId === null ? [] : await listActiveConnections(db, tenant, organizationId);
  return connection;
}

/**
 * The connection that signs in everybody with an address of that domain. It depends on the domain alone: whether somebody
 * has an account with the address changes nothing.
 */
export async function connectionForAddress(
  services: Pick<Services, 'db'>,
  tenant: Tenant,
  email: string,
): Promise<ConnectionRow | null> {
  return connectionOf(services, tenant, await organizationOfAddress(services.db, tenant, email));
}

/** As people know it: by whose it is. */
export const nameOfConnection = async (
  { db }: Pick<Services, 'db'>,
  tenant: Tenant,
  { organizationId, name }: ConnectionRow,
) => (await findOrganization(db, tenant, organizationId))?.name ?? name;

/** The button that leads to an organization's provider; null when it has none. */
export async function signOnView(
  services: Services,
  open: OpenAttempt,
  organizationId: string | null,
): Promise<SignOnView | null> {
  const connection = await connectionOf(services, open.tenant, organizationId);
  if (!connection) return null;
  return {
    ...formOf(open, '/sign-in/sso', 'sso'),
    connectionId: connection.id,
    provider: await nameOfConnection(services, open.tenant, connection),
  };
}

/** Where this sign-in goes on at a provider; null when it cannot be reached. */
export async function urlOfConnection(
  services: Services,
  { attempt, tenant, place }: OpenAttempt,
  connection: ConnectionRow,
  wishes: Wishes = {},
): Promise<URL | null> {
  const loginHint = attempt.email ?? attempt.request.loginHint;
  const asked = { loginHint, ...wishes, asksAgain: attempt.request.asksAgain };
  const { db } = services;
  const request = { ip: place.ipAddress, userAgent: place.userAgent };
  try {
    const url = await beginSsoTrip(services, tenant, connection, { kind: 'attempt', attemptId: attempt.id }, asked);
    const what = { status: 'started', email: attempt.email } as const;
    await db.transaction((tx) => recordSignOn(services, tx, tenant, connection, request, what));
    return url;
  } catch (error) {
    if (!(error instanceof ProviderUnreachable)) throw error;
    services.log.warn({ err: error, connectionId: connection.id }, 'An identity provider cannot be reached');
    return null;
  }
}

/** On to the provider after a form of ours. */
export async function leaveFor(services: Services, open: OpenAttempt, connection: ConnectionRow): Promise<Reply> {
  const url = await urlOfConnection(services, open, connection);
  if (!url) return backTo(open, connection, 'failed');
  // Only the simulated ones are at home here, and a redirect is enough.
  if (url.origin === new URL(services.config.publicUrl).origin) return reply.redirect(url.href, { status: 303 });
  const provider = await nameOfConnection(services, open.tenant, connection);
  return attemptPage(open, (view) => leavingPage({ ...view, provider, url: url.href }));
}

/** On to the provider of whoever owns the domain of that address; null when nobody has one. */
export async function leaveForAddress(services: Services, open: OpenAttempt, email: string): Promise<Reply | null> {
  const connection = await connectionForAddress(services, open.tenant, email);
  if (!connection) return null;
  const moved = await learn(services.db, open, { ...startOver(open.attempt), email });
  return moved ? leaveFor(services, moved, connection) : catchUp(services, open);
}

/** Whether an address leads anywhere: to a password, to a code, or to somebody's provider. */
export const takesAddresses = async (services: Services, open: OpenAttempt): Promise<boolean> =>
  takesPasswords(open) || offersMagicCode(open) || hasActiveConnections(services.db, open.tenant);

/** How a trip to a provider came to nothing. */
const returns = ['refused', 'failed', 'outside', 'off'] as const;
export type SignOnReturn = (typeof returns)[number];

/** In the address of the page that people come back to. */
export const signOnQuery = {
  sso: z.enum(returns).optional().catch(undefined),
  connection: z.string().max(64).optional().catch(undefined),
};

const messages = {
  refused: 'sso.turnedAway',
  failed: 'social.failed',
  outside: 'sso.outside',
  off: 'social.notOffered',
} as const;

export const backTo = ({ attempt }: OpenAttempt, { id }: Pick<ConnectionRow, 'id'>, reason: SignOnReturn): Reply =>
  goTo('/sign-in', attempt, { sso: reason, connection: id });

/** What the page that people come back to says. */
export async function signOnProblem(
  services: Services,
  { sso, connection: id = '' }: { readonly sso?: SignOnReturn | undefined; readonly connection?: string | undefined },
  { tenant }: OpenAttempt,
): Promise<Problem | null> {
  const connection = sso && (await findConnection(services.db, tenant, id));
  if (!sso || !connection) return null;
  return { message: say(messages[sso], { provider: await nameOfConnection(services, tenant, connection) }) };
}

/**
 * Writes down who came back from a provider.
 *
 * @returns the attempt with what was learned, null when another request was first, or why the person cannot go on
 * @throws {TooManyRequests} when this network has signed up too often
 */
export async function arriveBySignOn(
  services: Services,
  open: OpenAttempt,
  connection: ConnectionRow,
  { assertion }: Extract<SignOnResult, { outcome: 'identified' }>,
  request: RequestInfo,
): Promise<OpenAttempt | null | 'outside' | 'failed'> {
  const { attempt, tenant } = open;
  const { email } = assertion;
  const isStranger = email !== null && !(await findUserByEmail(services.db, tenant, email));
  if (isStranger) await countSignUp(services, open, request);
  const isWelcome = signUpDoor(open) === 'open' && email !== null;
  const maySignUp = isWelcome && (await invitationFault(services, open, email)) === null;
  return services.db.transaction(async (tx) => {
    // First of all it is nobody's: what is taken from somebody below must not be taken for a proof of theirs.
    const cleared = await learn(tx, open, startOver(attempt));
    if (!cleared) return null;
    // Switched off while the answer was on its way, it speaks for nobody.
    const active = await findActiveConnection(tx, tenant, connection.id);
    if (!active) return 'failed';
    const seen = { at: services.now(), attempt, maySignUp, connection: active, assertion };
    const learned = await introduceBySignOn(services, tx, tenant, seen);
    if (learned === 'outside') return 'outside';
    if (learned === 'no_email') return 'failed';
    const moved = await learn(tx, cleared, learned);
    if (moved) {
      const what = { status: 'succeeded', userId: learned.userId ?? null, email: learned.email ?? email } as const;
      await recordSignOn(services, tx, tenant, active, request, what);
    }
    return moved;
  });
}
