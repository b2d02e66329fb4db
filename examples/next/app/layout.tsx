import { withAuth } from '@workos-inc/authkit-nextjs';
import { AuthKitProvider, Impersonation } from '@workos-inc/authkit-nextjs/components';
import type { Metadata } from 'next';
import Image from 'next/image';
import type { ReactNode } from 'react';
import './style.css';

export const metadata: Metadata = { title: 'Next example' };

export default async function Layout({ children }: { children: ReactNode }) {
  const { accessToken, ...auth } = await withAuth(); // The token stays on the server: the browser has no use for it.
  return (
    <html lang="en">
      <body>
        {/* The provider reads `initialAuth` once. The key gives another session or organization a fresh one. */}
        <AuthKitProvider key={`${auth.sessionId} ${auth.organizationId}`} initialAuth={auth}>
          <header>
            <a href="/">
              <Image src="/icon.svg" alt="" width="32" height="32" loading="eager" />
              Next example
            </a>
          </header>
          <div role="status">
            <Impersonation />
            {auth.impersonator && (
              <p className="notice">
                The person at the keyboard is <strong>{auth.impersonator.email}</strong>
              </p>
            )}
          </div>
          <main>{children}</main>
        </AuthKitProvider>
      </body>
    </html>
  );
}
