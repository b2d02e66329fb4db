import type { Attempt, Step } from '../attempts/index.ts';
import { type Reply, reply } from '../core/index.ts';
import type { OpenAttempt } from './browser.ts';

export type HostedPath =
  | '/sign-in'
  | '/sign-in/password'
  | '/sign-in/code'
  | '/sign-in/method'
  | '/sign-in/confirm'
  | '/sign-in/email'
  | '/sign-up'
  | '/sign-up/finish'
  | '/password-strength'
  | '/verify-email'
  | '/mfa'
  | '/mfa/recovery'
  | '/mfa/lost'
  | '/mfa/passkey'
  | '/mfa/enroll'
  | '/mfa/recovery-codes'
  | '/organization'
  | '/invitation'
  | '/waitlist'
  | '/passkey'
  | '/impersonate';

/** Steps that a page shows. */
type ShownStep = Exclude<Step, 'complete' | 'join'>;

const pathOfStep: Record<ShownStep, HostedPath> = {
  identify: '/sign-in',
  impersonate: '/impersonate',
  prove: '/sign-in/password',
  tell_email: '/sign-in/email',
  make_account: '/sign-up/finish',
  verify_email: '/verify-email',
  mfa: '/mfa',
  agree_to_join: '/invitation',
  not_a_member: '/organization',
  choose_organization: '/organization',
  change_method: '/sign-in/method',
  prove_passkey: '/mfa/passkey',
  enroll_mfa: '/mfa/enroll',
  recovery_codes: '/mfa/recovery-codes',
  offer_passkey: '/passkey',
  confirm_redirect: '/sign-in/confirm',
};

export const hrefOf = (path: HostedPath, attempt: Pick<Attempt, 'id'>): string => `${path}?attempt=${attempt.id}`;

/** On to a page of the same attempt, with GET. */
export function goTo(
  path: HostedPath,
  attempt: Pick<Attempt, 'id'>,
  more: Readonly<Record<string, string>> = {},
): Reply {
  const extra = Object.entries(more).map(([name, value]) => `&${name}=${value}`);
  return reply.redirect(hrefOf(path, attempt) + extra.join(''), { status: 303 });
}

export const goToStep = (step: ShownStep, attempt: Pick<Attempt, 'id'>): Reply => goTo(pathOfStep[step], attempt);

/** Whether people may sign in with a password. */
export const takesPasswords = ({ client }: Pick<OpenAttempt, 'client'>): boolean =>
  client.environment.settings.passwordSignIn;

/** To the page where the address of the attempt is proved. It depends on the environment, never on the address. */
export function goToProof({ client, attempt }: Pick<OpenAttempt, 'client' | 'attempt'>): Reply {
  const { passwordSignIn, magicAuthSignIn } = client.environment.settings;
  if (passwordSignIn) return goTo('/sign-in/password', attempt);
  return goTo(magicAuthSignIn ? '/sign-in/code' : '/sign-in', attempt);
}
