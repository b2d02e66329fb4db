/** What the app is told from outside: the environment, and `.env` for what is not in it. A wrong value stops the start. */
import { createHmac } from 'node:crypto';
import dotenv from 'dotenv';

dotenv.config({ quiet: true });

const MIN_PASSWORD_LENGTH = 32; // The SDK refuses a shorter one too, but only when the first person signs in.

export const apiKey = required('WORKOS_API_KEY');
export const clientId = required('WORKOS_CLIENT_ID');
export const redirectUri = required('WORKOS_REDIRECT_URI');
export const cookiePassword = required('WORKOS_COOKIE_PASSWORD');
export const port = process.env.PORT || 3000;
export const secure = redirectUri.startsWith('https:');

if (cookiePassword.length < MIN_PASSWORD_LENGTH) {
  stop(`WORKOS_COOKIE_PASSWORD needs at least ${MIN_PASSWORD_LENGTH} characters: try \`openssl rand -base64 32\`.`);
}

// The SDK wants the platform's address in three parts and reads none of them from the environment.
const { WORKOS_API_HOSTNAME, WORKOS_API_PORT, WORKOS_API_HTTPS = 'true' } = process.env;
export const apiAddress = {
  apiHostname: WORKOS_API_HOSTNAME,
  port: WORKOS_API_PORT,
  https: WORKOS_API_HTTPS === 'true',
};

/** A key of its own for each use, so that nothing made for one can serve in another. */
export const secretFor = (purpose) => createHmac('sha256', cookiePassword).update(purpose).digest('hex');

function required(name) {
  return process.env[name] || stop(`${name} is not set. Copy .env.example to .env and fill it in.`);
}

function stop(reason) {
  console.error(reason);
  process.exit(1);
}
