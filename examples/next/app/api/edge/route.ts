import { withAuth } from '@workos-inc/authkit-nextjs';

export const runtime = 'edge';

/** What an edge function sees: the prefix `NEXT_PUBLIC_` makes the variable readable here as well. */
export async function GET() {
  const { user } = await withAuth();
  const { NEXT_RUNTIME, NEXT_PUBLIC_WORKOS_REDIRECT_URI } = process.env;
  return Response.json({ runtime: NEXT_RUNTIME, redirectUri: NEXT_PUBLIC_WORKOS_REDIRECT_URI, email: user?.email });
}
