import { findAccount, type KnownAccount, withWaysIn } from '../attempts/index.ts';
import type { Reply, Services } from '../core/index.ts';
import { isFreshProof, mayOfferPasskey } from '../passkeys/index.ts';
import { authenticatedAtOf } from '../sessions/index.ts';
import type { OpenAttempt } from './browser.ts';
import { type OfferPasskeyView, offerPasskeyPage } from './pages/index.ts';
import { attemptPage, formOf } from './view.ts';

/**
 * The account an attempt at our pages has arrived at. Only they can offer a passkey, so only here somebody looks whether
 * the person wants to be offered one, and how they sign in: a refresh asks for the same account and need not pay for it.
 */
export async function accountAtPages(
  services: Services,
  { attempt, client, tenant }: OpenAttempt,
): Promise<KnownAccount | null> {
  const found = await findAccount(services, tenant, attempt);
  const account = found && (await withWaysIn(services, services.db, tenant, client.environment, found));
  const { canMakePasskey, passkeyOffer } = attempt.answers;
  if (!account || !canMakePasskey || passkeyOffer !== undefined) return account;
  // A proof that this browser brought along from an earlier sign-in is too old to add a way in.
  const isFresh = isFreshProof(services, authenticatedAtOf(attempt.proven));
  const wants = isFresh && (await mayOfferPasskey(services, tenant, client.environment.settings, account.user.id));
  return { ...account, wantsPasskeyOffer: wants };
}

export const offerPage = (open: OpenAttempt, shown: Pick<OfferPasskeyView, 'problem'> = {}, status = 200): Reply =>
  attemptPage(
    open,
    (view) =>
      offerPasskeyPage({
        ...view,
        create: {
          ...formOf(open, '/passkey', 'offer_passkey'),
          optionsUrl: `/passkey/options?attempt=${open.attempt.id}`,
        },
        answer: formOf(open, '/passkey/answer', 'offer_passkey'),
        ...shown,
      }),
    { status },
  );
