import { z } from 'zod';
import { anyone, type Route, reply, route } from '../core/index.ts';
import { signInErrors } from '../sign-in/index.ts';
import { accountPath, clientOf } from './open.ts';

/** Where password managers, and our own mails, look for the page that changes a password (W3C "well-known URL"). */
const changePassword = route(
  {
    operationId: 'showChangePassword',
    method: 'GET',
    path: '/.well-known/change-password',
    summary: 'Leads to the page that changes a password',
    auth: anyone('it only leads on'),
    query: z.object({ client_id: z.string().max(128).optional() }),
    returns: { status: 302 },
    errors: signInErrors,
    page: true,
  },
  async ({ query }, services) => {
    const client = await clientOf(services, query.client_id);
    const { passwordSignIn } = client.environment.settings;
    return reply.redirect(accountPath(client, passwordSignIn ? '/account/password' : '/account'));
  },
);

export const changePasswordRoutes: readonly Route[] = [changePassword];
