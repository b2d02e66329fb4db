import { handleAuth } from '@workos-inc/authkit-nextjs';
import { NextResponse } from 'next/server';
import { redirectUri } from '../../redirect-uri';

// Behind a proxy the app does not see its own address, so it is told.
const baseURL = redirectUri && new URL(redirectUri).origin;

export const GET = handleAuth({
  baseURL,
  onError: ({ request }) => NextResponse.redirect(new URL('/sign-in-failed', baseURL ?? request.url)),
});
