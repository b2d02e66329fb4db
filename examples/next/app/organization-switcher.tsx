import { getWorkOS } from '@workos-inc/authkit-nextjs';
import { switchOrganizationAction } from './actions';

/** Nothing for who belongs to one organization or none. */
export async function OrganizationSwitcher({ userId, current }: { userId: string; current?: string }) {
  const memberships = await getWorkOS().userManagement.listOrganizationMemberships({ userId, statuses: ['active'] });
  const organizations = await memberships.autoPagination();
  if (organizations.length < 2) return null;
  return (
    <form action={switchOrganizationAction} className="switcher">
      <label htmlFor="organization">Organization</label>
      <select id="organization" name="organization_id" defaultValue={current}>
        {organizations.map(({ organizationId, organizationName }) => (
          <option key={organizationId} value={organizationId}>
            {organizationName}
          </option>
        ))}
      </select>
      <button type="submit">Switch organization</button>
    </form>
  );
}
