/** The sealed session cookie that remembers who is signed in. */
import { cookieOptions, cookiePassword, workos } from './config.js';

const COOKIE = 'wos-session';
const { userManagement } = workos;

export const keep = (res, sealedSession) => res.cookie(COOKIE, sealedSession, cookieOptions);

// docs: protect
/** Middleware: `req.auth` is the person's session, renewed when its access token has run out, or null. */
export async function readAuth(req, res, next) {
  const sealed = req.cookies[COOKIE];
  const session = sealed && userManagement.loadSealedSession({ sessionData: sealed, cookiePassword });
  const current = session ? await session.authenticate().catch(() => ({})) : {};
  req.auth = current.authenticated ? current : session ? await renew(session, res) : null;
  next();
}

/** Middleware for what only signed-in people may see. Everybody else signs in and comes back. */
export const withAuth = (req, res, next) =>
  req.auth ? next() : res.redirect(`/login?return_to=${encodeURIComponent(req.originalUrl)}`);
// docs: end

/** @returns whether the session is now in that organization */
export async function switchOrganization(req, res, organizationId) {
  const session = userManagement.loadSealedSession({ sessionData: req.cookies[COOKIE], cookiePassword });
  const renewed = await session.refresh({ organizationId });
  return renewed.authenticated && keep(res, renewed.sealedSession);
}

/** Forgets the session here. Returns the address that ends it on the platform. */
export function endSession({ sessionId }, res) {
  res.clearCookie(COOKIE, cookieOptions);
  return userManagement.getLogoutUrl({ sessionId });
}

async function renew(session, res) {
  const renewed = await session.refresh().catch(() => ({})); // It throws where the seal is damaged.
  // Only a definite no ends the session: an outage or a rate limit must not sign anybody out.
  if (renewed.retryable) throw Object.assign(new Error('Sign-in is away: try again.'), { status: 503, expose: true });
  if (renewed.authenticated) keep(res, renewed.sealedSession);
  else res.clearCookie(COOKIE, cookieOptions);
  return renewed.authenticated ? renewed : null;
}
