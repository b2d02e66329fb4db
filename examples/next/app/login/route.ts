import { getSignInUrl, getSignUpUrl } from '@workos-inc/authkit-nextjs';
import { redirect } from 'next/navigation';
import type { NextRequest } from 'next/server';

/** The sign-in endpoint: people are sent here by the app's links, and by the platform when they start there. */
export async function GET({ nextUrl: { searchParams } }: NextRequest) {
  const start = searchParams.get('screen_hint') === 'sign-up' ? getSignUpUrl : getSignInUrl;
  const url = new URL(
    await start({
      returnTo: searchParams.get('return_to') ?? '/', // The SDK keeps only path and query, so it stays in this app.
      loginHint: searchParams.get('login_hint') ?? undefined,
      organizationId: searchParams.get('organization_id') ?? undefined,
    }),
  );
  const invitation = searchParams.get('invitation_token');
  if (invitation) url.searchParams.set('invitation_token', invitation); // The SDK has no option for it.
  redirect(url.href);
}
