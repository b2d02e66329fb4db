import {
  type Db,
  EntityNotFound,
  InvalidRequestParameters,
  type Listed,
  newId,
  type Page,
  type PageQuery,
  pageOf,
  type Services,
  type Tenant,
  timeOfId,
} from '../core/index.ts';
import { recordEvent } from '../events/index.ts';
import { queueMail } from '../mail/index.ts';
import { findUserByEmail, InvalidEmail, normalizeEmail } from '../users/index.ts';
import { UserAlreadyExists, WaitlistEntryNotPending } from './errors.ts';
import { findOpenInvitationOf } from './invitation.store.ts';
import { assertMayMail, invite } from './invitations.ts';
import { toWaitlistWire, type WaitlistRow, waitlistIdOf } from './waitlist.schema.ts';
import {
  findEntry,
  findEntryByEmail,
  insertEntry,
  markApproved,
  markDenied,
  removeEntry,
  selectEntries,
  type WaitlistFilter,
} from './waitlist.store.ts';

/** @param id - of the environment's one waitlist, or `default` */
export function assertWaitlist(tenant: Tenant, id: string): void {
  if (id !== 'default' && id !== waitlistIdOf(tenant.environmentId)) throw new EntityNotFound('Waitlist', id);
}

/** A page of the one there is. @throws {InvalidRequestParameters} when a cursor is another one's */
export function pageOfWaitlists({ environmentId }: Tenant, query: PageQuery): Promise<Page<Listed>> {
  const only = { id: waitlistIdOf(environmentId), createdAt: timeOfId(environmentId) };
  const isBeyond = query.before !== undefined || query.after !== undefined;
  return pageOf(
    query,
    async (id) => (id === only.id ? only : null),
    async () => (isBeyond ? [] : [only]),
  );
}

export function listWaitlist(
  db: Db,
  tenant: Tenant,
  query: PageQuery,
  filter: WaitlistFilter,
): Promise<Page<WaitlistRow>> {
  return pageOf(
    query,
    (id) => findEntry(db, tenant, id),
    (where, order, limit) => selectEntries(db, tenant, filter, where, order, limit),
  );
}

/** @throws {EntityNotFound} also when it belongs to another environment */
async function getEntry(db: Db, tenant: Tenant, id: string): Promise<WaitlistRow> {
  const entry = await findEntry(db, tenant, id);
  if (!entry) throw new EntityNotFound('WaitlistUser', id);
  return entry;
}

/**
 * Puts an address on the waitlist. Who is on it already stays as they are, and so does who has an account: the page that
 * people see says the same to all of them.
 *
 * @param email - normalised
 * @param confirmation - whether a mail tells them, and in which language; null sends none. The caller has counted it
 * @returns the entry; null when the address has an account
 */
export async function joinWaitlist(
  services: Services,
  tx: Db,
  tenant: Tenant,
  email: string,
  fields: WaitlistRow['fields'] = {},
  confirmation: { readonly locale: string | null } | null = null,
): Promise<WaitlistRow | null> {
  const at = services.now();
  if (await findUserByEmail(tx, tenant, email)) return null;
  const entry = await insertEntry(tx, tenant, {
    id: newId('waitlistUser', at),
    environmentId: tenant.environmentId,
    email,
    state: 'pending',
    fields,
    approvedAt: null,
    createdAt: at,
    updatedAt: at,
  });
  if (!entry) return findEntryByEmail(tx, tenant, email);
  if (confirmation)
    await queueMail(services, tx, tenant, { to: email, ...confirmation, template: 'waitlist_joined', data: {} });
  await recordEntry(services, tx, tenant, entry, 'created');
  return entry;
}

interface NewEntry {
  readonly email: string;
  readonly fields: WaitlistRow['fields'];
  /** A mail tells them that they are on the list. */
  readonly isConfirmed: boolean;
}

/** `POST …/entries` @throws {InvalidRequestParameters} when it is no address, or one that has an account */
export async function addToWaitlist(
  services: Services,
  tenant: Tenant,
  { email: raw, fields, isConfirmed }: NewEntry,
): Promise<WaitlistRow> {
  const email = normalizeEmail(raw);
  if (email === null)
    throw new InvalidRequestParameters([
      { code: 'email_invalid', message: new InvalidEmail().message, field: 'email' },
    ]);
  if (isConfirmed) await assertMayMail(services, tenant, email);
  const confirmation = isConfirmed ? { locale: null } : null;
  const entry = await services.db.transaction((tx) => joinWaitlist(services, tx, tenant, email, fields, confirmation));
  if (!entry)
    throw new InvalidRequestParameters([
      { code: UserAlreadyExists.code, message: new UserAlreadyExists(email).message, field: 'email' },
    ]);
  return entry;
}

/**
 * Lets somebody in: mails an invitation to the application. Approved at once by several, it is mailed once.
 *
 * @throws {WaitlistEntryNotPending} when they were approved before
 * @throws {TooManyRequests} when the address is written to too often
 */
export async function approveEntry(services: Services, tenant: Tenant, id: string): Promise<WaitlistRow> {
  const { email } = await getEntry(services.db, tenant, id);
  await assertMayMail(services, tenant, email);
  return services.db.transaction(async (tx) => {
    const approved = await markApproved(tx, tenant, id, services.now());
    if (!approved) throw new WaitlistEntryNotPending();
    const isInvited = await findOpenInvitationOf(tx, tenant, email, null, services.now());
    if (!isInvited && !(await findUserByEmail(tx, tenant, email))) {
      await invite(services, tx, tenant, {
        email,
        organizationId: null,
        roleSlug: null,
        expiresInDays: null,
        inviterUserId: null,
        locale: null,
      });
    }
    await recordEntry(services, tx, tenant, approved, 'approved');
    return approved;
  });
}

/** @throws {WaitlistEntryNotPending} */
export async function denyEntry(services: Services, tenant: Tenant, id: string): Promise<WaitlistRow> {
  await getEntry(services.db, tenant, id);
  return services.db.transaction(async (tx) => {
    const denied = await markDenied(tx, tenant, id, services.now());
    if (!denied) throw new WaitlistEntryNotPending();
    await recordEntry(services, tx, tenant, denied, 'denied');
    return denied;
  });
}

/** The address can be put on the list again. An invitation that was sent stays in force. */
export async function deleteEntry({ db }: Pick<Services, 'db'>, tenant: Tenant, id: string): Promise<void> {
  if (!(await removeEntry(db, tenant, id))) throw new EntityNotFound('WaitlistUser', id);
}

async function recordEntry(
  services: Services,
  tx: Db,
  tenant: Tenant,
  entry: WaitlistRow,
  what: 'created' | 'approved' | 'denied',
): Promise<void> {
  await recordEvent(services, tx, tenant, { name: `waitlist_user.${what}`, data: toWaitlistWire(entry) });
}
