import {
  findAttempt,
  joinOrganizations,
  type KnownAccount,
  type Learned,
  nextStep,
  type Step,
  saveAttempt,
} from '../attempts/index.ts';
import { assertMaySend, makeDecoy, sendAddressCode, sendVerificationCode } from '../authentication/index.ts';
import { type Db, type Reply, type Services, TooManyRequests } from '../core/index.ts';
import { type Letter, queueMail } from '../mail/index.ts';
import { InvitationCannotBeUsedForEmail, InvitationInvalid } from '../organizations/index.ts';
import type { OpenAttempt } from './browser.ts';
import { finish } from './finish.ts';
import { goTo, goToProof, goToStep } from './go-to.ts';
import { handOver } from './hand-over.ts';
import { accountAtPages } from './offer-passkey.ts';

/** Writes down what a step learned. @returns the attempt as it stands now, or null when another request was first */
export async function learn(db: Db, open: OpenAttempt, learned: Learned): Promise<OpenAttempt | null> {
  const attempt = { ...open.attempt, ...learned };
  if (!(await saveAttempt(db, attempt))) return null;
  return { ...open, attempt: { ...attempt, version: attempt.version + 1 } };
}

/** On to whatever is missing; to the app when nothing is. */
export async function advance(services: Services, open: OpenAttempt): Promise<Reply> {
  const { attempt, client } = open;
  if (attempt.finishedAt) return (await finish(services, open)) ?? catchUp(services, open);
  const account = await accountAtPages(services, open);
  const step = nextStep(attempt, account, client.environment.settings);
  if (step === 'complete') return (await finish(services, open)) ?? catchUp(services, open);
  if (step === 'join') {
    const joined = account && (await join(services, open, account));
    if (joined === 'refused') return goTo('/invitation', attempt);
    return joined ? advance(services, joined) : catchUp(services, open);
  }
  // An app with pages of its own is told at the exchange what is missing. Who it is about has been found out by then.
  const { destination } = attempt.request;
  if (account && destination.kind === 'app' && destination.stepUps === 'exchange' && step !== 'prove') {
    return (await handOver(services, open, destination, account)) ?? catchUp(services, open);
  }
  if (step === 'verify_email' && attempt.codeSentAt === null) await mailCodeQuietly(services, open);
  return step === 'prove' ? goToProof(open) : goToStep(step, attempt);
}

/** The step that is due, for a page to ask whether it is its own. */
export async function stepOf(services: Services, open: OpenAttempt): Promise<Step> {
  const account = await accountAtPages(services, open);
  return nextStep(open.attempt, account, open.client.environment.settings);
}

/** @returns `refused` when the invitation they came with is not for them, or over: a page asks what to do about it */
async function join(
  services: Services,
  open: OpenAttempt,
  account: KnownAccount,
): Promise<OpenAttempt | 'refused' | null> {
  try {
    return await services.db.transaction(async (tx) =>
      learn(tx, open, await joinOrganizations(services, tx, open.tenant, open.attempt, account)),
    );
  } catch (error) {
    if (error instanceof InvitationInvalid || error instanceof InvitationCannotBeUsedForEmail) return 'refused';
    throw error;
  }
}

/** Joins what a proved address brings, and leaves the invitation to whom it is for. */
export async function joinWithoutInvitation(services: Services, open: OpenAttempt): Promise<OpenAttempt | null> {
  const account = await accountAtPages(services, open);
  if (!account) return null;
  const request = { ...open.attempt.request, invitationId: null };
  return services.db.transaction(async (tx) =>
    learn(tx, open, await joinOrganizations(services, tx, open.tenant, { ...open.attempt, request }, account)),
  );
}

/** Another request moved the attempt, the same form sent twice for one; go where it stands now. */
export async function catchUp(services: Services, open: OpenAttempt): Promise<Reply> {
  const row = await findAttempt(services.db, open.attempt.id);
  if (!row || row.version === open.attempt.version) return goTo('/sign-in', open.attempt);
  const { secretHash: _, ...attempt } = row;
  return advance(services, { ...open, attempt });
}

/** The page asks for a code either way; when too many were sent already, the person is told there how long to wait. */
async function mailCodeQuietly(services: Services, open: OpenAttempt): Promise<void> {
  try {
    await mailCode(services, open);
  } catch (error) {
    if (!(error instanceof TooManyRequests)) throw error;
  }
}

/**
 * Mails a code, or to an address that has an account already the news of that: the same work, so that nobody learns
 * which it was.
 *
 * @throws {TooManyRequests} when the address has had too many
 */
export async function mailCode(services: Services, open: OpenAttempt): Promise<OpenAttempt> {
  const { attempt, tenant } = open;
  if (attempt.email === null) return open;
  await assertMaySend(services, tenant, attempt.email);
  const moved = await services.db.transaction(async (tx) => {
    await writeMail(services, tx, open);
    return learn(tx, open, { codeSentAt: services.now() });
  });
  return moved ?? open;
}

export async function writeMail(
  services: Services,
  tx: Db,
  { attempt, tenant, client, locale }: OpenAttempt,
): Promise<void> {
  if (attempt.email === null) return;
  if (attempt.signUp?.kind === 'pending') {
    await sendAddressCode(services, tenant, tx, { email: attempt.email, locale, attemptId: attempt.id });
  } else if (attempt.signUp?.kind === 'decoy' || attempt.userId === null) {
    const { email, signUp, id: attemptId } = attempt;
    await makeDecoy(services, tenant, tx, { purpose: 'email_verification', email, attemptId });
    const news: Letter =
      signUp?.kind === 'decoy' && signUp.isClosed
        ? { template: 'sign_up_closed', data: {} }
        : { template: 'account_exists', data: { signInUrl: client.signInEndpoint } };
    await queueMail(services, tx, tenant, { to: email, locale, ...news });
  } else {
    const user = { id: attempt.userId, email: attempt.email, locale };
    await sendVerificationCode(services, tenant, tx, user, attempt.id);
  }
}
