/** Sign-in on pages of one's own for an Express app. `node server.js`, then open http://localhost:3000. */
import cookieParser from 'cookie-parser';
import { doubleCsrf } from 'csrf-csrf';
import express from 'express';
import { cookieOptions, port, redirectUri, secretFor, workos } from './config.js';
import { accountPage, form, formPage, forms, html, layout } from './pages.js';
import { endSession, readAuth, switchOrganization, withAuth } from './session.js';
import * as signIn from './sign-in.js';

const { generateCsrfToken: csrf, doubleCsrfProtection } = doubleCsrf({
  getSecret: () => secretFor('csrf'),
  getSessionIdentifier: (req) => req.auth?.sessionId ?? '', // Outlives a renewal, so an open page keeps its token.
  getCsrfTokenFromRequest: (req) => req.body?.csrf_token,
  cookieName: cookieOptions.secure ? '__Host-csrf' : 'csrf',
  cookieOptions: { secure: cookieOptions.secure },
  errorConfig: { message: 'This page was out of date, so nothing was changed. Go back and try again.' },
});

const app = express();
app.use(express.static(`${import.meta.dirname}/public`), cookieParser(secretFor('cookies')), express.urlencoded());
app.use((_req, res, next) => {
  // No page comes out of a cache, and the token of a reset link is told to nobody.
  res.set({ 'Cache-Control': 'no-store', 'Referrer-Policy': 'no-referrer' });
  res.set('Content-Security-Policy', "default-src 'self'; frame-ancestors 'none'");
  next();
});
app.use(readAuth);
app.use((req, res, next) => (req.method === 'POST' ? doubleCsrfProtection(req, res, next) : next()));

app.get('/', (req, res) => {
  const ways = html`<nav><a class="primary" href="/login">Sign in</a><a href="/login?screen_hint=sign-up">Sign up</a></nav>`;
  if (!req.auth) return res.send(layout('Welcome', html`<p>An app whose sign-in pages are its own.</p>${ways}`));
  const links = html`<nav><a class="primary" href="/account">Account</a>${form('/logout', csrf(req, res), '', 'Sign out')}</nav>`;
  const content = html`<p>You are signed in as <strong>${req.auth.user.email}</strong>.</p>${links}`;
  return res.send(layout(['Hello', req.auth.user.firstName].filter(Boolean).join(', '), content, { auth: req.auth }));
});

const notes = {
  __proto__: null,
  refused: 'You were not signed in. Please try again.',
  organization: 'That organization asks you to sign in again.',
  reset: 'Your password was changed. Please sign in with it.',
};
app.get('/login', (req, res, next) => {
  const { return_to: wish = '/', screen_hint: screen } = req.query;
  const url = URL.canParse(wish, redirectUri) ? new URL(wish, redirectUri) : new URL('/', redirectUri);
  if (url.origin === new URL(redirectUri).origin) res.cookie('return-to', url.href, { ...cookieOptions, signed: true });
  return screen === 'sign-up' ? res.redirect('/sign-up') : next();
});

// docs: forms
/** A form, shown again with what was wrong when the platform refuses what was entered. */
function page(path, describe, submit) {
  const show = (req, res, problem) => {
    const description = describe(req);
    if (!description) return res.redirect(303, '/login');
    return res.send(formPage(path, csrf(req, res), description, { problem, auth: req.auth }));
  };
  app.get(path, (req, res) => show(req, res, notes[req.query.note]));
  app.post(path, (req, res) =>
    submit(req, res).catch((error) => {
      // A wrong API key is ours to mend.
      if (error.status === 401 || error.error === 'invalid_client' || !(error.status < 500)) throw error;
      const problem = error.errors?.map(({ message }) => message).join(' ') || error.message;
      return show(req, res.status(error.status), problem);
    }),
  );
}
// docs: end

page('/login', forms.signIn, signIn.withPassword);
page('/login/code', forms.code, signIn.mailCode);
page('/login/step', (req) => forms[signIn.readStep(req)?.code]?.(signIn.readStep(req)), signIn.answerStep);
page('/sign-up', forms.signUp, signIn.signUp);
page('/forgot', forms.forgot, async ({ auth, body: { email } }, res) => {
  await signIn.askForReset(email);
  res.send(layout('Check your email', html`<p>If ${email} has an account, a link is on its way.</p>`, { auth }));
});
page(
  '/reset',
  (req) => forms.reset(req.query.token ?? req.body?.token),
  async ({ body }, res) => {
    await workos.userManagement.resetPassword({ token: body.token, newPassword: body.password });
    res.redirect(303, '/login?note=reset');
  },
);
app.get('/login/google', (_req, res) => signIn.startProvider(res, 'GoogleOAuth'));
app.get(new URL(redirectUri).pathname, signIn.finishProvider);

app.get(['/account', '/account/*path'], withAuth, async (req, res) => {
  const ofPerson = { userId: req.auth.user.id, statuses: ['active'] };
  const memberships = await workos.userManagement.listOrganizationMemberships(ofPerson);
  const organizations = (await memberships.autoPagination()).map(({ organizationId: id, organizationName: name }) => ({
    id,
    name,
  }));
  res.send(accountPage(csrf(req, res), req.auth, organizations));
});
app.post('/account/organization', withAuth, async (req, res) => {
  const switched = await switchOrganization(req, res, req.body.organization_id);
  res.redirect(303, switched ? '/account' : '/login?note=organization');
});

app.get('/api/me', ({ auth }, res) => {
  if (!auth) return res.status(401).json({ error: 'unauthenticated' });
  const { user, sessionId, organizationId, role, permissions } = auth;
  return res.json({ user, sessionId, organizationId, role, permissions });
});

// docs: sign-out
app.post('/logout', (req, res) => res.redirect(303, req.auth ? endSession(req.auth, res) : '/'));
// docs: end

// docs: errors
/** Only errors of the app's own carry words for people (`expose`); those of an SDK are for the log. */
app.use((error, { auth }, res, _next) => {
  if (!error.expose) console.error(error);
  const text = error.expose ? error.message : 'Something failed on our side. Please try again.';
  const content = html`<p>${text}</p><nav><a href="/">Back to the start</a></nav>`;
  res.status(error.expose ? error.status : 500).send(layout('That did not work', content, { auth }));
});
// docs: end

app.listen(port, () => console.log(`Open http://localhost:${port}`));
