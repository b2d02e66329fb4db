import type { Reply, Route, Services } from '../core/index.ts';
import { newChallenge } from '../radar/index.ts';
import { normalizeEmail } from '../users/index.ts';
import { advance, catchUp } from './advance.ts';
import type { OpenAttempt } from './browser.ts';
import { type FormBody, text } from './form.ts';
import { goTo, goToProof, takesPasswords } from './go-to.ts';
import { invitationOf } from './invitation.ts';
import { countSignUpTry } from './limits.ts';
import { offersMagicCode } from './magic-code.ts';
import { type SignUpView, signUpClosedPage, signUpPage } from './pages/index.ts';
import { hasMovedOn } from './prove-email.ts';
import { formRoute, pageRoute } from './routes-of.ts';
import { faultsOf, needsWork, signUp, signUpByCode } from './sign-up.ts';
import { invitationFault, type SignUpDoor, signUpDoor } from './sign-up-door.ts';
import { socialView } from './social.ts';
import { leaveForAddress, takesAddresses } from './sso.ts';
import { nameInputs, typedNames } from './typed-names.ts';
import { attemptPage, formOf, linkTo } from './view.ts';
import { showWaitlist } from './waitlist.routes.ts';

type Shown = Pick<SignUpView, 'email' | 'name' | 'firstName' | 'lastName' | 'errors' | 'problem'>;

async function page(services: Services, open: OpenAttempt, shown: Shown = {}, status = 200): Promise<Reply> {
  const { attempt, client } = open;
  const invited = await invitationOf(services, open);
  const social = await socialView(services, open);
  const takesAddress = await takesAddresses(services, open);
  if (!takesAddress && social.providers.length === 0) return closed(open);
  return attemptPage(
    open,
    (view) =>
      signUpPage({
        ...view,
        takesAddress,
        ...formOf(open, '/sign-up', 'sign_up'),
        names: client.environment.settings.signUpNames,
        passwordMinLength: takesPasswords(open) ? client.environment.settings.passwordMinLength : null,
        adviceUrl: linkTo('/password-strength', attempt),
        challenge: needsWork(open) ? newChallenge(services, attempt.id) : null,
        email: attempt.email ?? attempt.request.loginHint ?? undefined,
        invitedTo: invited?.where ?? null,
        signInUrl: linkTo(attempt.email === null ? '/sign-in' : '/sign-in/password', attempt),
        social,
        ...shown,
      }),
    { status },
  );
}

const closed = (open: OpenAttempt): Reply =>
  attemptPage(open, (view) => signUpClosedPage({ ...view, signInUrl: linkTo('/sign-in', open.attempt) }));

/** What stands behind the door: a form, the waitlist, or an explanation. */
function shownAt(door: SignUpDoor, services: Services, open: OpenAttempt): Reply | Promise<Reply> {
  switch (door) {
    case 'open':
      return page(services, open);
    case 'waitlist':
      return showWaitlist(open);
    case 'invite_only':
      return closed(open);
    case 'none':
      return goTo('/sign-in', open.attempt);
  }
}

const show = pageRoute(
  {
    operationId: 'showSignUp',
    path: '/sign-up',
    summary: 'The page that makes an account',
  },
  (open, services) => shownAt(signUpDoor(open), services, open),
);

const fields = { email: text, ...nameInputs, password: text, challenge: text, proof: text };

const typedInto = (open: OpenAttempt, body: FormBody<typeof fields>) => ({
  email: body.email.trim(),
  ...typedNames(open, body),
});

const submit = formRoute(
  { operationId: 'submitSignUp', path: '/sign-up', summary: 'Make an account', step: 'sign_up', body: fields },
  async (open, services, { body, request }) => {
    if (signUpDoor(open) !== 'open') return goTo('/sign-up', open.attempt);
    const typed = typedInto(open, body);
    const email = normalizeEmail(typed.email);
    await countSignUpTry(services, open, request);
    const atProvider = email === null ? null : await leaveForAddress(services, open, email);
    if (atProvider) return atProvider;
    if (!takesPasswords(open) && !offersMagicCode(open))
      return page(services, open, { ...typed, errors: { email: 'signIn.noWayByAddress' } }, 422);
    const password = takesPasswords(open) ? body.password : null;
    const invitation = email === null ? null : await invitationFault(services, open, email);
    const errors = {
      ...(await faultsOf(services, open, { ...typed, email, password }, request)),
      ...(invitation ? { email: invitation } : {}),
    };
    if (email === null || Object.keys(errors).length > 0) return page(services, open, { ...typed, errors }, 422);
    const work = { challenge: body.challenge, proof: body.proof };
    const person = { ...typed, email };
    const moved =
      password === null
        ? await signUpByCode(services, open, person, work, request)
        : await signUp(services, open, person, password, work, request);
    if (moved) return password === null ? goToProof(moved) : advance(services, moved);
    if (await hasMovedOn(services, open)) return catchUp(services, open);
    // The work was used for an earlier form of this page; the one shown now brings new work.
    return page(services, open, { ...typed, problem: { message: 'common.attemptRestarted' } }, 422);
  },
  (open, problem, services, { body }) => page(services, open, { ...typedInto(open, body), problem }, 429),
);

export const signUpRoutes: readonly Route[] = [show, submit];
