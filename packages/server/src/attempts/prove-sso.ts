import type { Db, Services, Tenant } from '../core/index.ts';
import { findActiveMembership, findInvitation, findOrganization, vouchesFor } from '../organizations/index.ts';
import { type Assertion, type ConnectionRow, keepProfile, linkProfile, type ProfileRow } from '../sso/index.ts';
import {
  changeUser,
  claimUser,
  createUser,
  emailKey,
  findUserByEmail,
  lockUser,
  markEmailVerified,
  type UserRow,
} from '../users/index.ts';
import { type Attempt, type Learned, startOver } from './attempt.ts';

interface SignOn {
  /** When the provider said so. */
  readonly at: Date;
  readonly attempt: Pick<Attempt, 'answers' | 'request'>;
  /** Whether somebody with that address may make an account here. */
  readonly maySignUp: boolean;
  /** Active. */
  readonly connection: ConnectionRow;
  readonly assertion: Assertion;
}

/**
 * `outside`: the address is none of the organization's, and nobody there has asked them in. `no_email`: the provider told
 * no address, and an account cannot be without one.
 */
export type SignedOn = Learned | 'outside' | 'no_email';

interface Seen extends SignOn {
  readonly profile: ProfileRow;
}

/**
 * Finds out who a provider's person is here, in the transaction that saves what it returns.
 *
 * Known by connection and subject they are signed in. An address of a domain that the organization has proved leads to its
 * user at once, who is made if there is none. Any other is a guest's: of somebody the organization has asked in, and only
 * a code by mail proves that the address is theirs, because nothing else makes the provider its authority.
 */
export async function introduceBySignOn(services: Services, tx: Db, tenant: Tenant, signOn: SignOn): Promise<SignedOn> {
  const seen: Seen = { ...signOn, profile: await keepProfile(services, tx, signOn.connection, signOn.assertion) };
  const { userId } = seen.profile;
  const owner = userId === null ? null : await lockUser(tx, tenant, userId);
  if (owner) return recognise(services, tx, tenant, seen, owner);
  const { email } = signOn.assertion;
  if (email === null) return 'no_email';
  if (await vouchesFor(tx, tenant, signOn.connection.organizationId, email))
    return meetMember(services, tx, tenant, seen, email);
  return meetGuest(services, tx, tenant, seen, email);
}

const proved = (
  { attempt, at, connection, profile }: Seen,
  { id, email }: Pick<UserRow, 'id' | 'email'>,
  isVouched: boolean,
) => ({
  ...startOver(attempt),
  userId: id,
  email,
  proven: {
    sso: {
      at: at.getTime(),
      connectionId: connection.id,
      organizationId: connection.organizationId,
      profileId: profile.id,
      provesEmail: isVouched,
    },
  },
});

/** Nothing is linked until a code has proved the inbox. */
const pending = (seen: Seen, user: Pick<UserRow, 'id' | 'email'>, isNew: boolean): Learned => ({
  ...proved(seen, user, false),
  signUp: { kind: 'sso', profileId: seen.profile.id, isNew },
});

async function recognise(services: Services, tx: Db, tenant: Tenant, seen: Seen, owner: UserRow): Promise<SignedOn> {
  const isVouched = await vouchesFor(tx, tenant, seen.connection.organizationId, owner.email);
  if (!isVouched && !(await isAskedIn(tx, tenant, seen, owner))) return 'outside';
  const isSameAddress = emailKey(seen.assertion.email ?? '') === emailKey(owner.email);
  // Their address was changed since to one that neither they nor the provider has proved.
  if (!owner.isEmailVerified && !(isVouched && isSameAddress)) return pending(seen, owner, false);
  if (isVouched) await followProfile(services, tx, tenant, seen, owner);
  return proved(seen, owner, isVouched);
}

/** The organization's own people are called what it calls them. */
async function followProfile(
  services: Services,
  tx: Db,
  tenant: Tenant,
  { assertion: { firstName, lastName, name } }: Seen,
  owner: UserRow,
): Promise<void> {
  if (!owner.isEmailVerified) await markEmailVerified(services, tenant, tx, owner.id, owner.email);
  const names = {
    ...(firstName === null ? {} : { first_name: firstName }),
    ...(lastName === null ? {} : { last_name: lastName }),
    ...(name === null ? {} : { name }),
  };
  await changeUser(services, tenant, tx, owner.id, names, null);
}

async function meetMember(services: Services, tx: Db, tenant: Tenant, seen: Seen, email: string): Promise<SignedOn> {
  const known = await findUserByEmail(tx, tenant, email);
  if (known) {
    const held = await lockUser(tx, tenant, known.id);
    // Whoever made an account with an address that nobody had proved may have been waiting for exactly this.
    if (held && !held.isEmailVerified) {
      await claimUser(services, tenant, tx, known.id);
      await markEmailVerified(services, tenant, tx, known.id, email);
    }
    await linkProfile(tx, tenant, seen.profile.id, known.id);
    return proved(seen, known, true);
  }
  if (!seen.maySignUp && !(await takesInMembers(tx, tenant, seen))) return 'outside';
  const user = await makeUser(services, tx, tenant, seen, email, true);
  // Somebody else signed up with it a moment ago.
  if (user === 'email_taken') return meetMember(services, tx, tenant, seen, email);
  await linkProfile(tx, tenant, seen.profile.id, user.id);
  return proved(seen, user, true);
}

/** An organization that makes members of whoever its provider names asks them in by that, where sign-up is closed. */
async function takesInMembers(tx: Db, tenant: Tenant, { connection }: Seen): Promise<boolean> {
  return (await findOrganization(tx, tenant, connection.organizationId))?.isJoinedBySso ?? false;
}

async function meetGuest(services: Services, tx: Db, tenant: Tenant, seen: Seen, email: string): Promise<SignedOn> {
  const known = await findUserByEmail(tx, tenant, email);
  if (!(await isAskedIn(tx, tenant, seen, known))) return 'outside';
  if (known) return pending(seen, known, false);
  if (!seen.maySignUp) return 'outside';
  const user = await makeUser(services, tx, tenant, seen, email, false);
  return user === 'email_taken' ? meetGuest(services, tx, tenant, seen, email) : pending(seen, user, true);
}

/** Members from outside the domains, invited people, and everybody where the organization takes in outsiders. */
async function isAskedIn(
  tx: Db,
  tenant: Tenant,
  { connection: { organizationId }, attempt: { request } }: Seen,
  user: Pick<UserRow, 'id'> | null,
): Promise<boolean> {
  if (user && (await findActiveMembership(tx, tenant, user.id, organizationId))) return true;
  const { invitationId } = request;
  const invitation = invitationId === null ? null : await findInvitation(tx, tenant, invitationId);
  if (invitation?.organizationId === organizationId) return true;
  return (await findOrganization(tx, tenant, organizationId))?.isOpenToOutsideProfiles ?? false;
}

const makeUser = (
  services: Services,
  tx: Db,
  tenant: Tenant,
  { assertion: { firstName, lastName, name } }: Seen,
  email: string,
  isEmailVerified: boolean,
) => createUser(services, tenant, tx, { email, firstName, lastName, name, profilePictureUrl: null, isEmailVerified });
