import { anyone, type Reply, type Route, route, type Services } from '../core/index.ts';
import { descriptionOf } from '../social/index.ts';
import { normalizeEmail } from '../users/index.ts';
import { advance, catchUp, stepOf } from './advance.ts';
import { type OpenAttempt, openAttempt } from './browser.ts';
import { signInErrors } from './errors.ts';
import { answerForm, attemptQuery, formBody, text } from './form.ts';
import { goTo } from './go-to.ts';
import { type TellEmailView, tellEmailPage } from './pages/index.ts';
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

const isDue = async (services: Services, open: OpenAttempt): Promise<boolean> =>
  (await stepOf(services, open)) === 'tell_email';

const show = route(
  {
    operationId: 'showTellEmail',
    method: 'GET',
    path: '/sign-in/email',
    summary: 'The page that asks for the address a provider did not tell',
    auth: anyone('people sign in here'),
    query: attemptQuery,
    returns: { status: 200 },
    errors: signInErrors,
    page: true,
  },
  async ({ query, request }, services) => {
    const open = await openAttempt(services, query.attempt, request, { mayRepeat: false });
    return (await isDue(services, open)) ? page(open) : goTo('/sign-in', open.attempt);
  },
);

const submit = route(
  {
    operationId: 'submitTellEmail',
    method: 'POST',
    path: '/sign-in/email',
    summary: 'Tell the address a provider did not',
    auth: anyone('people sign in here; the form proves its browser'),
    query: attemptQuery,
    body: formBody({ email: text }),
    returns: { status: 303 },
    errors: signInErrors,
    page: true,
    form: true,
  },
  (form, services) =>
    answerForm(
      services,
      form,
      'tell_email',
      async (open) => {
        if (!(await isDue(services, open))) return advance(services, open);
        const typed = form.body.email.trim();
        const email = normalizeEmail(typed);
        if (email === null) {
          const error = typed === '' ? 'common.emailMissing' : 'common.emailMalformed';
          return page(open, { email: typed, errors: { email: error } }, 422);
        }
        const moved = await tellEmail(services, open, email, form.request);
        // An address that the person typed is never vouched for, so it is met with a code and not with this.
        if (moved === 'closed') return goTo('/sign-in', open.attempt);
        return moved ? advance(services, moved) : catchUp(services, open);
      },
      (open, problem) => page(open, { email: form.body.email, problem }, 429),
    ),
);

export const tellEmailRoutes: readonly Route[] = [show, submit];
