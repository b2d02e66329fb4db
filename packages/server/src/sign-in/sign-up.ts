import { type Learned, startOver } from '../attempts/index.ts';
import { assertMaySend } from '../authentication/index.ts';
import type { Db, RequestInfo, Services } from '../core/index.ts';
import {
  checkPassword,
  createUser,
  defaultMinLength,
  findUserByEmail,
  hashPassword,
  type PasswordHash,
} from '../users/index.ts';
import { learn, writeMail } from './advance.ts';
import type { OpenAttempt } from './browser.ts';
import { countSignUp } from './limits.ts';
import type { SignUpView } from './pages/index.ts';
import { passwordFault } from './password-fault.ts';

interface Person {
  readonly email: string;
  readonly firstName: string;
  readonly lastName: string;
}

/** What is wrong with what was typed, by field; empty when nothing is. */
export async function faultsOf(
  { client }: OpenAttempt,
  typed: Omit<Person, 'email'> & { email: string | null; password: string },
): Promise<NonNullable<SignUpView['errors']>> {
  const namesRequired = client.environment.settings.signUpNames === 'required';
  const context = {
    email: typed.email ?? '',
    firstName: typed.firstName,
    lastName: typed.lastName,
    productName: client.applicationName,
  };
  const [finding] = typed.password === '' ? [] : await checkPassword(typed.password, context);
  return {
    ...(typed.email === null ? { email: 'common.emailMalformed' } : {}),
    ...(namesRequired && typed.firstName === '' ? { firstName: 'common.firstNameMissing' } : {}),
    ...(namesRequired && typed.lastName === '' ? { lastName: 'common.lastNameMissing' } : {}),
    ...(typed.password === '' ? { password: 'password.choose' } : {}),
    ...(finding ? { password: passwordFault(finding, defaultMinLength) } : {}),
  };
}

/**
 * Signs a person up whose input has no faults.
 *
 * @returns the attempt with what was learned, or null when another request was first
 * @throws {TooManyRequests} when this network has signed up too often, or the address has had too many mails
 */
export async function signUp(
  services: Services,
  open: OpenAttempt,
  person: Person,
  password: string,
  request: RequestInfo,
): Promise<OpenAttempt | null> {
  await countSignUp(services, open, request);
  await assertMaySend(services, open.tenant, person.email);
  // Names nobody asked for are not the person's: the page of this environment has no such fields.
  const names = open.client.environment.settings.signUpNames === 'off' ? { firstName: '', lastName: '' } : {};
  return makeAccount(services, open, { ...person, ...names }, await hashPassword(password));
}

/** The account, or what stands in for it, and the mail: one transaction, and the same page whatever the address was. */
function makeAccount(
  services: Services,
  open: OpenAttempt,
  person: Person,
  passwordHash: PasswordHash,
): Promise<OpenAttempt | null> {
  return services.db.transaction(async (tx) => {
    const at = services.now();
    const learned = await accountFor(services, tx, open, person, passwordHash);
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
  { email, firstName, lastName }: Person,
  passwordHash: PasswordHash,
): Promise<Pick<Learned, 'userId' | 'signUp'>> {
  const names = { firstName: firstName || null, lastName: lastName || null };
  const { requireEmailVerification } = client.environment.settings;
  const atOnce = requireEmailVerification ? null : passwordHash;
  const created = await createUser(services, tenant, tx, { email, ...names, passwordHash: atOnce });
  if (created !== 'email_taken')
    return {
      userId: created.id,
      signUp: { kind: 'new', passwordHash: requireEmailVerification ? passwordHash : null },
    };
  const known = await findUserByEmail(tx, tenant, email);
  if (!known || known.isEmailVerified) return { userId: null, signUp: { kind: 'decoy' } };
  return { userId: known.id, signUp: { kind: 'unverified', passwordHash, ...names } };
}
