import type { Address } from './platform.ts';

/** The app under test, as the platform has to know it. */
export interface TestedApp {
  /** `http://localhost:3000`, for one. */
  readonly origin: string;
  /** Default `/callback`. */
  readonly callbackPath?: string | undefined;
  /** Where it starts a sign-in. Default `/login`. */
  readonly signInPath?: string | undefined;
}

/** What a seed says of the app. */
export function seedOf({ origin, callbackPath = '/callback', signInPath = '/login' }: TestedApp) {
  return {
    redirect_uris: [origin + callbackPath],
    sign_out_redirects: [`${origin}/`],
    sign_in_endpoint: origin + signInPath,
    cors_origins: [origin],
  };
}

/** The variables that point every official SDK here, whichever names it reads. */
export function appEnvironment(
  { url, apiKey, clientId }: Address,
  cookiePassword: string,
  { origin, callbackPath = '/callback' }: TestedApp,
): Record<string, string> {
  const { protocol, hostname, port } = new URL(url);
  const redirectUri = origin + callbackPath;
  const shared = {
    WORKOS_CLIENT_ID: clientId,
    WORKOS_REDIRECT_URI: redirectUri,
    WORKOS_API_HOSTNAME: hostname,
    WORKOS_API_PORT: port || (protocol === 'https:' ? '443' : '80'),
    WORKOS_API_HTTPS: String(protocol === 'https:'),
  };
  return {
    ...shared,
    // Bundlers show these to browsers, so nothing secret is among them.
    ...Object.fromEntries(Object.entries(shared).map(([name, value]) => [`VITE_${name}`, value])),
    NEXT_PUBLIC_WORKOS_REDIRECT_URI: redirectUri,
    WORKOS_BASE_URL: url,
    WORKOS_API_KEY: apiKey,
    WORKOS_COOKIE_PASSWORD: cookiePassword,
  };
}
