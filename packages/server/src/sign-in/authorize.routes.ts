import { z } from 'zod';
import { anyone, type Route, route } from '../core/index.ts';
import { authorize } from './authorize.ts';
import { signInErrors } from './errors.ts';
import { AuthorizeQuery } from './request.ts';

const start = route(
  {
    operationId: 'authorize',
    method: 'GET',
    path: '/user_management/authorize',
    summary: 'Start a sign-in',
    description:
      'The authorization endpoint (RFC 6749 section 3.1). Problems are told to the app as `error` and `error_description`, unless its redirect URI is not registered.',
    auth: anyone('a browser navigation; the client is known by its redirect URI'),
    query: z.record(z.string(), z.unknown()),
    documentedQuery: AuthorizeQuery,
    returns: {
      status: 302,
      description: 'To the hosted page, or back to the app with `code` or `error`.',
      also: [
        {
          status: 200,
          description:
            'The person is signed in already, and a page asks for a click before the app on a shared hosting domain learns of it.',
        },
      ],
    },
    errors: signInErrors,
    page: true,
    documented: true,
  },
  ({ query, request }, services) => authorize(services, query, request),
);

export const authorizeRoutes: readonly Route[] = [start];
