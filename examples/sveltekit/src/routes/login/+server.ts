import { redirect } from '@sveltejs/kit';
import { authKit } from '@workos/authkit-sveltekit';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = async ({ url: { searchParams } }) => {
  const authorizationUrl = searchParams.get('screen_hint') === 'sign-up' ? authKit.getSignUpUrl : authKit.getSignInUrl;
  const url = new URL(
    await authorizationUrl({
      returnTo: searchParams.get('return_to') ?? '/', // The callback returns to paths of ours only.
      organizationId: searchParams.get('organization_id') ?? undefined,
      loginHint: searchParams.get('login_hint') ?? undefined,
    }),
  );
  const invitation = searchParams.get('invitation_token');
  if (invitation) url.searchParams.set('invitation_token', invitation);
  redirect(302, url);
};
