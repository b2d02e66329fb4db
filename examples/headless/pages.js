/** The pages, as plain HTML. */
import { renderSVG } from 'uqr';

class Markup extends String {}
const escaped = (value) => {
  if (value instanceof Markup) return value;
  if (Array.isArray(value)) return value.map(escaped).join('');
  return String(value ?? '').replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
};
/** Markup from a template. Every value in it is escaped, except what is markup already. */
export const html = (parts, ...values) => new Markup(String.raw({ raw: parts }, ...values.map(escaped)));

/** A page. `auth` is who sees it, for the banner that an impersonated session has on every page. */
export const layout = (title, content, { problem, auth } = {}) =>
  String(html`<!doctype html>
<html lang="en">
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} – Headless</title>
<link rel="icon" href="/icon.svg"><link rel="stylesheet" href="/style.css">
<body>
  ${auth?.impersonator && html`<p class="banner" role="status">You are impersonating ${auth.user.email} as ${auth.impersonator.email}.</p>`}
  <header><a href="/"><img src="/icon.svg" alt="" width="32" height="32">Headless</a></header>
  <main><h1>${title}</h1>${problem && html`<p class="problem" role="alert">${problem}</p>`}${content}</main>
</body></html>`);

export const form = (action, csrfToken, fields, button) => html`
  <form method="post" action="${action}">
    <input type="hidden" name="csrf_token" value="${csrfToken}">${fields}<button class="primary">${button}</button>
  </form>`;
const field = (label, name, attributes) => html`<label>${label}<input name="${name}" ${attributes}></label>`;
const hidden = (name, value) => html`<input type="hidden" name="${name}" value="${value}">`;
const select = (organizations, chosen) => {
  const mark = (id) => (id === chosen ? html`selected` : '');
  const options = organizations.map(({ id, name }) => html`<option value="${id}" ${mark(id)}>${name}</option>`);
  return html`<label for="choice">Organization</label><select id="choice" name="organization_id">${options}</select>`;
};

const email = field('Email', 'email', html`type="email" autocomplete="username" required`);
const password = field('Password', 'password', html`type="password" autocomplete="current-password" required`);
const code = field('Code', 'code', html`inputmode="numeric" autocomplete="one-time-code" required`);
const newPassword = (label) => field(label, 'password', html`type="password" autocomplete="new-password" required`);

const ways = html`<nav><a href="/login/google">Continue with Google</a><a href="/login/code">Email me a code</a>
  <a href="/sign-up">Sign up</a><a href="/forgot">Forgot your password?</a></nav>`;

/** Each form: its title, its fields, its button, and what stands before and after it. */
export const forms = {
  signIn: () => ({ title: 'Sign in', fields: [email, password], button: 'Sign in', after: ways }),
  signUp: () => ({
    title: 'Create your account',
    fields: [email, field('First name', 'first_name'), field('Last name', 'last_name'), newPassword('Password')],
    button: 'Sign up',
  }),
  code: () => ({ title: 'Sign in with a code', fields: email, button: 'Email me a code' }),
  forgot: () => ({ title: 'Reset your password', fields: email, button: 'Send a link' }),
  reset: (token) => ({ title: 'Choose a new password', fields: [hidden('token', token), newPassword('New password')] }),
  magic_auth: ({ email }) => ({ title: 'Check your email', before: `Enter the code sent to ${email}.`, fields: code }),
  email_verification_required: (step) => forms.magic_auth(step),
  mfa_challenge: () => ({ title: 'Two-step verification', before: 'Enter the code of your app.', fields: code }),
  mfa_enrollment: ({ uri, secret }) => ({
    title: 'Set up two-step verification',
    before: html`Scan this with an authenticator app, or type <code>${secret}</code>.
      <span class="qr">${new Markup(renderSVG(uri))}</span>`,
    fields: code,
  }),
  organization_selection_required: ({ organizations }) => ({
    title: 'Choose an organization',
    fields: select(organizations),
  }),
};

export const formPage = (action, csrfToken, { title, before, fields, button = 'Continue', after }, around) =>
  layout(title, html`${before && html`<p>${before}</p>`}${form(action, csrfToken, fields, button)}${after}`, around);

export const accountPage = (csrfToken, auth, organizations) => {
  const { user, sessionId, organizationId } = auth;
  const others = form('/account/organization', csrfToken, select(organizations, organizationId), 'Switch organization');
  const details = {
    Name: [user.firstName, user.lastName].filter(Boolean).join(' ') || 'None',
    Email: user.email,
    User: user.id,
    Session: sessionId,
    Organization: organizationId ?? 'None',
  };
  const list = Object.entries(details).map(([term, value]) => html`<dt>${term}</dt><dd>${value}</dd>`);
  const content = html`<dl>${list}</dl>${organizations.length > 1 ? others : ''}
    <nav><a href="/">Back to the start</a>${form('/logout', csrfToken, '', 'Sign out')}</nav>`;
  return layout('Account', content, { auth });
};
