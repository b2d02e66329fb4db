import { type Learned, startOver } from '../attempts/index.ts';
import { assertMaySend } from '../authentication/index.ts';
import { type Db, networkOf, type RequestInfo, type Services } from '../core/index.ts';
import type { Settings } from '../environments/index.ts';
import { provesWork, spendWork } from '../radar/index.ts';
import type { Say } from '../texts/index.ts';
import { checkNewPassword, createUser, findUserByEmail, hashPassword, type PasswordHash } from '../users/index.ts';
import { learn, writeMail } from './advance.ts';
import type { OpenAttempt } from './browser.ts';
import { countSignUp } from './limits.ts';
import { mailMagicCode, offersMagicCode } from './magic-code.ts';
import type { SignUpView } from './pages/index.ts';
import { passwordFault } from './password-fault.ts';

interface Person {
  readonly email: string;
  readonly firstName: string;
  readonly lastName: string;
  /** Where it was typed into one field, of which the other two are the parts. */
  readonly name?: string;
}

/** As the API takes them. */
const maxNameLength = 256;

/** What is wrong with what was typed, by field; empty when nothing is. */
export async function faultsOf(
  services: Services,
  { client, tenant }: OpenAttempt,
  typed: Omit<Person, 'email'> & { email: string | null; password: string | null },
  request: RequestInfo,
): Promise<NonNullable<SignUpView['errors']>> {
  const { signUpNames, passwordMinLength } = client.environment.settings;
  const { firstName, lastName, name, password } = typed;
  const context = { email: typed.email ?? '', firstName, lastName, source: networkOf(request.ip) };
  const isOne = name !== undefined;
  const wholeFault = isOne && nameFault(signUpNames, name, 'common.nameMissing');
  const firstNameFault = !isOne && nameFault(signUpNames, firstName, 'common.firstNameMissing');
  const lastNameFault = !isOne && nameFault(signUpNames, lastName, 'common.lastNameMissing');
  const others: NonNullable<SignUpView['errors']> = {
    ...(typed.email === null ? { email: 'common.emailMalformed' } : {}),
    ...(wholeFault ? { name: wholeFault } : {}),
    ...(firstNameFault ? { firstName: firstNameFault } : {}),
    ...(lastNameFault ? { lastName: lastNameFault } : {}),
    ...(password === '' ? { password: 'password.choose' } : {}),
  };
  const [finding] = !password ? [] : await checkNewPassword(services, tenant, null, password, context);
  return { ...others, ...(finding ? { password: passwordFault(finding, passwordMinLength) } : {}) };
}

/** Names are shown in mails, lists and other people's systems: what cannot be shown is no part of one. */
function nameFault(asked: Settings['signUpNames'], name: string, missing: Say): Say | null {
  if (asked === 'off') return null;
  if (name === '') return asked === 'required' ? missing : null;
  return name.length > maxNameLength || /\p{Cc}/u.test(name) || !name.isWellFormed() ? 'common.nameInvalid' : null;
}

/** What the form says of the work its browser did. */
export interface PresentedWork {
  readonly challenge: string;
  readonly proof: string;
}

export const needsWork = ({ client: { environment } }: Pick<OpenAttempt, 'client'>): boolean =>
  environment.settings.signUpProofOfWork && !environment.isHidden;

/**
 * Signs a person up whose input has no faults. Where the environment asks for work and the form shows none, no account is
 * written before the inbox is proved.
 *
 * @returns the attempt with what was learned, or null when another request was first or had used the same work
 * @throws {TooManyRequests} when this network has signed up too often, or the address has had too many mails
 */
export async function signUp(
  services: Services,
  open: OpenAttempt,
  person: Person,
  password: string,
  work: PresentedWork,
  request: RequestInfo,
): Promise<OpenAttempt | null> {
  const isAsked = needsWork(open);
  const isProved = isAsked && provesWork(services, open.attempt.id, work.challenge, work.proof);
  await countSignUp(services, open, request);
  await assertMaySend(services, open.tenant, person.email);
  // Names nobody asked for are not the person's: the page of this environment has no such fields.
  const names = open.client.environment.settings.signUpNames === 'off' ? { firstName: '', lastName: '', name: '' } : {};
  const passwordHash = await hashPassword(password);
  return makeAccount(services, open, { ...person, ...names }, passwordHash, {
    spends: isProved ? work.challenge : null,
    isPending: isAsked && !isProved,
  });
}

interface Conditions {
  /** The challenge whose work pays for the account. */
  readonly spends: string | null;
  readonly isPending: boolean;
}

/**
 * The same where nobody has a password: the account is written, unverified, unless there is one, and the code from the
 * mail signs in to it either way. Where the work was asked for and not done, the code makes it.
 *
 * @returns the attempt, which waits for the code; null when another request was first
 * @throws {TooManyRequests}
 */
export async function signUpByCode(
  services: Services,
  open: OpenAttempt,
  { email, ...typed }: Person,
  work: PresentedWork,
  request: RequestInfo,
): Promise<OpenAttempt | null> {
  const isAsked = needsWork(open);
  const isProved = isAsked && provesWork(services, open.attempt.id, work.challenge, work.proof);
  await countSignUp(services, open, request);
  const isNamed = open.client.environment.settings.signUpNames !== 'off';
  const names = namesOf(isNamed ? typed : { firstName: '', lastName: '' });
  const moved = await services.db.transaction(async (tx) => {
    if (isProved && !(await spendWork(services, tx, open.tenant, work.challenge))) return null;
    if (!isAsked || isProved) await createUser(services, open.tenant, tx, { email, ...names, isSelfDescribed: true });
    return learn(tx, open, { ...startOver(open.attempt), email, signUp: { kind: 'newcomer', names } });
  });
  return moved && offersMagicCode(moved) ? mailMagicCode(services, moved) : moved;
}

export const namesOf = ({ firstName, lastName, name }: Omit<Person, 'email'>) => ({
  firstName: firstName || null,
  lastName: lastName || null,
  name: name || null,
});

/** The account, or what stands in for it, and the mail: one transaction, and the same page whatever the address was. */
function makeAccount(
  services: Services,
  open: OpenAttempt,
  person: Person,
  passwordHash: PasswordHash,
  { spends, isPending }: Conditions,
): Promise<OpenAttempt | null> {
  return services.db.transaction(async (tx) => {
    const at = services.now();
    if (spends !== null && !(await spendWork(services, tx, open.tenant, spends))) return null;
    const learned = await accountFor(services, tx, open, person, passwordHash, isPending);
    const next = await learn(tx, open, {
      ...startOver(open.attempt),
      ...learned,
      email: person.email,
      proven: { password: at.getTime() },
    });
    if (!next || !needsCode(next)) return next;
    await writeMail(services, tx, next);
    return learn(tx, next, { codeSentAt: at });
  });
}

/** An account that is new goes straight on where the environment does not ask for a proof of the inbox. */
const needsCode = ({ attempt, client }: OpenAttempt): boolean =>
  attempt.signUp?.kind !== 'new' || client.environment.settings.requireEmailVerification;

async function accountFor(
  services: Services,
  tx: Db,
  { tenant, client }: OpenAttempt,
  { email, ...typed }: Person,
  passwordHash: PasswordHash,
  isPending: boolean,
): Promise<Pick<Learned, 'userId' | 'signUp'>> {
  const names = namesOf(typed);
  const { requireEmailVerification } = client.environment.settings;
  const atOnce = requireEmailVerification ? null : passwordHash;
  const created = isPending
    ? 'not_yet'
    : await createUser(services, tenant, tx, { email, ...names, isSelfDescribed: true, passwordHash: atOnce });
  if (typeof created !== 'string')
    return {
      userId: created.id,
      signUp: { kind: 'new', passwordHash: requireEmailVerification ? passwordHash : null },
    };
  const known = await findUserByEmail(tx, tenant, email);
  if (!known && isPending) return { userId: null, signUp: { kind: 'pending', passwordHash, ...names } };
  if (!known || known.isEmailVerified) return { userId: null, signUp: { kind: 'decoy' } };
  return { userId: known.id, signUp: { kind: 'unverified', passwordHash, ...names } };
}
