import { createFileRoute } from '@tanstack/react-router';
import { handleCallbackRoute } from '@workos/authkit-tanstack-react-start';

const refused = () => new Response('You were not signed in. Go back to the start and try again.', { status: 400 });

export const Route = createFileRoute('/callback')({
  server: { handlers: { GET: handleCallbackRoute({ onError: refused }) } },
});
