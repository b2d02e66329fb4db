import type { Db, Services, Tenant } from '../core/index.ts';
import type { Settings } from '../environments/index.ts';
import type { SocialProvider } from '../protocol/index.ts';
import {
  connectIdentity,
  deleteIdentity,
  findIdentity,
  type IdentityRow,
  linkIdentity,
  type Profile,
  refreshIdentity,
} from '../social/index.ts';
import { claimUser, createUser, findUserByEmail, lockUser, markEmailVerified, type UserRow } from '../users/index.ts';
import { type Attempt, type Learned, startOver } from './attempt.ts';

interface Introduction {
  /** When the provider said so. */
  readonly at: Date;
  readonly attempt: Pick<Attempt, 'answers'>;
  readonly settings: Pick<Settings, 'requireEmailVerification'>;
  /** Whether somebody with that address may make an account here. */
  readonly maySignUp: boolean;
  readonly provider: SocialProvider;
  readonly profile: Profile;
}

/** Nobody has that address, and nobody may sign up. */
export type Introduced = Learned | 'sign_up_closed';

/**
 * Finds out who a provider's account is here, in the transaction that saves what it returns.
 *
 * An account that is known signs its user in. An address that the provider vouches for leads to its user at once. Any
 * other address leads to a code by mail, and only with that code the account becomes the user's: until then nothing is
 * linked, so an address of somebody else is worth nothing.
 */
export async function introduce(
  services: Services,
  tx: Db,
  tenant: Tenant,
  introduction: Introduction,
): Promise<Introduced> {
  const { provider, profile } = introduction;
  const identity = await findIdentity(tx, tenant, { provider, subject: profile.subject });
  const owner = identity && (await lockUser(tx, tenant, identity.userId));
  if (!identity || !owner) return meetByEmail(services, tx, tenant, introduction);
  if (identity.isEmailProven) return recognise(services, tx, tenant, introduction, identity, owner);
  if (!owner.isEmailVerified) {
    const { requireEmailVerification } = introduction.settings;
    if (!requireEmailVerification) return { ...proved(introduction), userId: owner.id, email: owner.email };
    return { ...pending(introduction, false), userId: owner.id, email: owner.email };
  }
  // It was linked before anybody had proved the address. Since then somebody did, and that may have been somebody else.
  await deleteIdentity(tx, tenant, owner.id, identity.id);
  return meetByEmail(services, tx, tenant, introduction);
}

const proved = ({ attempt, at, provider, profile }: Introduction) => ({
  ...startOver(attempt),
  proven: { social: { at: at.getTime(), provider, provesEmail: profile.isEmailVerified } },
});

const pending = (introduction: Introduction, isNew: boolean) => ({
  ...proved(introduction),
  signUp: { kind: 'social', profile: introduction.profile, isNew } as const,
});

async function recognise(
  services: Services,
  tx: Db,
  tenant: Tenant,
  introduction: Introduction,
  identity: IdentityRow,
  owner: UserRow,
): Promise<Learned> {
  const { profile } = introduction;
  await refreshIdentity(services, tx, tenant, identity, profile);
  if (profile.isEmailVerified && profile.email !== null)
    await markEmailVerified(services, tenant, tx, owner.id, profile.email);
  return { ...proved(introduction), userId: owner.id, email: owner.email };
}

/** An account that is nobody's yet. */
async function meetByEmail(
  services: Services,
  tx: Db,
  tenant: Tenant,
  introduction: Introduction,
): Promise<Introduced> {
  const { email } = introduction.profile;
  if (email === null) return pending(introduction, true);
  const user = await findUserByEmail(tx, tenant, email);
  return user ? meetUser(services, tx, tenant, introduction, user) : signUp(services, tx, tenant, introduction, email);
}

async function meetUser(
  services: Services,
  tx: Db,
  tenant: Tenant,
  introduction: Introduction,
  { id, email }: UserRow,
): Promise<Learned> {
  const { profile } = introduction;
  if (!profile.isEmailVerified) return { ...pending(introduction, false), userId: id, email };
  await adopt(services, tx, tenant, id, introduction.provider, profile);
  return { ...proved(introduction), userId: id, email };
}

/** Links a provider's account to a user whose address is proved by now, and empties the account where it was not before. */
async function adopt(
  services: Services,
  tx: Db,
  tenant: Tenant,
  userId: string,
  provider: SocialProvider,
  profile: Profile,
): Promise<void> {
  const held = await lockUser(tx, tenant, userId);
  if (held && !held.isEmailVerified) {
    await claimUser(services, tenant, tx, userId);
    await markEmailVerified(services, tenant, tx, userId, profile.email);
  }
  await connectIdentity(services, tx, tenant, userId, provider, { ...profile, isEmailProven: true });
}

async function signUp(
  services: Services,
  tx: Db,
  tenant: Tenant,
  introduction: Introduction,
  email: string,
): Promise<Introduced> {
  const { profile, provider, settings } = introduction;
  if (!introduction.maySignUp) {
    // Who cannot know whose address it is learns nothing about it: the page is the one for an account that exists.
    if (profile.isEmailVerified) return 'sign_up_closed';
    return { ...proved(introduction), email, signUp: { kind: 'decoy', isClosed: true } };
  }
  const { firstName, lastName, name, pictureUrl: profilePictureUrl, isEmailVerified } = profile;
  const said = { firstName, lastName, name, profilePictureUrl, isSelfDescribed: true };
  const person = { email, ...said, isEmailVerified };
  const user = await createUser(services, tenant, tx, person);
  // Somebody else signed up with it a moment ago.
  if (user === 'email_taken') return meetByEmail(services, tx, tenant, introduction);
  if (!isEmailVerified && settings.requireEmailVerification)
    return { ...pending(introduction, true), userId: user.id, email };
  await linkIdentity(services, tx, tenant, user.id, provider, { ...profile, isEmailProven: isEmailVerified });
  return { ...proved(introduction), userId: user.id, email, signUp: null };
}
