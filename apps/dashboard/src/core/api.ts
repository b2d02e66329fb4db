import { ApiProblem, type AuthkitClient, createAuthkitClient } from '@authkit/client';

/** The server's route that starts our own hosted sign-in and comes back to the page named by `return_to`. */
const signInPath = '/dashboard/login';
const sentAtKey = 'authkit.sent_to_sign_in_at';
/** A second refusal this soon after a sign-in means the cookie does not stick; going round again would never end. */
const loopWindowMs = 10_000;

/** A client that speaks as the signed-in operator, about one environment or (null) about none. */
export function operatorClient(environmentId: string | null): AuthkitClient {
  const client = createAuthkitClient({
    baseUrl: window.location.origin,
    headers: environmentId === null ? {} : { 'x-authkit-environment': environmentId },
  });
  client.use({
    onResponse({ response }) {
      if (response.status === 401) goToSignIn();
    },
  });
  return client;
}

function goToSignIn() {
  const sentAt = Number(sessionStorage.getItem(sentAtKey) ?? 0);
  if (Date.now() - sentAt < loopWindowMs) return;
  sessionStorage.setItem(sentAtKey, String(Date.now()));
  const place = window.location.pathname + window.location.search;
  window.location.assign(`${signInPath}?${new URLSearchParams({ return_to: place })}`);
}

export function isSignedOut(error: unknown): boolean {
  return error instanceof ApiProblem && error.status === 401;
}

export { signInPath };
