import { ApiProblem, type AuthkitClient, createAuthkitClient } from '@authkit/client';
import { keepDrafts } from './drafts.ts';
import { noteReauthentication } from './reauthentication.ts';

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
    async onResponse({ response }) {
      if (response.status === 401) goToSignIn();
      if (response.status === 403) await noteReauthentication(response);
    },
  });
  return client;
}

let leaving = false;

/** Whether this page is on its way to the sign-in, so that it says nothing any more about being signed out. */
export const isLeaving = (): boolean => leaving;

function goToSignIn() {
  const sentAt = Number(sessionStorage.getItem(sentAtKey) ?? 0);
  if (Date.now() - sentAt < loopWindowMs) return;
  sessionStorage.setItem(sentAtKey, String(Date.now()));
  leaving = true;
  goAndComeBack(signInPath);
}

/** Leaves for a sign-in on this server that ends at the present page, with what was typed still there. */
export function goAndComeBack(path: string): void {
  const url = new URL(path, window.location.origin);
  if (url.origin !== window.location.origin) return;
  url.searchParams.set('return_to', window.location.pathname + window.location.search);
  keepDrafts();
  window.location.assign(url);
}

export function isSignedOut(error: unknown): boolean {
  return error instanceof ApiProblem && error.status === 401;
}

export { signInPath };
