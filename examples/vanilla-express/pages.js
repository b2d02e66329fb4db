/** The pages, as plain HTML. */

class Markup extends String {}

const escaped = (value) => {
  if (Array.isArray(value)) return value.map(escaped).join('');
  if (value instanceof Markup) return value;
  return String(value || '').replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
};

/** Markup from a template. Every value in it is escaped, except what is markup already. */
const html = (parts, ...values) => new Markup(String.raw({ raw: parts }, ...values.map(escaped)));

const layout = (title, content, auth) =>
  String(html`<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>${title} – Vanilla Express</title>
  <link rel="icon" href="/icon.svg">
  <link rel="stylesheet" href="/style.css">
  <script src="/fresh-token.js" type="module"></script>
</head>
<body>
  ${auth?.impersonator && html`<p role="status">You are impersonating ${auth.user.email} as ${auth.impersonator.email}.</p>`}
  <header><a href="/"><img src="/icon.svg" alt="" width="32" height="32">Vanilla Express</a></header>
  <main><h1>${title}</h1>${content}</main>
</body>
</html>`);

const form = (action, csrfToken, fields) => html`
  <form method="post" action="${action}">
    <input type="hidden" name="csrf_token" value="${csrfToken}">
    ${fields}
  </form>`;
const signOutForm = (csrfToken) => form('/logout', csrfToken, html`<button>Sign out</button>`);

export function homePage(auth, csrfToken) {
  if (!auth) {
    return layout(
      'Welcome',
      html`<p>A small Express app whose sign-in is hosted: it never sees a password.</p>
      <nav><a class="primary" href="/login">Sign in</a><a href="/login?screen_hint=sign-up">Sign up</a></nav>`,
    );
  }
  return layout(
    auth.user.firstName ? `Hello, ${auth.user.firstName}` : 'Hello',
    html`<p>You are signed in as <strong>${auth.user.email}</strong></p>
    <nav><a class="primary" href="/account">Account</a>${signOutForm(csrfToken)}</nav>`,
    auth,
  );
}

export function accountPage(auth, organizations, csrfToken) {
  const { user, sessionId, organizationId } = auth;
  const option = ({ id, name }) =>
    html`<option value="${id}"${id === organizationId && html` selected`}>${name}</option>`;
  const switcher = html`<label for="organization">Organization</label>
    <select id="organization" name="organization_id">${organizations.map(option)}</select>
    <button>Switch organization</button>`;
  return layout(
    'Account',
    html`<p>Only signed-in people see this page.</p>
    <dl>
      <dt>Name</dt><dd>${[user.firstName, user.lastName].filter(Boolean).join(' ') || 'None'}</dd>
      <dt>Email</dt><dd>${user.email}</dd>
      <dt>User</dt><dd><code>${user.id}</code></dd>
      <dt>Session</dt><dd><code>${sessionId}</code></dd>
      <dt>Organization</dt><dd>${organizationId ? html`<code>${organizationId}</code>` : 'None'}</dd>
    </dl>
    ${organizations.length > 1 && form('/organization', csrfToken, switcher)}
    <nav><a href="/">Back to the start</a>${signOutForm(csrfToken)}</nav>`,
    auth,
  );
}

export const messagePage = (title, text) =>
  layout(
    title,
    html`<p>${text}</p>
    <nav><a class="primary" href="/">Back to the start</a><a href="/login">Sign in again</a></nav>`,
  );
