import { handleAuth } from '@workos-inc/authkit-nextjs';
import { redirectUri } from '../../redirect-uri';

// Behind a proxy the app does not see its own address, so it is told.
export const GET = handleAuth({ baseURL: redirectUri && new URL(redirectUri).origin });
