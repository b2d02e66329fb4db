/** The address somebody asked for, on its way from the page that takes it to the page that asks for the code. */
import { z } from 'zod';
import { type Services, seconds } from '../core/index.ts';
import type { OpenAccount } from './open.ts';

/**
 * It travels sealed in the page's address and stands nowhere else: were it kept only where a code was sent, a page could
 * tell whose address is taken. Sealed, because addresses of pages end up in logs and histories.
 */
export interface EmailWish {
  readonly email: string;
  readonly askedAt: Date;
}

/** Between two mails to one address from this page. What somebody sends at once all the same, the limits of mails stop. */
const resendAfterMs = seconds(30);

const shape = z.object({ email: z.string(), askedAt: z.coerce.date() });

const placeOf = ({ tenant, user }: OpenAccount): string => `email wish ${tenant.environmentId} ${user.id}`;

export const sealWish = ({ vault }: Pick<Services, 'vault'>, open: OpenAccount, wish: EmailWish): string =>
  vault.seal(JSON.stringify(wish), placeOf(open));

/** Null when it is not this person's, or was changed on the way. */
export function openWish(
  { vault }: Pick<Services, 'vault'>,
  open: OpenAccount,
  sealed: string | undefined,
): EmailWish | null {
  if (sealed === undefined) return null;
  try {
    return shape.parse(JSON.parse(vault.open(sealed, placeOf(open))));
  } catch {
    return null;
  }
}

/** @returns seconds until another code may be asked for */
export const waitOf = ({ now }: Pick<Services, 'now'>, { askedAt }: EmailWish): number =>
  Math.max(0, Math.ceil((askedAt.getTime() + resendAfterMs - now().getTime()) / 1000));
