import { withAuth } from '@workos-inc/authkit-nextjs';

export async function GET() {
  const { user, sessionId, organizationId, role, permissions } = await withAuth();
  if (!user) return Response.json({ error: 'unauthenticated' }, { status: 401 });
  return Response.json({ user, sessionId, organizationId, role, permissions });
}
