import { assertMaySend } from '../authentication/index.ts';
import { anyone, type Reply, type Route, route, type Services } from '../core/index.ts';
import { queueMail } from '../mail/index.ts';
import { joinWaitlist } from '../organizations/index.ts';
import { normalizeEmail } from '../users/index.ts';
import { type OpenAttempt, openAttempt } from './browser.ts';
import { signInErrors } from './errors.ts';
import { answerForm, attemptQuery, formBody, text } from './form.ts';
import { goTo } from './go-to.ts';
import { countSignUp } from './limits.ts';
import { type WaitlistView, waitlistJoinedPage, waitlistPage } from './pages/index.ts';
import { signUpDoor } from './sign-up-door.ts';
import { attemptPage, formOf, linkTo } from './view.ts';

type Shown = Pick<WaitlistView, 'email' | 'errors' | 'problem'>;

export function showWaitlist(open: OpenAttempt, shown: Shown = {}, status = 200): Reply {
  const { attempt } = open;
  return attemptPage(
    open,
    (view) =>
      waitlistPage({
        ...view,
        ...formOf(open, '/waitlist', 'waitlist'),
        email: attempt.email ?? attempt.request.loginHint ?? undefined,
        signInUrl: linkTo('/sign-in', attempt),
        ...shown,
      }),
    { status },
  );
}

const show = route(
  {
    operationId: 'showWaitlist',
    method: 'GET',
    path: '/waitlist',
    summary: 'The page that puts an address on the waitlist',
    auth: anyone('people sign up here'),
    query: attemptQuery,
    returns: { status: 200 },
    errors: signInErrors,
    page: true,
  },
  async ({ query, request }, services) => {
    const open = await openAttempt(services, query.attempt, request, { mayRepeat: false });
    return signUpDoor(open) === 'waitlist' ? showWaitlist(open) : goTo('/sign-up', open.attempt);
  },
);

const submit = route(
  {
    operationId: 'submitWaitlist',
    method: 'POST',
    path: '/waitlist',
    summary: 'Ask to be let in',
    auth: anyone('people sign up here; the form proves its browser'),
    query: attemptQuery,
    body: formBody({ email: text }),
    returns: { status: 200 },
    errors: signInErrors,
    page: true,
    form: true,
  },
  (form, services) => {
    const typed = form.body.email.trim();
    return answerForm(
      services,
      form,
      'waitlist',
      async (open) => {
        if (signUpDoor(open) !== 'waitlist') return goTo('/sign-up', open.attempt);
        const email = normalizeEmail(typed);
        if (email === null) {
          const error = typed === '' ? 'common.emailMissing' : 'common.emailMalformed';
          return showWaitlist(open, { email: typed, errors: { email: error } }, 422);
        }
        await countSignUp(services, open, form.request);
        await assertMaySend(services, open.tenant, email);
        await join(services, open, email);
        return attemptPage(open, (view) =>
          waitlistJoinedPage({ ...view, email, signInUrl: linkTo('/sign-in', open.attempt) }),
        );
      },
      (open, problem) => showWaitlist(open, { email: typed, problem }, 429),
    );
  },
);

/** The page says the same whatever the address was; a mail tells whoever has an account that they do, and only them. */
async function join(services: Services, open: OpenAttempt, email: string): Promise<void> {
  const { tenant, client, locale } = open;
  await services.db.transaction(async (tx) => {
    const entry = await joinWaitlist(services, tx, tenant, email, {}, { locale });
    if (entry) return;
    const data = { signInUrl: client.signInEndpoint };
    await queueMail(services, tx, tenant, { to: email, locale, template: 'account_exists', data });
  });
}

export const waitlistRoutes: readonly Route[] = [show, submit];
