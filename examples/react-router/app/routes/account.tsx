import { authkitLoader, getWorkOS, switchToOrganization } from '@workos-inc/authkit-react-router';
import { Fragment } from 'react';
import { Form, Link } from 'react-router';
import { assertSameOrigin, loaderOptions } from '../auth.server';
import { SignOut } from '../sign-out';
import type { Route } from './+types/account';

// docs: protect
export function loader(args: Route.LoaderArgs) {
  return authkitLoader(args, async ({ auth }) => ({ organizations: await organizationsOf(auth.user.id) }), {
    ...loaderOptions,
    ensureSignedIn: true,
  });
}
// docs: end

// docs: switch
export async function action(args: Route.ActionArgs) {
  assertSameOrigin(args.request);
  await authkitLoader(args, { ...loaderOptions, ensureSignedIn: true });
  const organizationId = (await args.request.formData()).get('organization_id');
  return switchToOrganization(args.request, String(organizationId), { returnTo: '/account' });
}
// docs: end

async function organizationsOf(userId: string) {
  const { userManagement } = getWorkOS();
  const memberships = await userManagement.listOrganizationMemberships({ userId, statuses: ['active'] });
  return (await memberships.autoPagination()).map(({ organizationId, organizationName }) => ({
    id: organizationId,
    name: organizationName,
  }));
}

export default function Account({ loaderData, actionData }: Route.ComponentProps) {
  const { user, sessionId, organizationId, organizations } = loaderData;
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
      {actionData && !actionData.success && <p role="alert">The organization was not switched. Please try again.</p>}
      <dl>
        {Object.entries(facts).map(([term, fact]) => (
          <Fragment key={term}>
            <dt>{term}</dt>
            <dd>{fact}</dd>
          </Fragment>
        ))}
      </dl>
      {organizations.length > 1 && (
        <Form method="post">
          <label htmlFor="organization">Organization</label>
          <select id="organization" name="organization_id" defaultValue={organizationId ?? ''}>
            {organizations.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
          <button type="submit">Switch organization</button>
        </Form>
      )}
      <nav>
        <Link to="/">Back to the start</Link>
        <SignOut />
      </nav>
    </>
  );
}
