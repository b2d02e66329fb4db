/** The same with React. */
import { AuthKitProvider, useAuth } from '@workos-inc/authkit-react';
import { createElement, useEffect } from 'react';
import { createRoot } from 'react-dom/client';

function Shop() {
  const { isLoading, user, signIn, signOut, organizationId, impersonator, authenticationMethod, switchToOrganization } =
    useAuth();
  window.switchToOrganization = (id) => switchToOrganization({ organizationId: id });
  // The sign-in endpoint: whoever is sent here is to sign in.
  useEffect(() => {
    if (!isLoading && location.pathname === '/login') signIn();
  }, [isLoading, signIn]);
  if (isLoading) return createElement('p', { id: 'state' }, 'Starting');
  const button = (id, label, onClick) => createElement('button', { type: 'button', id, onClick }, label);
  return createElement(
    'div',
    null,
    createElement('p', { id: 'state' }, user?.email ?? 'Signed out'),
    createElement('p', { id: 'organization' }, organizationId ?? 'No organization'),
    createElement('p', { id: 'method' }, authenticationMethod ?? 'None'),
    createElement(
      'p',
      { id: 'impersonator' },
      impersonator ? `${impersonator.email}: ${impersonator.reason}` : 'Nobody',
    ),
    button('sign-in', 'Sign in', () => signIn()),
    button('sign-out', 'Sign out', () => signOut({ returnTo: `${location.origin}/` })),
  );
}

const { clientId, ...options } = window.config;
const provider = { clientId, ...options, redirectUri: `${location.origin}/callback` };
createRoot(document.querySelector('main')).render(createElement(AuthKitProvider, provider, createElement(Shop)));
