import type { Reply, Route, Services } from '../core/index.ts';
import { normalizeEmail } from '../users/index.ts';
import { advance, catchUp } from './advance.ts';
import type { OpenAttempt } from './browser.ts';
import { text } from './form.ts';
import { goTo, goToProof, takesPasswords } from './go-to.ts';
import { invitationOf } from './invitation.ts';
import { offersMagicCode } from './magic-code.ts';
import { type PasswordView, passwordPage } from './pages/index.ts';
import { provePassword } from './prove-password.ts';
import { formRoute, pageRoute } from './routes-of.ts';
import { signOnView } from './sso.ts';
import { attemptPage, formOf, linkTo, passkeyFormOf, signUpLink } from './view.ts';

async function page(
  services: Services,
  open: OpenAttempt,
  email: string,
  shown: Pick<PasswordView, 'errors' | 'problem'> = {},
  status = 200,
): Promise<Reply> {
  const { attempt } = open;
  // As the app asked, and nothing that depends on the address.
  const signOn = await signOnView(services, open, attempt.request.organizationId);
  const invitation = await invitationOf(services, open);
  return attemptPage(
    open,
    (view) =>
      passwordPage({
        ...view,
        ...formOf(open, '/sign-in/password', 'password'),
        email,
        invitedTo: invitation?.where ?? null,
        changeUrl: linkTo('/sign-in', attempt),
        forgotUrl: `/forgot-password?attempt=${attempt.id}`,
        magicCode: offersMagicCode(open) ? formOf(open, '/sign-in/code/send', 'send_code') : null,
        signOn,
        passkey: passkeyFormOf(open),
        ...signUpLink(open),
        ...shown,
      }),
    { status },
  );
}

const show = pageRoute(
  {
    operationId: 'showPassword',
    path: '/sign-in/password',
    summary: 'The page that asks for the password',
  },
  async (open, services) => {
    const { email } = open.attempt;
    if (email === null) return goTo('/sign-in', open.attempt);
    return takesPasswords(open) ? page(services, open, email) : goToProof(open);
  },
);

const submit = formRoute(
  {
    operationId: 'submitPassword',
    path: '/sign-in/password',
    summary: 'Prove the password',
    step: 'password',
    body: { email: text, password: text },
  },
  async (open, services, { body: { email: shown, password }, request }) => {
    const { email } = open.attempt;
    // A page of an earlier address, left open in another tab: what it was filled in for is not what would count.
    if (email === null || (shown !== '' && normalizeEmail(shown) !== email)) return goTo('/sign-in', open.attempt);
    if (password === '') return page(services, open, email, { errors: { password: 'password.missing' } }, 422);
    const proof = await provePassword(services, open, email, password, request);
    if (proof === 'wrong') return page(services, open, email, { errors: { password: 'password.wrong' } }, 401);
    return proof === 'overtaken' ? catchUp(services, open) : advance(services, proof);
  },
  (open, problem, services, { body }) => page(services, open, open.attempt.email ?? body.email, { problem }, 429),
);

export const passwordRoutes: readonly Route[] = [show, submit];
