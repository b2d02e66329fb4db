/** Signing in with an account elsewhere: out to the provider, and what its answer says about somebody here. */
import { z } from 'zod';
import { introduce, type Learned, startOver } from '../attempts/index.ts';
import type { RequestInfo, Services } from '../core/index.ts';
import { recordEvent } from '../events/index.ts';
import type { SocialProvider } from '../protocol/index.ts';
import {
  type Arrival,
  beginTrip,
  descriptionOf,
  dropTokens,
  findIdentity,
  findOffered,
  keepTokens,
  listOffered,
  type OfferedProvider,
  type Profile,
  type ProviderTokens,
  ProviderUnreachable,
  providerOfSlug,
  type TripWishes,
} from '../social/index.ts';
import { say } from '../texts/index.ts';
import { findUserByEmail } from '../users/index.ts';
import { learn } from './advance.ts';
import type { OpenAttempt } from './browser.ts';
import { countSignUp } from './limits.ts';
import type { Problem, SocialView } from './pages/index.ts';
import { invitationFault, signUpDoor } from './sign-up-door.ts';
import { formOf } from './view.ts';

/** What the buttons of a page need. */
export async function socialView(services: Services, open: OpenAttempt): Promise<SocialView> {
  const offered = await listOffered(services, open.tenant, open.client.environment);
  return {
    ...formOf(open, '/sign-in/social', 'social'),
    providers: offered.map(({ provider, description: { label } }) => ({ provider, label })),
  };
}

/** Where this sign-in goes on at a provider, or why it does not. */
export async function urlOfProvider(
  services: Services,
  { attempt, client, tenant }: OpenAttempt,
  provider: SocialProvider,
  wishes: TripWishes,
): Promise<URL | 'not_offered' | 'unreachable'> {
  const offered = await findOffered(services, tenant, client.environment, provider);
  if (!offered) return 'not_offered';
  const asked = { ...wishes, asksAgain: attempt.request.asksAgain };
  try {
    return await beginTrip(services, tenant, offered, attempt.id, asked);
  } catch (error) {
    if (!(error instanceof ProviderUnreachable)) throw error;
    services.log.warn({ err: error, provider }, 'A provider cannot be reached');
    return 'unreachable';
  }
}

/** How a journey to a provider came to nothing. */
export const returns = ['refused', 'failed', 'lost', 'closed', 'not_offered'] as const;
export type Return = (typeof returns)[number];

/** In the address of the page that people come back to. */
export const returnQuery = {
  social: z.enum(returns).optional().catch(undefined),
  provider: z.string().max(32).optional().catch(undefined),
};

const messages = {
  refused: 'social.refused',
  failed: 'social.failed',
  lost: 'social.lost',
  closed: 'social.closed',
  not_offered: 'social.notOffered',
} as const;

export function problemOf(
  { social, provider: slug = '' }: { readonly social?: Return | undefined; readonly provider?: string | undefined },
  { client }: OpenAttempt,
): Problem | null {
  const provider = providerOfSlug(slug);
  if (!social || !provider) return null;
  const values = { provider: descriptionOf(provider).label, app: client.applicationName };
  return { message: say(messages[social], values) };
}

/**
 * Writes down who came back from a provider.
 *
 * @returns the attempt with what was learned, null when another request was first, or `closed` when there is no account
 *   and nobody may make one
 * @throws {TooManyRequests} when this network has signed up too often
 */
export async function arrive(
  services: Services,
  open: OpenAttempt,
  offered: OfferedProvider,
  { profile, tokens }: Pick<Extract<Arrival, { outcome: 'identified' }>, 'profile' | 'tokens'>,
  request: RequestInfo,
): Promise<OpenAttempt | null | 'closed'> {
  const { provider, row } = offered;
  if (profile.email !== null) await countStranger(services, open, provider, profile, request);
  const moved = await meet(services, open, provider, profile, row?.hasTokensReturned ? tokens : null);
  if (moved !== null && moved !== 'closed') await recordOutcome(services, moved, request, null);
  return moved;
}

/** The person says what the provider did not: their address, which a code proves. */
export async function tellEmail(
  services: Services,
  open: OpenAttempt,
  email: string,
  request: RequestInfo,
): Promise<OpenAttempt | null | 'closed'> {
  const { signUp, proven } = open.attempt;
  if (signUp?.kind !== 'social' || !proven.social) throw new Error('No provider has said who this is.');
  const { provider } = proven.social;
  const profile = { ...signUp.profile, email, isEmailVerified: false };
  await countStranger(services, open, provider, profile, request);
  return meet(services, open, provider, profile, 'same');
}

/**
 * Whoever may be making an account counts as a sign-up; signing in does not, however many do in one house. Whether an
 * address has an account is asked only where the provider vouches for it: to anybody else the limit would tell.
 */
async function countStranger(
  services: Services,
  open: OpenAttempt,
  provider: SocialProvider,
  { subject, email, isEmailVerified }: Profile,
  request: RequestInfo,
): Promise<void> {
  const { db } = services;
  const identity = await findIdentity(db, open.tenant, { provider, subject });
  if (identity) return;
  const user = isEmailVerified && email !== null ? await findUserByEmail(db, open.tenant, email) : null;
  if (!user) await countSignUp(services, open, request);
}

async function meet(
  services: Services,
  open: OpenAttempt,
  provider: SocialProvider,
  profile: Profile,
  tokens: ProviderTokens | null | 'same',
): Promise<OpenAttempt | null | 'closed'> {
  const { attempt, client, tenant } = open;
  const maySignUp = await isWelcome(services, open, profile.email);
  return services.db.transaction(async (tx) => {
    // First of all it is nobody's: what is taken from somebody below must not be taken for a proof of theirs.
    const cleared = await learn(tx, open, startOver(attempt));
    if (!cleared) return null;
    const { settings } = client.environment;
    const introduction = { at: services.now(), attempt, settings, maySignUp, provider, profile };
    const learned = await introduce(services, tx, tenant, introduction);
    if (learned === 'sign_up_closed') return 'closed';
    const moved = await learn(tx, cleared, learned);
    if (moved && tokens !== 'same') await holdTokens(services, tx, moved, learned, tokens);
    return moved;
  });
}

/** Whether sign-up is open to this address: to everybody, or by the invitation that brought the browser here. */
async function isWelcome(services: Services, open: OpenAttempt, email: string | null): Promise<boolean> {
  if (email === null || signUpDoor(open) !== 'open') return false;
  return (await invitationFault(services, open, email)) === null;
}

async function holdTokens(
  services: Services,
  tx: Parameters<typeof learn>[0],
  { attempt, tenant }: OpenAttempt,
  { userId = null }: Learned,
  tokens: ProviderTokens | null,
): Promise<void> {
  if (tokens) await keepTokens(services, tx, tenant, { attemptId: attempt.id, userId }, tokens);
  else await dropTokens(tx, tenant, attempt.id);
}

/** @param error - what went wrong; null when nothing did */
export async function recordOutcome(
  services: Services,
  { attempt, tenant }: OpenAttempt,
  { ip, userAgent }: RequestInfo,
  error: { readonly code: string; readonly message: string } | null,
): Promise<void> {
  const status = error ? 'failed' : 'succeeded';
  const userId = error ? null : attempt.userId;
  const data = {
    type: 'oauth',
    status,
    ip_address: ip,
    user_agent: userAgent,
    user_id: userId,
    email: error ? null : attempt.email,
    ...(error ? { error } : {}),
  };
  await services.db.transaction((tx) =>
    recordEvent(services, tx, tenant, { name: `authentication.oauth_${status}`, data, userId }),
  );
}
