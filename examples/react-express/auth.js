/** Who is asking: sign-in through the hosted pages, and the sealed session cookie that remembers it. */
// docs: sdk
import { OauthException, WorkOS } from '@workos-inc/node';
import { apiAddress, apiKey, clientId, cookiePassword, redirectUri, secure } from './config.js';

const { userManagement } = new WorkOS({ apiKey, clientId, ...apiAddress });
// docs: end

const SESSION_COOKIE = 'wos-session';
const sessionCookieOptions = { httpOnly: true, sameSite: 'lax', secure, path: '/' };

const SIGN_IN_TTL_MS = 10 * 60_000; // As long as the platform keeps a sign-in open.
const signInCookie = (state) => `sign-in-${String(state).slice(0, 8)}`; // One per state: tabs sign in side by side.
const signInCookieOptions = { ...sessionCookieOptions, path: new URL(redirectUri).pathname, signed: true };

const MAX_RETURN_URL_LENGTH = 2048; // Browsers silently drop a cookie of more than 4096 bytes.

/** A failure to explain to the person, in words made for them. */
const problem = (status, message, cause) => Object.assign(new Error(message, { cause }), { status, expose: true });

// docs: start
/** Sends the browser to the hosted pages, with a note of what was started that only this browser can show again. */
export async function startSignIn({ query }, res) {
  const { url, state, codeVerifier } = await userManagement.getAuthorizationUrlWithPKCE({
    provider: 'authkit',
    redirectUri,
    screenHint: query.screen_hint === 'sign-up' ? 'sign-up' : 'sign-in',
    loginHint: query.login_hint,
    organizationId: query.organization_id,
    invitationToken: query.invitation_token,
  });
  const note = { state, codeVerifier, returnTo: ownUrl(query.return_to) };
  res.cookie(signInCookie(state), note, { ...signInCookieOptions, maxAge: SIGN_IN_TTL_MS });
  res.redirect(url);
}
// docs: end

// docs: finish
/** Exchanges the code for a sealed session. A state without its note was started elsewhere, perhaps by somebody else. */
export async function finishSignIn(req, res) {
  const { state, code, error, error_description: description } = req.query;
  const note = req.signedCookies[signInCookie(state)];
  if (note?.state !== state) {
    throw problem(400, 'This sign-in took too long or was started in another browser. Please sign in again.');
  }
  res.clearCookie(signInCookie(state), signInCookieOptions);
  if (error) throw problem(400, `You were not signed in: ${description ?? error}`);

  const { codeVerifier, returnTo } = note;
  const from = { ipAddress: req.ip, userAgent: req.get('user-agent') };
  const { sealedSession } = await userManagement
    .authenticateWithCode({ code, codeVerifier, ...from, session: { sealSession: true, cookiePassword } })
    .catch((cause) => {
      if (!(cause instanceof OauthException)) throw cause;
      throw problem(400, 'This sign-in was already used or has expired. Please sign in again.', cause);
    });
  res.cookie(SESSION_COOKIE, sealedSession, sessionCookieOptions);
  res.redirect(returnTo);
}
// docs: end

// docs: middleware
/** Middleware: `req.auth` is the person's session, renewed when its access token has run out, or null. */
export async function readAuth(req, res, next) {
  req.auth = await authenticate(req.cookies[SESSION_COOKIE], res);
  next();
}

/** Middleware for what only signed-in people may see. Everybody else signs in and comes back. */
export const withAuth = [
  readAuth,
  (req, res, next) => (req.auth ? next() : res.redirect(`/login?return_to=${encodeURIComponent(req.originalUrl)}`)),
];
// docs: end

/** Where the person is an active member. */
export async function organizationsOf({ user }) {
  const memberships = userManagement.listOrganizationMemberships({ userId: user.id, statuses: ['active'] });
  const all = await (await memberships).autoPagination();
  return all.map(({ organizationId, organizationName }) => ({ id: organizationId, name: organizationName }));
}

/** The same session in another organization, or a new sign-in where that one has rules of its own. */
export async function switchOrganization({ auth, body: { organization_id: organizationId } }, res) {
  const { authenticated, sealedSession } = await sessionIn(auth.sealedSession).refresh({ organizationId });
  if (authenticated) res.cookie(SESSION_COOKIE, sealedSession, sessionCookieOptions);
  const signIn = `/login?organization_id=${encodeURIComponent(organizationId)}&return_to=/account`;
  res.redirect(303, authenticated ? '/account' : signIn);
}

// docs: leave
/** Forgets the session here. Returns the address that ends it on the platform. */
export function endSession(auth, res) {
  forget(res);
  return userManagement.getLogoutUrl({ sessionId: auth.sessionId });
}
// docs: end

const sessionIn = (sealed) => userManagement.loadSealedSession({ sessionData: sealed, cookiePassword });

// docs: renew
async function authenticate(sealed, res) {
  if (!sealed) return null;
  if (!(await opens(sealed))) return forget(res);
  const session = sessionIn(sealed);
  // A token that cannot be checked here (unknown signing key, key set out of reach) is left to the platform to judge.
  const current = await session.authenticate().catch(() => ({ authenticated: false }));
  if (current.authenticated) return { ...current, sealedSession: sealed };

  const renewed = await renew(sealed, session);
  if (renewed.authenticated) {
    res.cookie(SESSION_COOKIE, renewed.sealedSession, sessionCookieOptions);
    return renewed;
  }
  // Only a definite no ends the session: an outage or a rate limit must not sign anybody out.
  if (renewed.retryable) throw problem(503, 'Sign-in does not answer. You are still signed in: try again soon.');
  return forget(res);
}
// docs: end

function forget(res) {
  res.clearCookie(SESSION_COOKIE, sessionCookieOptions);
  return null;
}

/** Whether it is a seal of ours. Asked first, because on some damaged ones the SDK throws where it could say no. */
async function opens(sealed) {
  const session = userManagement.getSessionFromCookie({ sessionData: sealed, cookiePassword });
  return session.then(({ refreshToken }) => Boolean(refreshToken)).catch(() => false);
}

const renewals = new Map();

/** A refresh token serves once, so requests that arrive together with one cookie share one renewal. */
function renew(sealed, session) {
  const renewal = renewals.get(sealed) ?? session.refresh().finally(() => renewals.delete(sealed));
  renewals.set(sealed, renewal);
  return renewal;
}

/** Compared after parsing, and absolute: `/\evil.example` and `/.//evil.example` both look like paths of ours. */
function ownUrl(path = '/') {
  const home = new URL('/', redirectUri);
  const url = URL.canParse(path, home) ? new URL(path, home) : home;
  return url.origin === home.origin && url.href.length <= MAX_RETURN_URL_LENGTH ? url.href : home.href;
}
