/** Sign-ins that go on at the API: attempts that a pending authentication token leads back to. */
import {
  type Attempt,
  accountOf,
  beginAttempt,
  findAccount,
  findAttempt,
  findPendingAttempt,
  finishAttempt,
  joinOrganizations,
  type KnownAccount,
  type Learned,
  membershipOf,
  nextStep,
  plainRequest,
  rotateSecret,
  type Step,
  saveAttempt,
} from '../attempts/index.ts';
import { type Db, newSecret, type Services, sha256 } from '../core/index.ts';
import {
  findOpenInvitation,
  fitsAddress,
  InvitationCannotBeUsedForEmail,
  InvitationInvalid,
} from '../organizations/index.ts';
import { deviceOfApp, noteDevice } from '../radar/index.ts';
import {
  authenticatedAtOf,
  authenticationMethodOf,
  recordSignIn,
  refreshToken,
  type SessionRow,
} from '../sessions/index.ts';
import { lockUser, noteSignIn } from '../users/index.ts';
import { beginSession } from './begin-session.ts';
import type { AuthenticatedClient } from './client-authentication.ts';
import { InvalidPendingAuthenticationToken } from './errors.ts';
import type { EndUser, Granted } from './grants/grant.ts';
import { providerTokens } from './provider-tokens.ts';
import { stepUpOf } from './step-ups.ts';

/** Begins a sign-in at the API with what its first grant has proved. */
export async function beginPending(
  services: Services,
  tx: Db,
  { client }: AuthenticatedClient,
  { codeSentAt: _, ...learned }: Learned,
  request: { readonly invitationId?: string | null } = {},
): Promise<Attempt> {
  const wanted = { ...plainRequest, ...request, destination: { kind: 'api' } } as const;
  return (await beginAttempt(services, tx, client, wanted, learned)).attempt;
}

/**
 * The invitation a grant brings along. It is accepted once everything else is proved.
 *
 * @param email - that is about to be proved; null when it is not known yet. Whether the invitation is for it follows from
 *   these two alone, and so the answer tells nothing of accounts
 * @throws {InvitationInvalid} {@link InvitationCannotBeUsedForEmail} before anything is tried, so that a code sent with it
 *   stays good
 */
export async function invitationIdOf(
  { db, now }: Pick<Services, 'db' | 'now'>,
  { tenant }: AuthenticatedClient,
  token: string | null | undefined,
  email: string | null = null,
): Promise<string | null> {
  if (!token) return null;
  const invitation = await findOpenInvitation({ db, now }, tenant, token);
  if (!invitation) throw new InvitationInvalid();
  if (email !== null && !fitsAddress(invitation, email)) throw new InvitationCannotBeUsedForEmail();
  return invitation.id;
}

interface Continuation {
  /** The steps this grant answers; any other step that is due refuses it. */
  readonly steps: readonly Step[];
  /**
   * Checks what was presented, and says what it proves. A refusal that must be counted is returned, not thrown: what
   * throws is rolled back.
   */
  readonly prove: (tx: Db, pending: Attempt, account: KnownAccount) => Promise<Learned | { readonly refuse: Error }>;
}

/**
 * One step of a sign-in at the API.
 *
 * @throws {InvalidPendingAuthenticationToken} when the token is unknown, another client's, used, expired, or for another
 *   step
 */
export async function continuePending(
  services: Services,
  { client, tenant }: AuthenticatedClient,
  token: string,
  { steps, prove }: Continuation,
): Promise<Attempt> {
  const moved = await services.db.transaction(async (tx): Promise<Attempt | { readonly refuse: Error }> => {
    const invalid = new InvalidPendingAuthenticationToken(token);
    const row = await findPendingAttempt(tx, tenant, sha256(token));
    if (row?.request.destination.kind !== 'api' || row.clientId !== client.clientId) return { refuse: invalid };
    if (row.finishedAt || row.expiresAt <= services.now() || row.userId === null) return { refuse: invalid };
    const { secretHash: _, ...attempt } = row;
    const user = await lockUser(tx, tenant, row.userId);
    if (!user) return { refuse: invalid };
    // Whoever held the user before may have answered this step meanwhile; from here on nobody else does.
    if ((await findAttempt(tx, row.id))?.version !== row.version) return { refuse: invalid };
    const account = await accountOf(tx, tenant, user, attempt.proven);
    if (!steps.includes(nextStep(attempt, account, client.environment.settings))) return { refuse: invalid };
    const learned = await prove(tx, attempt, account);
    if ('refuse' in learned) return learned;
    // A first proof of the address makes every sign-in of the account forget what it had, this one too.
    const { version } = (await findAttempt(tx, row.id)) ?? attempt;
    const next = { ...attempt, ...learned, version };
    return (await saveAttempt(tx, next)) ? { ...next, version: next.version + 1 } : { refuse: invalid };
  });
  if ('refuse' in moved) throw moved.refuse;
  return moved;
}

/**
 * The sign-in of a code that was exchanged before it was finished.
 *
 * @param handedOver.invitationId - that came with the code; null leaves the sign-in with the one it began with, if any
 */
export async function proceedHandedOver(
  services: Services,
  caller: AuthenticatedClient,
  { attemptId, invitationId }: { readonly attemptId: string; readonly invitationId: string | null },
  endUser: EndUser,
): Promise<Granted> {
  const row = await findAttempt(services.db, attemptId);
  if (row?.request.destination.kind !== 'api' || row.environmentId !== caller.tenant.environmentId) {
    throw new InvalidPendingAuthenticationToken('');
  }
  const { secretHash: _, ...attempt } = row;
  if (invitationId === null) return proceed(services, caller, attempt, endUser);
  // What is written with the next step. It may have made its memberships already, and this is one more to make.
  const { joined: __, ...answers } = attempt.answers;
  const invited = { ...attempt, answers, request: { ...attempt.request, invitationId } };
  if (!(await saveAttempt(services.db, invited))) throw new InvalidPendingAuthenticationToken('');
  return proceed(services, caller, { ...invited, version: invited.version + 1 }, endUser);
}

/**
 * Tokens when nothing is missing, otherwise the step that is due.
 *
 * @throws the step-up, with a new pending authentication token: the one before works no more
 */
export async function proceed(
  services: Services,
  caller: AuthenticatedClient,
  attempt: Attempt,
  endUser: EndUser,
): Promise<Granted> {
  const { client, tenant } = caller;
  const account = await findAccount(services, tenant, attempt);
  const step = nextStep(attempt, account, client.environment.settings);
  if (account === null) throw new InvalidPendingAuthenticationToken('');
  if (step === 'join') return proceed(services, caller, await join(services, caller, attempt, account), endUser);
  if (step === 'complete') {
    const session = await complete(services, caller, attempt, endUser);
    if (!session) throw new InvalidPendingAuthenticationToken('');
    return {
      session,
      refreshToken: refreshToken(services.vault, session.environmentId, session.id, 0),
      providerTokens: await providerTokens(services, tenant, session, { attemptId: attempt.id }),
    };
  }
  const token = newSecret();
  if (!(await rotateSecret(services.db, tenant, attempt, token.hash())))
    throw new InvalidPendingAuthenticationToken('');
  throw await stepUpOf(services, caller, { attempt, account, step, token });
}

async function join(
  services: Services,
  { tenant }: AuthenticatedClient,
  attempt: Attempt,
  account: KnownAccount,
): Promise<Attempt> {
  const moved = await services.db.transaction(async (tx) => {
    const next = { ...attempt, ...(await joinOrganizations(services, tx, tenant, attempt, account)) };
    return (await saveAttempt(tx, next)) ? { ...next, version: next.version + 1 } : null;
  });
  if (!moved) throw new InvalidPendingAuthenticationToken('');
  return moved;
}

/** Ends the attempt and starts the session, unless something changed underneath. */
function complete(
  services: Services,
  { client, tenant, jwtTemplate }: AuthenticatedClient,
  attempt: Attempt,
  { deviceId, ...seen }: EndUser,
): Promise<SessionRow | null> {
  return services.db.transaction(async (tx) => {
    const user = attempt.userId === null ? null : await lockUser(tx, tenant, attempt.userId);
    const account = user && (await accountOf(tx, tenant, user, attempt.proven));
    if (!account || nextStep(attempt, account, client.environment.settings) !== 'complete') return null;
    const at = services.now();
    if (!(await finishAttempt(tx, attempt, at))) return null;
    await noteSignIn(tx, tenant, account.user.id, at);
    if (deviceId !== null && !attempt.impersonator) {
      const device = deviceOfApp(tenant, deviceId);
      const { clientId } = client;
      await noteDevice(services, tx, tenant, { user: account.user, device, ...seen, clientId, locale: null });
    }
    const authenticationMethod = authenticationMethodOf(attempt.proven);
    const session = await beginSession(services, tx, tenant, jwtTemplate, {
      userId: account.user.id,
      client,
      browserSessionId: null,
      organizationId: membershipOf(attempt, account)?.organizationId ?? null,
      authenticationMethod,
      proven: attempt.proven,
      impersonator: attempt.impersonator,
      authenticatedAt: authenticatedAtOf(attempt.proven),
      ...seen,
    });
    await recordSignIn(services, tx, tenant, account.user, authenticationMethod);
    return session;
  });
}
