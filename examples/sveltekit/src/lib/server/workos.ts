/** The API, for what the AuthKit SDK has no call for. */
import { WorkOS } from '@workos-inc/node';
import { env } from '$env/dynamic/private';

let workos: WorkOS | undefined; // Made when it is first needed: a build has no key.

export async function organizationsOf(userId: string) {
  workos ??= new WorkOS(env.WORKOS_API_KEY, {
    apiHostname: env.WORKOS_API_HOSTNAME,
    port: env.WORKOS_API_PORT ? Number(env.WORKOS_API_PORT) : undefined,
    https: env.WORKOS_API_HTTPS !== 'false',
  });
  const memberships = await workos.userManagement.listOrganizationMemberships({ userId, statuses: ['active'] });
  return (await memberships.autoPagination()).map(({ organizationId, organizationName }) => ({
    id: organizationId,
    name: organizationName,
  }));
}
