import { authkitLoader } from '@workos-inc/authkit-react-router';
import { assertEnded, forgetSession, loaderOptions } from '../auth.server';
import type { Route } from './+types/me';

const unauthenticated = (headers?: HeadersInit) =>
  Response.json({ error: 'unauthenticated' }, { status: 401, headers });

export async function loader(args: Route.LoaderArgs) {
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
