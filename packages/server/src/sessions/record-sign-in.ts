import type { Db, Services, Tenant } from '../core/index.ts';
import { recordEvent } from '../events/index.ts';
import type { UserRow } from '../users/index.ts';

/** Says that somebody who was signed in has proved anew who they are, because an app or a page of ours wanted that. */
export const recordReauthentication = (
  services: Services,
  tx: Db,
  tenant: Tenant,
  { id, email }: Pick<UserRow, 'id' | 'email'>,
  { ipAddress, userAgent }: { readonly ipAddress: string | null; readonly userAgent: string | null },
): Promise<void> =>
  recordEvent(services, tx, tenant, {
    name: 'authentication.reauthentication_succeeded',
    data: {
      type: 'reauthentication',
      status: 'succeeded',
      ip_address: ipAddress,
      user_agent: userAgent,
      user_id: id,
      email,
    },
    userId: id,
  });

/** Says that somebody has signed in, by whichever door they came. */
export const recordSignIn = (
  services: Services,
  tx: Db,
  tenant: Tenant,
  { id, email }: Pick<UserRow, 'id' | 'email'>,
  authenticationMethod: string,
): Promise<void> =>
  recordEvent(services, tx, tenant, {
    name: 'sign_in.completed',
    data: { user_id: id, email, authentication_method: authenticationMethod },
    userId: id,
  });
