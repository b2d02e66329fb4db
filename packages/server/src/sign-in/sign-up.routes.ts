import { anyone, type Reply, type Route, route, type Services } from '../core/index.ts';
import { newChallenge } from '../radar/index.ts';
import { normalizeEmail } from '../users/index.ts';
import { advance, catchUp } from './advance.ts';
import { type OpenAttempt, openAttempt } from './browser.ts';
import { signInErrors } from './errors.ts';
import { answerForm, attemptQuery, formBody, text } from './form.ts';
import { goTo, goToProof, takesPasswords } from './go-to.ts';
import { invitationOf } from './invitation.ts';
import { countSignUpTry } from './limits.ts';
import { type SignUpView, signUpClosedPage, signUpPage } from './pages/index.ts';
import { hasMovedOn } from './prove-email.ts';
import { faultsOf, needsWork, signUp, signUpByCode } from './sign-up.ts';
import { invitationFault, type SignUpDoor, signUpDoor } from './sign-up-door.ts';
import { socialView } from './social.ts';
import { attemptPage, formOf, linkTo } from './view.ts';
import { showWaitlist } from './waitlist.routes.ts';

type Shown = Pick<SignUpView, 'email' | 'firstName' | 'lastName' | 'errors' | 'problem'>;

async function page(services: Services, open: OpenAttempt, shown: Shown = {}, status = 200): Promise<Reply> {
  const { attempt, client } = open;
  const invited = await invitationOf(services, open);
  const social = await socialView(services, open);
  return attemptPage(
    open,
    (view) =>
      signUpPage({
        ...view,
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

/** What stands behind the door: a form, the waitlist, or an explanation. */
function shownAt(door: SignUpDoor, services: Services, open: OpenAttempt): Reply | Promise<Reply> {
  switch (door) {
    case 'open':
      return page(services, open);
    case 'waitlist':
      return showWaitlist(open);
    case 'invite_only':
      return attemptPage(open, (view) => signUpClosedPage({ ...view, signInUrl: linkTo('/sign-in', open.attempt) }));
    case 'none':
      return goTo('/sign-in', open.attempt);
  }
}

const show = route(
  {
    operationId: 'showSignUp',
    method: 'GET',
    path: '/sign-up',
    summary: 'The page that makes an account',
    auth: anyone('people sign up here'),
    query: attemptQuery,
    returns: { status: 200 },
    errors: signInErrors,
    page: true,
  },
  async ({ query, request }, services) => {
    const open = await openAttempt(services, query.attempt, request, { mayRepeat: false });
    return shownAt(signUpDoor(open), services, open);
  },
);

const submit = route(
  {
    operationId: 'submitSignUp',
    method: 'POST',
    path: '/sign-up',
    summary: 'Make an account',
    auth: anyone('people sign up here; the form proves its browser'),
    query: attemptQuery,
    body: formBody({ email: text, first_name: text, last_name: text, password: text, challenge: text, proof: text }),
    returns: { status: 303 },
    errors: signInErrors,
    page: true,
    form: true,
  },
  (form, services) => {
    const { email: address, first_name: first, last_name: last } = form.body;
    const typed = { email: address.trim(), firstName: first.trim(), lastName: last.trim() };
    return answerForm(
      services,
      form,
      'sign_up',
      async (open) => {
        if (signUpDoor(open) !== 'open') return goTo('/sign-up', open.attempt);
        const email = normalizeEmail(typed.email);
        await countSignUpTry(services, open, form.request);
        const { challenge, proof } = form.body;
        const password = takesPasswords(open) ? form.body.password : null;
        const invitation = email === null ? null : await invitationFault(services, open, email);
        const errors = {
          ...(await faultsOf(services, open, { ...typed, email, password }, form.request)),
          ...(invitation ? { email: invitation } : {}),
        };
        if (email === null || Object.keys(errors).length > 0) return page(services, open, { ...typed, errors }, 422);
        const work = { challenge, proof };
        const person = { ...typed, email };
        const moved =
          password === null
            ? await signUpByCode(services, open, person, work, form.request)
            : await signUp(services, open, person, password, work, form.request);
        if (moved) return password === null ? goToProof(moved) : advance(services, moved);
        if (await hasMovedOn(services, open)) return catchUp(services, open);
        // The work was used for an earlier form of this page; the one shown now brings new work.
        return page(services, open, { ...typed, problem: { message: 'common.attemptRestarted' } }, 422);
      },
      (open, problem) => page(services, open, { ...typed, problem }, 429),
    );
  },
);

export const signUpRoutes: readonly Route[] = [show, submit];
