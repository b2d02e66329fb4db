import { authKit } from '@workos/authkit-sveltekit';
import type { RequestHandler } from './$types';

/** Ends the session here and on the platform, which sends the browser to the environment's default sign-out redirect. */
export const POST: RequestHandler = (event) => authKit.signOut(event);
