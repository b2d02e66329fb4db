import { authkitProxy } from '@workos-inc/authkit-nextjs';
import { redirectUri } from './redirect-uri';

export default authkitProxy({
  redirectUri, // Beats the environment variable.
  // Off, each page says for itself that it is for signed-in people. On, all paths are but those of the list.
  middlewareAuth: {
    enabled: process.env.PROTECT_ALL_PATHS === 'true',
    unauthenticatedPaths: ['/', '/login', '/api/me', '/api/edge', '/sign-in-failed'],
  },
});

// Every path that uses AuthKit must pass here. The style sheet and the pictures need not.
export const config = { matcher: ['/((?!_next/static|_next/image|icon.svg).*)'] };
