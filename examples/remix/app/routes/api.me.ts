import type { LoaderFunctionArgs } from '@remix-run/node';
import { authkitLoader } from '@workos-inc/authkit-remix';
import { assertEnded, forgetSession, loaderOptions } from '../auth.server';

const unauthenticated = (headers?: HeadersInit) =>
  Response.json({ error: 'unauthenticated' }, { status: 401, headers });

export async function loader(args: LoaderFunctionArgs) {
  const { data, init } = await authkitLoader(args, {
    ...loaderOptions,
    async onSessionRefreshError({ error }) {
      assertEnded(error);
      throw unauthenticated(forgetSession());
    },
  });
  if (!data.user) return unauthenticated();
  const { user, sessionId, organizationId, role, permissions } = data;
  return Response.json({ user, sessionId, organizationId, role, permissions }, { headers: init?.headers });
}
