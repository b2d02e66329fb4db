/** Express under a React front end: it signs people in, hands out the built pages and answers what they ask. */
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

const DIST = `${import.meta.dirname}/dist`;

// docs: token
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
app.use(express.static(DIST, { index: false }));
app.use(cookieParser(secretFor('cookies')));
app.use((_req, res, next) => {
  // No page comes out of a cache after its person has signed out, and none is shown inside another site's frame.
  res.set({ 'Cache-Control': 'no-store', 'Content-Security-Policy': "default-src 'self'; frame-ancestors 'none'" });
  next();
});

// docs: sign-in
app.get('/login', startSignIn);
app.get(new URL(redirectUri).pathname, finishSignIn);
// docs: end

// docs: protect
const page = (_req, res) => res.sendFile('index.html', { root: DIST, cacheControl: false });
app.get('/', page);
app.get('/account{/*rest}', withAuth, page);
// docs: end

// docs: api
/** Middleware for the API: an answer instead of a redirect, which a script cannot follow to a page. */
const withPerson = [
  readAuth,
  (req, res, next) => (req.auth ? next() : res.status(401).json({ error: 'unauthenticated' })),
];

app.get('/api/me', withPerson, ({ auth }, res) => {
  const { user, sessionId, organizationId, role, permissions, impersonator } = auth;
  res.json({ user, sessionId, organizationId, role, permissions, impersonator });
});

app.get('/api/organizations', withPerson, async ({ auth }, res) => {
  res.json(await organizationsOf(auth));
});
// docs: end

// docs: csrf
app.get('/csrf-token', readAuth, (req, res) => {
  res.json({ csrfToken: generateCsrfToken(req, res) });
});

// POSTs, because browsers prefetch links, and with a token, because other sites can post forms.
app.post('/organization', express.urlencoded(), withAuth, doubleCsrfProtection, switchOrganization);

app.post('/logout', express.urlencoded(), readAuth, doubleCsrfProtection, (req, res) => {
  res.redirect(303, req.auth ? endSession(req.auth, res) : '/');
});
// docs: end

/** What stopped somebody on the way in or out, as the one page that is not React's. */
app.use((error, _req, res, _next) => {
  if (!error.expose) console.error(error);
  const text = error.expose ? error.message : 'Something failed on our side. Please try again.';
  const escaped = text.replace(/[&<>]/g, (sign) => `&#${sign.charCodeAt(0)};`);
  const head = '<!doctype html><html lang="en"><title>React Express</title><link rel="stylesheet" href="/style.css">';
  const ways = '<nav><a class="primary" href="/login">Sign in again</a><a href="/">Back to the start</a></nav>';
  res.status(error.expose ? error.status : 500).send(`${head}<h1>That did not work</h1><p>${escaped}</p>${ways}`);
});

app.listen(port, (error) => {
  if (error) throw error;
  console.log(`Open http://localhost:${port}`);
});
