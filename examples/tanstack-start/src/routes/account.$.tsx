import { createFileRoute, Link, redirect } from '@tanstack/react-router';
import { createServerFn } from '@tanstack/react-start';
import { getAuthKitContext, getAuthkit } from '@workos/authkit-tanstack-react-start';
import { Fragment } from 'react';
import { SignOut } from '../sign-out';

// docs: protect
const getAccount = createServerFn({ method: 'GET' }).handler(async () => {
  const auth = getAuthKitContext().auth();
  if (!auth.user) return null;
  const { userManagement } = (await getAuthkit()).getWorkOS();
  const ofPerson = { userId: auth.user.id, statuses: ['active' as const] };
  const memberships = await (await userManagement.listOrganizationMemberships(ofPerson)).autoPagination();
  const organizations = memberships.map(({ organizationId: id, organizationName: name }) => ({ id, name }));
  const { user, sessionId, organizationId } = auth;
  return { user, sessionId, organizationId, organizations };
});

export const Route = createFileRoute('/account/$')({
  async loader({ location }) {
    const account = await getAccount();
    if (!account)
      throw redirect({ href: `/login?return_to=${encodeURIComponent(location.href)}`, reloadDocument: true });
    return account;
  },
  component: Account,
});
// docs: end

function Account() {
  const { user, sessionId, organizationId, organizations } = Route.useLoaderData();
  const facts = {
    Name: [user.firstName, user.lastName].filter(Boolean).join(' ') || 'None',
    Email: user.email,
    User: user.id,
    Session: sessionId,
    Organization: organizationId ?? 'None',
  };
  return (
    <>
      <h1>Account</h1>
      <p>Only signed-in people see this page.</p>
      <dl>
        {Object.entries(facts).map(([term, fact]) => (
          <Fragment key={term}>
            <dt>{term}</dt>
            <dd>{fact}</dd>
          </Fragment>
        ))}
      </dl>
      {organizations.length > 1 && (
        <form method="post" action="/organization">
          <label htmlFor="organization">Organization</label>
          <select id="organization" name="organization_id" defaultValue={organizationId}>
            {organizations.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
          <button type="submit">Switch organization</button>
        </form>
      )}
      <nav>
        <Link to="/">Back to the start</Link>
        <SignOut />
      </nav>
    </>
  );
}
