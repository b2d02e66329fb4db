import { type Reply, reply } from '../core/index.ts';
import type { Attempt } from './attempt.ts';
import type { Step } from './next-step.ts';

export type HostedPath = '/sign-in' | '/sign-in/password' | '/sign-up' | '/verify-email' | '/sign-in/confirm';

const pathOfStep: Record<Exclude<Step, 'complete'>, HostedPath> = {
  identify: '/sign-in',
  password: '/sign-in/password',
  verify_email: '/verify-email',
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

export const goToStep = (step: Exclude<Step, 'complete'>, attempt: Pick<Attempt, 'id'>): Reply =>
  goTo(pathOfStep[step], attempt);
