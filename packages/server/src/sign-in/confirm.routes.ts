import { anyone, type Route, route } from '../core/index.ts';
import { advance, catchUp, learn, stepOf } from './advance.ts';
import { openAttempt } from './browser.ts';
import { confirmPage } from './confirm.ts';
import { signInErrors } from './errors.ts';
import { answerForm, attemptQuery, formBody } from './form.ts';
import { goTo } from './go-to.ts';

const show = route(
  {
    operationId: 'showConfirmRedirect',
    method: 'GET',
    path: '/sign-in/confirm',
    summary: 'The page that names where the sign-in goes',
    auth: anyone('people sign in here'),
    query: attemptQuery,
    returns: { status: 200 },
    errors: signInErrors,
    page: true,
  },
  async ({ query, request }, services) => {
    const open = await openAttempt(services, query.attempt, request, { mayRepeat: false });
    return (await stepOf(services, open)) === 'confirm_redirect' ? confirmPage(open) : goTo('/sign-in', open.attempt);
  },
);

const submit = route(
  {
    operationId: 'submitConfirmRedirect',
    method: 'POST',
    path: '/sign-in/confirm',
    summary: 'Agree to where the sign-in goes',
    auth: anyone('people sign in here; the form proves its browser'),
    query: attemptQuery,
    body: formBody({}),
    returns: { status: 303 },
    errors: signInErrors,
    page: true,
    form: true,
  },
  (form, services) =>
    answerForm(
      services,
      form,
      'confirm_redirect',
      async (open) => {
        if ((await stepOf(services, open)) !== 'confirm_redirect') return advance(services, open);
        const moved = await learn(services.db, open, {
          proven: { ...open.attempt.proven, redirect: services.now().getTime() },
        });
        return moved ? advance(services, moved) : catchUp(services, open);
      },
      (open) => confirmPage(open),
    ),
);

export const confirmRoutes: readonly Route[] = [show, submit];
