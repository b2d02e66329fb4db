import { useAuth } from '@workos-inc/authkit-react';
import { Link, useSearchParams } from 'react-router';
import { EnsureSignedIn, useSessionId } from './auth';
import { SignOut } from './pages';

/** Also the redirect URI: the SDK takes the code out of the address before this is shown. */
export function Account() {
  return (
    <EnsureSignedIn>
      <Details />
    </EnsureSignedIn>
  );
}

function Details() {
  const { user, organizationId } = useAuth();
  const sessionId = useSessionId();
  return (
    <>
      <h1>Account</h1>
      <p>Only signed-in people see this page.</p>
      <dl>
        <dt>Name</dt>
        <dd>{[user?.firstName, user?.lastName].filter(Boolean).join(' ') || 'None'}</dd>
        <dt>Email</dt>
        <dd>{user?.email}</dd>
        <dt>User</dt>
        <dd>
          <code>{user?.id}</code>
        </dd>
        <dt>Session</dt>
        <dd>
          <code>{sessionId}</code>
        </dd>
        <dt>Organization</dt>
        <dd>{organizationId ? <code>{organizationId}</code> : 'None'}</dd>
      </dl>
      <OtherOrganization />
      <nav>
        <Link to="/">Back to the start</Link>
        <SignOut />
      </nav>
    </>
  );
}

/** A browser cannot list memberships: that takes the API key. A link into an organization's pages names it. */
function OtherOrganization() {
  const { organizationId, switchToOrganization } = useAuth();
  const [query] = useSearchParams();
  const wanted = query.get('organization_id');
  if (!wanted || wanted === organizationId) return null;
  return (
    <p>
      This page belongs to <code>{wanted}</code>.{' '}
      <button type="button" onClick={() => switchToOrganization({ organizationId: wanted })}>
        Switch organization
      </button>
    </p>
  );
}
