import { assertMaySend } from '../authentication/index.ts';
import type { Reply, Route, Services } from '../core/index.ts';
import { queueMail } from '../mail/index.ts';
import { joinWaitlist } from '../organizations/index.ts';
import { normalizeEmail } from '../users/index.ts';
import type { OpenAttempt } from './browser.ts';
import { text } from './form.ts';
import { goTo } from './go-to.ts';
import { countSignUp } from './limits.ts';
import { type WaitlistView, waitlistJoinedPage, waitlistPage } from './pages/index.ts';
import { formRoute, pageRoute } from './routes-of.ts';
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

const show = pageRoute(
  {
    operationId: 'showWaitlist',
    path: '/waitlist',
    summary: 'The page that puts an address on the waitlist',
  },
  (open) => (signUpDoor(open) === 'waitlist' ? showWaitlist(open) : goTo('/sign-up', open.attempt)),
);

const submit = formRoute(
  {
    operationId: 'submitWaitlist',
    path: '/waitlist',
    summary: 'Ask to be let in',
    step: 'waitlist',
    body: { email: text },
    status: 200,
  },
  async (open, services, { body, request }) => {
    if (signUpDoor(open) !== 'waitlist') return goTo('/sign-up', open.attempt);
    const typed = body.email.trim();
    const email = normalizeEmail(typed);
    if (email === null) {
      const error = typed === '' ? 'common.emailMissing' : 'common.emailMalformed';
      return showWaitlist(open, { email: typed, errors: { email: error } }, 422);
    }
    await countSignUp(services, open, request);
    await assertMaySend(services, open.tenant, email);
    await join(services, open, email);
    return attemptPage(open, (view) =>
      waitlistJoinedPage({ ...view, email, signInUrl: linkTo('/sign-in', open.attempt) }),
    );
  },
  (open, problem, _services, { body }) => showWaitlist(open, { email: body.email.trim(), problem }, 429),
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
