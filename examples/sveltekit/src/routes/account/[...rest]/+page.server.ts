import { redirect } from '@sveltejs/kit';
import { authKit } from '@workos/authkit-sveltekit';
import { organizationsOf } from '$lib/server/workos';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals: { auth }, url }) => {
  // Not the SDK's `withAuth`, which forgets the query.
  if (!auth.user) redirect(302, await authKit.getSignInUrl({ returnTo: url.pathname + url.search }));
  const { user, sessionId, organizationId } = auth;
  return { user, sessionId, organizationId, organizations: await organizationsOf(user.id) };
};
