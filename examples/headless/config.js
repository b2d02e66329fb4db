/** What the app is told from outside: the environment, and `.env` for what is not in it. */
import { createHmac } from 'node:crypto';
import { WorkOS } from '@workos-inc/node';
import dotenv from 'dotenv';

dotenv.config({ quiet: true });
const { WORKOS_API_KEY, WORKOS_API_HOSTNAME: apiHostname, WORKOS_API_PORT, WORKOS_API_HTTPS } = process.env;
export const { WORKOS_CLIENT_ID: clientId, WORKOS_COOKIE_PASSWORD: cookiePassword, PORT: port = 3000 } = process.env;
export const redirectUri = process.env.WORKOS_REDIRECT_URI;
if (!(WORKOS_API_KEY && clientId && cookiePassword && redirectUri)) {
  throw new Error('Copy .env.example to .env and fill in each of the first four values.');
}

const address = { apiHostname, port: Number(WORKOS_API_PORT) || undefined, https: WORKOS_API_HTTPS !== 'false' };
export const workos = new WorkOS(WORKOS_API_KEY, { clientId, ...address });

export const cookieOptions = { httpOnly: true, sameSite: 'lax', secure: redirectUri.startsWith('https:'), path: '/' };
/** A key of its own for each use, so that nothing made for one can serve in another. */
export const secretFor = (purpose) => createHmac('sha256', cookiePassword).update(purpose).digest('hex');
