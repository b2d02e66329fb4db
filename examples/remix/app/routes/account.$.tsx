import type { ActionFunctionArgs, LoaderFunctionArgs } from '@remix-run/node';
import { Form, Link, useActionData, useLoaderData } from '@remix-run/react';
import { authkitLoader, getWorkOS, switchToOrganization } from '@workos-inc/authkit-remix';
import { Fragment } from 'react';
import { assertSameOrigin, loaderOptions } from '../auth.server';
import { SignOut } from '../sign-out';

// docs: protect
export function loader(args: LoaderFunctionArgs) {
  return authkitLoader(args, async ({ auth }) => ({ organizations: await organizationsOf(auth.user.id) }), {
    ...loaderOptions,
    ensureSignedIn: true,
  });
}
// docs: end

// docs: switch
export async function action(args: ActionFunctionArgs) {
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

export default function Account() {
  const { user, sessionId, organizationId, organizations } = useLoaderData<typeof loader>();
  const actionData = useActionData<typeof action>();
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
