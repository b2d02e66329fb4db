import { createFileRoute } from '@tanstack/react-router';
import { getAuthKitContext, getAuthkit } from '@workos/authkit-tanstack-react-start';

export const Route = createFileRoute('/logout')({
  server: {
    handlers: {
      GET: () => new Response('Sign out with the button.', { status: 405, headers: { Allow: 'POST' } }),
      async POST() {
        const auth = getAuthKitContext().auth();
        if (!auth.user) return new Response(null, { status: 303, headers: { Location: '/' } });
        const authkit = await getAuthkit();
        const returnTo = new URL('/', process.env.WORKOS_REDIRECT_URI).href;
        const { logoutUrl } = await authkit.signOut(auth.sessionId, { returnTo });
        return new Response(null, { status: 303, headers: { Location: logoutUrl } });
      },
    },
  },
});
