import type { Route } from '../core/index.ts';
import { advance, catchUp, learn } from './advance.ts';
import { confirmPage } from './confirm.ts';
import { formRoute, pageRoute, waitsFor } from './routes-of.ts';

const show = pageRoute(
  {
    operationId: 'showConfirmRedirect',
    path: '/sign-in/confirm',
    summary: 'The page that names where the sign-in goes',
    isDue: waitsFor('confirm_redirect'),
  },
  (open) => confirmPage(open),
);

const submit = formRoute(
  {
    operationId: 'submitConfirmRedirect',
    path: '/sign-in/confirm',
    summary: 'Agree to where the sign-in goes',
    isDue: waitsFor('confirm_redirect'),
    step: 'confirm_redirect',
    body: {},
  },
  async (open, services) => {
    const moved = await learn(services.db, open, {
      proven: { ...open.attempt.proven, redirect: services.now().getTime() },
    });
    return moved ? advance(services, moved) : catchUp(services, open);
  },
  (open) => confirmPage(open),
);

export const confirmRoutes: readonly Route[] = [show, submit];
