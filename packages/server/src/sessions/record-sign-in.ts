import type { Db, Services, Tenant } from '../core/index.ts';
import { recordEvent } from '../events/index.ts';
import type { UserRow } from '../users/index.ts';

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
