import { createFileRoute } from '@tanstack/react-router';
import { getSignInUrl, getSignUpUrl } from '@workos/authkit-tanstack-react-start';

export const Route = createFileRoute('/login')({
  server: {
    handlers: {
      async GET({ request }) {
        const { searchParams } = new URL(request.url);
        const authorizationUrl = searchParams.get('screen_hint') === 'sign-up' ? getSignUpUrl : getSignInUrl;
        const url = new URL(
          await authorizationUrl({
            data: {
              returnPathname: searchParams.get('return_to') ?? '/', // The callback returns to paths of ours only.
              organizationId: searchParams.get('organization_id') ?? undefined,
              loginHint: searchParams.get('login_hint') ?? undefined,
            },
          }),
        );
        const invitation = searchParams.get('invitation_token');
        if (invitation) url.searchParams.set('invitation_token', invitation);
        return new Response(null, { status: 302, headers: { Location: url.href } });
      },
    },
  },
});
