/** The pages, as plain HTML. */

const escaped = (value) => String(value ?? '').replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

const html = (title, body) => `<!doctype html>
<html lang="en">
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width">
  <title>${escaped(title)}</title>
  <style>
    body { max-width: 32rem; margin: 3rem auto; padding: 0 1rem; font: 1rem/1.5 system-ui, sans-serif; color-scheme: light dark }
    a, button { margin-right: 1rem; font: inherit }
  </style>
  <h1>${escaped(title)}</h1>
  ${body}
</html>`;

export const message = (title, next) => html(title, `<p><a href="${next}">Go on</a></p>`);

export function page({ auth, title }) {
  if (!auth) return html(title, '<p><a href="/login">Sign in</a><a href="/login?screen_hint=sign-up">Sign up</a></p>');
  return html(
    title,
    `<p>You are signed in as ${escaped(auth.user.email)}${auth.role ? `, ${escaped(auth.role)}` : ''}</p>
  <p><a href="/account">Account</a><a href="/team">Team</a></p>
  <form method="post" action="/logout"><button>Sign out</button></form>`,
  );
}
