/**
 * Where people come back to after they signed in. A preview deployment learns its own host only when it starts, so it
 * is computed here: a `${VERCEL_URL}` written into the project's settings would be sent as those very characters.
 */
const { VERCEL_ENV, VERCEL_BRANCH_URL, VERCEL_URL, NEXT_PUBLIC_WORKOS_REDIRECT_URI } = process.env;

const previewHost = VERCEL_ENV === 'production' ? undefined : (VERCEL_BRANCH_URL ?? VERCEL_URL);

export const redirectUri = previewHost ? `https://${previewHost}/callback` : NEXT_PUBLIC_WORKOS_REDIRECT_URI;
