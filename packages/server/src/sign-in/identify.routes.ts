import { startOver } from '../attempts/index.ts';
import type { Reply, Route, Services } from '../core/index.ts';
import { normalizeEmail } from '../users/index.ts';
import { catchUp, learn } from './advance.ts';
import type { OpenAttempt } from './browser.ts';
import { text } from './form.ts';
import { goToProof, takesPasswords } from './go-to.ts';
import { invitationOf } from './invitation.ts';
import { mailMagicCode, offersMagicCode } from './magic-code.ts';
import { type SignInView, signInPage } from './pages/index.ts';
import { formRoute, pageRoute } from './routes-of.ts';
import { problemOf, returnQuery, socialView } from './social.ts';
import { leaveForAddress, signOnProblem, signOnQuery, takesAddresses } from './sso.ts';
import { attemptPage, formOf, passkeyFormOf, signUpLink } from './view.ts';

type Shown = Pick<SignInView, 'email' | 'errors' | 'problem' | 'invitedTo'>;

export async function identifyPage(
  services: Services,
  open: OpenAttempt,
  shown: Shown = {},
  status = 200,
): Promise<Reply> {
  const { attempt } = open;
  const social = await socialView(services, open);
  const takesAddress = await takesAddresses(services, open);
  return attemptPage(
    open,
    (view) =>
      signInPage({
        ...view,
        takesAddress,
        ...formOf(open, '/sign-in', 'identify'),
        email: attempt.email ?? attempt.request.loginHint ?? undefined,
        passkey: passkeyFormOf(open),
        lastMethod: open.lastMethod,
        ...signUpLink(open),
        social,
        ...shown,
      }),
    { status },
  );
}

const show = pageRoute(
  {
    operationId: 'showSignIn',
    path: '/sign-in',
    summary: 'The first page of a sign-in',
    query: { ...returnQuery, ...signOnQuery },
  },
  async (open, services, query) =>
    identifyPage(services, open, {
      invitedTo: (await invitationOf(services, open))?.where ?? null,
      problem: problemOf(query, open) ?? (await signOnProblem(services, query, open)),
    }),
);

const submit = formRoute(
  {
    operationId: 'submitSignIn',
    path: '/sign-in',
    summary: 'Say who is signing in',
    step: 'identify',
    body: { email: text },
    status: 200,
  },
  async (open, services, { body }) => {
    const email = normalizeEmail(body.email);
    if (email === null) {
      return identifyPage(
        services,
        open,
        {
          email: body.email,
          errors: { email: body.email.trim() === '' ? 'common.emailMissing' : 'common.emailMalformed' },
        },
        422,
      );
    }
    const atProvider = await leaveForAddress(services, open, email);
    if (atProvider) return atProvider;
    if (!takesPasswords(open) && !offersMagicCode(open))
      return identifyPage(services, open, { email, errors: { email: 'signIn.noWayByAddress' } }, 422);
    const moved = await learn(services.db, open, { ...startOver(open.attempt), email });
    if (!moved) return catchUp(services, open);
    // Where codes are the only way, the first one is on its way already.
    if (!takesPasswords(moved)) await mailMagicCode(services, moved);
    return goToProof(moved);
  },
  (open, problem, services, { body }) => identifyPage(services, open, { email: body.email, problem }, 429),
);

export const identifyRoutes: readonly Route[] = [show, submit];
