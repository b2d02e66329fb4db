import { withAuth } from '@workos-inc/authkit-nextjs';
import { OrganizationSwitcher } from '../../organization-switcher';
import { SignOutButton } from '../../sign-out-button';

export default async function Account() {
  // The middleware lets nobody else pass. Should its matcher ever miss this path, the page shows nothing.
  const { user, sessionId, organizationId } = await withAuth({ ensureSignedIn: true });
  return (
    <>
      <h1>Account</h1>
      <p>Only signed-in people see this page.</p>
      <dl>
        <dt>Name</dt>
        <dd>{[user.firstName, user.lastName].filter(Boolean).join(' ') || 'None'}</dd>
        <dt>Email</dt>
        <dd>{user.email}</dd>
        <dt>User</dt>
        <dd>{user.id}</dd>
        <dt>Session</dt>
        <dd>{sessionId}</dd>
        <dt>Organization</dt>
        <dd>{organizationId ?? 'None'}</dd>
      </dl>
      <OrganizationSwitcher userId={user.id} current={organizationId} />
      <nav>
        <a href="/">Back to the start</a>
        <a href="/help">Help</a>
        <SignOutButton />
      </nav>
    </>
  );
}
