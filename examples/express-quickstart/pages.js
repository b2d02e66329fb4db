/** The pages, as plain HTML. */

class Markup extends String {}

const escaped = (value) =>
  value instanceof Markup ? value : String(value ?? '').replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** Markup from a template. Every value in it is escaped, except what is markup already. */
const html = (parts, ...values) => new Markup(String.raw({ raw: parts }, ...values.map(escaped)));

const layout = (title, content) =>
  String(html`<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>${title} – Express quickstart</title>
  <link rel="icon" href="/icon.svg">
  <link rel="stylesheet" href="/style.css">
  <script src="/sign-out.js" type="module"></script>
</head>
<body>
  <header><a href="/"><img src="/icon.svg" alt="" width="32" height="32">Express quickstart</a></header>
  <main><h1>${title}</h1>${content}</main>
</body>
</html>`);

const signOutForm = (csrfToken) => html`
  <form method="post" action="/logout">
    <input type="hidden" name="csrf_token" value="${csrfToken}">
    <button>Sign out</button>
  </form>`;

export function homePage(user, csrfToken) {
  if (user) {
    return layout(
      user.firstName ? `Hello, ${user.firstName}` : 'Hello',
      html`<p>You are signed in as <strong>${user.email}</strong>.</p>
      <nav><a class="primary" href="/dashboard">Open the dashboard</a>${signOutForm(csrfToken)}</nav>`,
    );
  }
  return layout(
    'Welcome',
    html`<p>A small Express app whose sign-in is hosted: it never sees a password.</p>
    <nav><a class="primary" href="/login">Sign in</a><a href="/login?screen_hint=sign-up">Sign up</a></nav>`,
  );
}

export function dashboardPage({ user, sessionId }, csrfToken) {
  return layout(
    'Dashboard',
    html`<p>Only signed-in people see this page.</p>
    <dl>
      <dt>Name</dt><dd>${[user.firstName, user.lastName].filter(Boolean).join(' ') || 'Not given'}</dd>
      <dt>Email</dt><dd>${user.email}</dd>
      <dt>User</dt><dd><code>${user.id}</code></dd>
      <dt>Session</dt><dd><code>${sessionId}</code></dd>
    </dl>
    <nav><a href="/">Back to the start</a>${signOutForm(csrfToken)}</nav>`,
  );
}

export function messagePage(text) {
  return layout(
    'That did not work',
    html`<p>${text}</p>
    <nav><a class="primary" href="/">Back to the start</a><a href="/login">Sign in again</a></nav>`,
  );
}

export function notFoundPage() {
  return layout(
    'Nothing here',
    html`<p>There is no page at this address.</p>
    <nav><a class="primary" href="/">Back to the start</a></nav>`,
  );
}
