import type { Reply, Route } from '../core/index.ts';
import { descriptionOf } from '../social/index.ts';
import { normalizeEmail } from '../users/index.ts';
import { advance, catchUp } from './advance.ts';
import type { OpenAttempt } from './browser.ts';
import { text } from './form.ts';
import { goTo } from './go-to.ts';
import { type TellEmailView, tellEmailPage } from './pages/index.ts';
import { formRoute, pageRoute, waitsFor } from './routes-of.ts';
import { tellEmail } from './social.ts';
import { attemptPage, formOf, linkTo } from './view.ts';

function page(open: OpenAttempt, shown: Pick<TellEmailView, 'email' | 'errors' | 'problem'> = {}, status = 200): Reply {
  const provider = open.attempt.proven.social?.provider;
  return attemptPage(
    open,
    (view) =>
      tellEmailPage({
        ...view,
        ...formOf(open, '/sign-in/email', 'tell_email'),
        provider: provider ? descriptionOf(provider).label : '',
        otherWayUrl: linkTo('/sign-in', open.attempt),
        ...shown,
      }),
    { status },
  );
}

const isDue = waitsFor('tell_email');

const show = pageRoute(
  {
    operationId: 'showTellEmail',
    path: '/sign-in/email',
    summary: 'The page that asks for the address a provider did not tell',
    isDue,
  },
  (open) => page(open),
);

const submit = formRoute(
  {
    operationId: 'submitTellEmail',
    path: '/sign-in/email',
    summary: 'Tell the address a provider did not',
    isDue,
    step: 'tell_email',
    body: { email: text },
  },
  async (open, services, { body, request }) => {
    const typed = body.email.trim();
    const email = normalizeEmail(typed);
    if (email === null) {
      const error = typed === '' ? 'common.emailMissing' : 'common.emailMalformed';
      return page(open, { email: typed, errors: { email: error } }, 422);
    }
    const moved = await tellEmail(services, open, email, request);
    // An address that the person typed is never vouched for, so it is met with a code and not with this.
    if (moved === 'closed') return goTo('/sign-in', open.attempt);
    return moved ? advance(services, moved) : catchUp(services, open);
  },
  (open, problem, _services, { body }) => page(open, { email: body.email, problem }, 429),
);

export const tellEmailRoutes: readonly Route[] = [show, submit];
