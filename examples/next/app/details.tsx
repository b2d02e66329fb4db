import type { UserInfo } from '@workos-inc/authkit-nextjs';

/** What AuthKit knows about the person: the same on the server and in the browser, which has no access token. */
export function Details({ user, ...auth }: Omit<UserInfo, 'accessToken'>) {
  const rows = {
    Name: [user.firstName, user.lastName].filter(Boolean).join(' '),
    Email: user.email,
    User: user.id,
    Session: auth.sessionId,
    Organization: auth.organizationId,
    Role: auth.role,
    Roles: auth.roles?.join(', '),
    Permissions: auth.permissions?.join(', '),
    Entitlements: auth.entitlements?.join(', '),
    'Feature flags': auth.featureFlags?.join(', '),
    Impersonator: auth.impersonator?.email,
  };
  return (
    <dl>
      {Object.entries(rows).map(([term, value]) => (
        <div key={term}>
          <dt>{term}</dt>
          <dd>{value || 'None'}</dd>
        </div>
      ))}
    </dl>
  );
}
