import type { AuthKitAuth } from '@workos/authkit-sveltekit';

declare global {
  namespace App {
    interface Locals {
      auth: AuthKitAuth;
      /** The session cookie that the route set, to end the session or to change it. */
      sessionOfRoute: string | undefined;
    }
  }
}
