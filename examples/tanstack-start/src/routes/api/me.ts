import { createFileRoute } from '@tanstack/react-router';
import { getAuthKitContext } from '@workos/authkit-tanstack-react-start';

export const Route = createFileRoute('/api/me')({
  server: {
    handlers: {
      GET() {
        const auth = getAuthKitContext().auth();
        if (!auth.user) return Response.json({ error: 'unauthenticated' }, { status: 401 });
        const { user, sessionId, organizationId, role, permissions } = auth;
        return Response.json({ user, sessionId, organizationId, role, permissions });
      },
    },
  },
});
