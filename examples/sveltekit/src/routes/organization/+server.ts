import { redirect } from '@sveltejs/kit';
import { authKit } from '@workos/authkit-sveltekit';
import type { RequestHandler } from './$types';

export const POST: RequestHandler = async (event) => {
  const organizationId = String((await event.request.formData()).get('organization_id'));
  const response = await authKit.switchOrganization(event, { organizationId }).catch(() => null);
  // An organization may ask for more than the session has proved, such as a second factor.
  if (!response) redirect(303, await authKit.getSignInUrl({ organizationId, returnTo: '/account' }));
  response.headers.set('Location', '/account'); // The SDK names the address that was posted to.
  return response;
};
