/** Somebody whose inbox a code has proved, and who has no account with it. */
import { type Names, type SignUp, startOver } from '../attempts/index.ts';
import { recordMagicSignIn } from '../authentication/index.ts';
import { type RequestInfo, type Services, TooManyRequests } from '../core/index.ts';
import { createUser } from '../users/index.ts';
import { learn } from './advance.ts';
import type { OpenAttempt } from './browser.ts';
import { countSignUp } from './limits.ts';
import { mayMakeAccount } from './magic-code.ts';

type Newcomer = Extract<SignUp, { kind: 'newcomer' }>;

const newcomerIn = ({ attempt: { signUp, email, userId } }: OpenAttempt): (Newcomer & { email: string }) | null =>
  signUp?.kind === 'newcomer' && userId === null && email !== null ? { ...signUp, email } : null;

/** Names the app must have, and what people agree to: it is asked and shown before there is an account. */
const isAskedFirst = ({ client: { environment } }: OpenAttempt): boolean => {
  const { signUpNames, termsUrl, privacyUrl } = environment.settings;
  return signUpNames === 'required' || termsUrl !== null || privacyUrl !== null;
};

/**
 * Makes the account at once where nothing has to be asked. Beyond the limit the page does it, which tells how long that
 * takes.
 *
 * @returns the attempt as it stands then; the same one of whoever is no newcomer
 */
export async function welcome(services: Services, open: OpenAttempt, request: RequestInfo): Promise<OpenAttempt> {
  const newcomer = newcomerIn(open);
  if (!newcomer || (newcomer.names === null && isAskedFirst(open))) return open;
  try {
    return (await makeNewcomer(services, open, newcomer.names ?? nameless, request)) ?? open;
  } catch (error) {
    if (!(error instanceof TooManyRequests)) throw error;
    return open;
  }
}

const nameless: Names = { firstName: null, lastName: null };

/**
 * Makes the account. It counts as a sign-up here and not before the code: the limit must not tell who has an account. No
 * work is asked for, as of a sign-up without it: who reads the mail of every address they make up has paid as well.
 *
 * @returns the attempt with what was learned; null when another request was first, or nobody may make an account any more
 * @throws {TooManyRequests} when this network has signed up too often
 */
export async function makeNewcomer(
  services: Services,
  open: OpenAttempt,
  names: Names,
  request: RequestInfo,
): Promise<OpenAttempt | null> {
  const { attempt, tenant } = open;
  const newcomer = newcomerIn(open);
  if (!newcomer || !(await mayMakeAccount(services, open, newcomer.email))) return null;
  // Whoever comes from the form of a sign-up was counted there.
  if (newcomer.names === null) await countSignUp(services, open, request);
  return services.db.transaction(async (tx) => {
    const wanted = { email: newcomer.email, ...names, isSelfDescribed: true, isEmailVerified: true };
    const user = await createUser(services, tenant, tx, wanted);
    // Somebody made it meanwhile: they sign in to it like anybody.
    if (user === 'email_taken') return learn(tx, open, startOver(attempt));
    const place = { ipAddress: request.ip, userAgent: request.userAgent };
    await recordMagicSignIn(services, tx, tenant, user, place);
    return learn(tx, open, { userId: user.id, signUp: null });
  });
}
