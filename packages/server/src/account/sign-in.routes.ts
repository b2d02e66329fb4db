import { plainRequest } from '../attempts/index.ts';
import { anyone, type Route, reply, route } from '../core/index.ts';
import { hrefOf, signInErrors, startAttempt } from '../sign-in/index.ts';
import { accountPath, clientOf, openAccount } from './open.ts';
import { query, signInPath } from './routes-of.ts';

/** Only a page of the account: whoever makes the address could send the person anywhere else. */
const ownPage = /^\/account(?:\/[a-z-]+)*$/;

const start = route(
  {
    operationId: 'signInToAccount',
    method: 'GET',
    path: signInPath,
    summary: 'Sign in to the account page, or prove again that it is you',
    auth: anyone('people sign in here'),
    query: query.extend({ to: query.shape.done }),
    returns: { status: 302 },
    errors: signInErrors,
    page: true,
  },
  async ({ query: { client_id, to = '', done: _, ...about }, request }, services) => {
    const client = await clientOf(services, client_id);
    const known = await openAccount(services, client, request);
    const more = Object.entries(about).filter((entry): entry is [string, string] => entry[1] !== undefined);
    const path = accountPath(client, ownPage.test(to) ? to : '/account', Object.fromEntries(more));
    const wanted = {
      ...plainRequest,
      destination: { kind: 'page', path },
      loginHint: known?.user.email ?? null,
      asksAgain: known !== null,
    } as const;
    const { open, cookies } = await startAttempt(services, client, wanted, request);
    return reply.redirect(hrefOf('/sign-in', open.attempt), { cookies });
  },
);

export const accountSignInRoutes: readonly Route[] = [start];
