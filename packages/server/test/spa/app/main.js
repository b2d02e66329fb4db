/** A single-page app on the official SDK without a framework. The page that serves it says whom it talks to. */
import { createClient } from '@workos-inc/authkit-js';

const { clientId, ...options } = window.config;
const show = () => {
  document.getElementById('state').textContent = client.getUser()?.email ?? 'Signed out';
};

const client = await createClient(clientId, {
  ...options,
  redirectUri: `${location.origin}/callback`,
  onBeforeAutoRefresh: () => true,
  onRefresh: () => queueMicrotask(show),
  onRefreshFailure: () => queueMicrotask(show),
});
const on = (id, act) => document.getElementById(id).addEventListener('click', act);
on('sign-in', () => client.signIn({ state: { from: 'button' } }));
on('sign-up', () => client.signUp());
on('sign-out', () => client.signOut({ returnTo: `${location.origin}/` }));
window.client = client;
show();
