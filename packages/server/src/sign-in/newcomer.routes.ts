import type { Reply, Route } from '../core/index.ts';
import { advance, catchUp } from './advance.ts';
import type { OpenAttempt } from './browser.ts';
import { goTo } from './go-to.ts';
import { mayMakeAccount } from './magic-code.ts';
import { makeNewcomer } from './newcomer.ts';
import { type NewcomerView, newcomerPage } from './pages/index.ts';
import { formRoute, pageRoute, waitsFor } from './routes-of.ts';
import { faultsOf, namesOf } from './sign-up.ts';
import { nameInputs, typedNames } from './typed-names.ts';
import { attemptPage, formOf, linkTo } from './view.ts';

type Shown = Pick<NewcomerView, 'name' | 'firstName' | 'lastName' | 'errors' | 'problem'>;

const page = (open: OpenAttempt, shown: Shown = {}, status = 200): Reply =>
  attemptPage(
    open,
    (view) =>
      newcomerPage({
        ...view,
        ...formOf(open, '/sign-up/finish', 'make_account'),
        email: open.attempt.email ?? '',
        names: open.client.environment.settings.signUpNames,
        otherWayUrl: linkTo('/sign-in', open.attempt),
        ...shown,
      }),
    { status },
  );

const isDue = waitsFor('make_account');

const show = pageRoute(
  {
    operationId: 'showFinishSignUp',
    path: '/sign-up/finish',
    summary: 'The page that makes an account for a proved inbox',
    isDue,
  },
  (open) => page(open),
);

const submit = formRoute(
  {
    operationId: 'finishSignUp',
    path: '/sign-up/finish',
    summary: 'Make an account for a proved inbox',
    isDue,
    step: 'make_account',
    body: nameInputs,
  },
  async (open, services, { body, request }) => {
    const { email } = open.attempt;
    if (!(await mayMakeAccount(services, open, email ?? ''))) return goTo('/sign-up', open.attempt);
    const typed = typedNames(open, body);
    const errors = await faultsOf(services, open, { ...typed, email, password: null }, request);
    if (Object.keys(errors).length > 0) return page(open, { ...typed, errors }, 422);
    const isNamed = open.client.environment.settings.signUpNames !== 'off';
    const names = namesOf(isNamed ? typed : { firstName: '', lastName: '' });
    const moved = await makeNewcomer(services, open, names, request);
    return moved ? advance(services, moved) : catchUp(services, open);
  },
  (open, problem, _services, { body }) => page(open, { ...typedNames(open, body), problem }, 429),
);

export const newcomerRoutes: readonly Route[] = [show, submit];
