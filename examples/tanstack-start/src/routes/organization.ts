import { createFileRoute } from '@tanstack/react-router';
import { getSignInUrl, switchToOrganization } from '@workos/authkit-tanstack-react-start';

export const Route = createFileRoute('/organization')({
  server: {
    handlers: {
      async POST({ request }) {
        const organizationId = String((await request.formData()).get('organization_id'));
        // An organization may ask for more than the session has proved, such as a second factor.
        const Location = await switchToOrganization({ data: { organizationId } }).then(
          () => '/account',
          () => getSignInUrl({ data: { organizationId, returnPathname: '/account' } }),
        );
        return new Response(null, { status: 303, headers: { Location } });
      },
    },
  },
});
