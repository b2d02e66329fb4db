/** The app under test: hosted sign-in with the official Node SDK, a page for members and one for administrators. */
import { WorkOS } from '@workos-inc/node';
import express from 'express';
import { message, page } from './pages.js';

const { PORT = '3000', WORKOS_REDIRECT_URI: redirectUri, WORKOS_COOKIE_PASSWORD: cookiePassword } = process.env;
const { WORKOS_API_HOSTNAME: apiHostname, WORKOS_API_PORT: port, WORKOS_API_HTTPS } = process.env;
const { userManagement } = new WorkOS({ apiHostname, port, https: WORKOS_API_HTTPS !== 'false' });
const cookieOptions = { httpOnly: true, sameSite: 'lax', secure: redirectUri.startsWith('https:') };

const app = express();

app.get('/login', async (req, res) => {
  const { url, state, codeVerifier } = await userManagement.getAuthorizationUrlWithPKCE({
    provider: 'authkit',
    redirectUri,
    screenHint: req.query.screen_hint === 'sign-up' ? 'sign-up' : 'sign-in',
  });
  res.cookie('sign-in', `${state}.${codeVerifier}`, { ...cookieOptions, path: '/callback', maxAge: 600_000 });
  res.redirect(url);
});

app.get('/callback', async (req, res) => {
  const [state, codeVerifier] = (cookies(req)['sign-in'] ?? '').split('.');
  if (!state || state !== req.query.state) return res.status(400).send(message('Please sign in again', '/login'));
  const session = { sealSession: true, cookiePassword };
  const { sealedSession } = await userManagement.authenticateWithCode({ code: req.query.code, codeVerifier, session });
  res.clearCookie('sign-in', { ...cookieOptions, path: '/callback' });
  res.cookie('wos-session', sealedSession, cookieOptions).redirect('/account');
});

app.use(async (req, res, next) => {
  req.auth = await authenticate(cookies(req)['wos-session'], res);
  next();
});

app.get('/', (req, res) => res.send(page({ auth: req.auth, title: req.auth ? 'Hello' : 'Welcome' })));

app.use(['/account', '/team'], (req, res, next) => (req.auth ? next() : res.redirect('/login')));

app.get('/account', (req, res) => res.send(page({ auth: req.auth, title: 'Account' })));

app.get('/team', (req, res) => {
  if (req.auth.role !== 'admin') return res.status(403).send(page({ auth: req.auth, title: 'For administrators' }));
  res.send(page({ auth: req.auth, title: 'Team' }));
});

app.post('/logout', (req, res) => {
  // Browsers write this header themselves, and another site's form cannot take it away.
  if (req.get('sec-fetch-site') !== 'same-origin') return res.status(403).send(message('That was not our form', '/'));
  res.clearCookie('wos-session', cookieOptions);
  res.redirect(303, req.auth ? userManagement.getLogoutUrl({ sessionId: req.auth.sessionId }) : '/');
});

app.use((error, _req, res, _next) => {
  console.error(error);
  res.status(503).send(message('Sign-in does not answer. Try again soon', '/'));
});

app.listen(PORT);

/** The session of the cookie, renewed when its access token has run out; null when there is none. */
async function authenticate(sessionData, res) {
  if (!sessionData) return null;
  const session = userManagement.loadSealedSession({ sessionData, cookiePassword });
  const current = await session.authenticate();
  if (current.authenticated) return current;
  const renewed = await session.refresh();
  if (renewed.authenticated) {
    res.cookie('wos-session', renewed.sealedSession, cookieOptions);
    return renewed;
  }
  // An outage signs nobody out.
  if (renewed.retryable) throw new Error(renewed.reason);
  res.clearCookie('wos-session', cookieOptions);
  return null;
}

const cookies = (req) =>
  Object.fromEntries((req.get('cookie') ?? '').split('; ').map((pair) => pair.split(/=(.*)/s).slice(0, 2)));
