import { AuthKitProvider } from '@workos-inc/authkit-react';
import { type ReactNode, StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { BrowserRouter, Route, Routes, useNavigate } from 'react-router';
import { Account } from './account';
import { ownPath, SignIn } from './auth';
import { Home, Layout, NotFound } from './pages';

const env = import.meta.env;

// docs: provider
/** Inside the router, because whoever comes back from signing in is taken to where they wanted to go. */
function Auth({ children }: { children: ReactNode }) {
  const navigate = useNavigate();
  return (
    <AuthKitProvider
      clientId={env.VITE_WORKOS_CLIENT_ID}
      redirectUri={env.VITE_WORKOS_REDIRECT_URI}
      apiHostname={env.VITE_WORKOS_API_HOSTNAME}
      port={env.VITE_WORKOS_API_PORT ? Number(env.VITE_WORKOS_API_PORT) : undefined}
      https={env.VITE_WORKOS_API_HTTPS !== 'false'}
      onRedirectCallback={({ state }) => navigate(ownPath(state?.returnTo), { replace: true })}
    >
      {children}
    </AuthKitProvider>
  );
}
// docs: end

createRoot(document.getElementById('root') as HTMLElement).render(
  <StrictMode>
    <BrowserRouter>
      <Auth>
        <Routes>
          <Route element={<Layout />}>
            <Route index element={<Home />} />
            <Route path="login" element={<SignIn />} />
            <Route path="account/*" element={<Account />} />
            <Route path="*" element={<NotFound />} />
          </Route>
        </Routes>
      </Auth>
    </BrowserRouter>
  </StrictMode>,
);
