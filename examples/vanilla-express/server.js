/** Hosted sign-in for an Express app. `node server.js`, then open http://localhost:3000. */
import cookieParser from 'cookie-parser';
import { doubleCsrf } from 'csrf-csrf';
import express from 'express';
import {
  endSession,
  finishSignIn,
  organizationsOf,
  readAuth,
  startSignIn,
  switchOrganization,
  withAuth,
} from './auth.js';
import { port, redirectUri, secretFor, secure } from './config.js';
import { accountPage, homePage, messagePage } from './pages.js';

// docs: csrf
const { generateCsrfToken, doubleCsrfProtection } = doubleCsrf({
  getSecret: () => secretFor('csrf'),
  getSessionIdentifier: (req) => req.auth?.sessionId ?? '', // Outlives a renewal, so an open page keeps its token.
  getCsrfTokenFromRequest: (req) => req.body?.csrf_token ?? req.get('x-csrf-token'),
  cookieName: secure ? '__Host-csrf' : 'csrf',
  cookieOptions: { secure },
  errorConfig: { message: 'This page was out of date, so nothing was changed. Go back to the start and try again.' },
});
// docs: end

const app = express();
app.disable('x-powered-by');
app.use(express.static(`${import.meta.dirname}/public`));
app.use(cookieParser(secretFor('cookies')));
app.use((_req, res, next) => {
  // No page comes out of a cache after its person has signed out, and none is shown inside another site's frame.
  res.set({ 'Cache-Control': 'no-store', 'Content-Security-Policy': "default-src 'self'; frame-ancestors 'none'" });
  next();
});

// docs: home
app.get('/', readAuth, (req, res) => {
  res.send(homePage(req.auth, generateCsrfToken(req, res)));
});
// docs: end

// docs: sign-in
app.get('/login', startSignIn);
app.get(new URL(redirectUri).pathname, finishSignIn);
// docs: end

// docs: protect
app.get('/account{/*rest}', withAuth, async (req, res) => {
  res.send(accountPage(req.auth, await organizationsOf(req.auth), generateCsrfToken(req, res)));
});
// docs: end

app.get('/api/me', readAuth, ({ auth }, res) => {
  if (!auth) return res.status(401).json({ error: 'unauthenticated' });
  const { user, sessionId, organizationId, role, permissions } = auth;
  res.json({ user, sessionId, organizationId, role, permissions });
});

// docs: logout
app.get('/csrf-token', readAuth, (req, res) => {
  res.json({ csrfToken: generateCsrfToken(req, res) });
});

// POSTs, because browsers prefetch links, and with a token, because other sites can post forms.
app.post('/organization', express.urlencoded(), withAuth, doubleCsrfProtection, switchOrganization);

app.post('/logout', express.urlencoded(), readAuth, doubleCsrfProtection, (req, res) => {
  res.redirect(303, req.auth ? endSession(req.auth, res) : '/');
});
// docs: end

app.use((_req, res) => {
  res.status(404).send(messagePage('Nothing here', 'There is no page at this address.'));
});

app.use((error, _req, res, _next) => {
  if (!error.expose) console.error(error);
  const text = error.expose ? error.message : 'Something failed on our side. Please try again.';
  res.status(error.expose ? error.status : 500).send(messagePage('That did not work', text));
});

app.listen(port, (error) => {
  if (!error) return console.log(`Open http://localhost:${port}`);
  console.error(error.code === 'EADDRINUSE' ? `Port ${port} is in use: set PORT to another one.` : error.message);
  process.exit(1);
});
