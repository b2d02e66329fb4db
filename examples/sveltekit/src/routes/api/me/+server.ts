import { json } from '@sveltejs/kit';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = ({ locals: { auth } }) => {
  if (!auth.user) return json({ error: 'unauthenticated' }, { status: 401 });
  const { user, sessionId, organizationId, role, permissions } = auth;
  return json({ user, sessionId, organizationId, role, permissions });
};
