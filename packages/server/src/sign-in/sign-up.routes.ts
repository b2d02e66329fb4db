import { assertMaySend } from '../authentication/index.ts';
import { anyone, type Db, type Reply, type Route, route, type Services } from '../core/index.ts';
import {
  checkPassword,
  createUser,
  defaultMinLength,
  findUserByEmail,
  hashPassword,
  normalizeEmail,
  type PasswordHash,
} from '../users/index.ts';
import { advance, catchUp, type Learned, learn, writeMail } from './advance.ts';
import { type OpenAttempt, openAttempt } from './browser.ts';
import { signInErrors } from './errors.ts';
import { answerForm, attemptQuery, formBody, text } from './form.ts';
import { goTo } from './go-to.ts';
import { countSignUp } from './limits.ts';
import { type SignUpView, signUpPage, texts } from './pages/index.ts';
import { attemptPage, formOf, linkTo, mayShowSignUp } from './view.ts';

type Shown = Pick<SignUpView, 'email' | 'firstName' | 'lastName' | 'errors' | 'problem'>;

function page(open: OpenAttempt, shown: Shown = {}, status = 200): Reply {
  const { attempt, client } = open;
  return attemptPage(
    open,
    (view) =>
      signUpPage({
        ...view,
        ...formOf(open, '/sign-up', 'sign_up'),
        names: client.environment.settings.signUpNames,
        passwordMinLength: defaultMinLength,
        email: attempt.email ?? attempt.request.loginHint ?? undefined,
        signInUrl: linkTo(attempt.email === null ? '/sign-in' : '/sign-in/password', attempt),
        ...shown,
      }),
    { status },
  );
}

const show = route(
  {
    operationId: 'showSignUp',
    method: 'GET',
    path: '/sign-up',
    summary: 'The page that makes an account',
    auth: anyone('people sign up here'),
    query: attemptQuery,
    returns: { status: 200 },
    errors: signInErrors,
    page: true,
  },
  async ({ query, request }, services) => {
    const open = await openAttempt(services, query.attempt, request, { mayRepeat: false });
    return mayShowSignUp(open) ? page(open) : goTo('/sign-in', open.attempt);
  },
);

const submit = route(
  {
    operationId: 'submitSignUp',
    method: 'POST',
    path: '/sign-up',
    summary: 'Make an account',
    auth: anyone('people sign up here; the form proves its browser'),
    query: attemptQuery,
    body: formBody({ email: text, first_name: text, last_name: text, password: text }),
    returns: { status: 303 },
    errors: signInErrors,
    page: true,
    form: true,
  },
  (form, services) => {
    const { email: address, first_name: first, last_name: last } = form.body;
    const typed = { email: address.trim(), firstName: first.trim(), lastName: last.trim() };
    return answerForm(
      services,
      form,
      'sign_up',
      async (open) => {
        if (!mayShowSignUp(open)) return goTo('/sign-in', open.attempt);
        const email = normalizeEmail(typed.email);
        const errors = await faultsOf(open, { ...typed, email, password: form.body.password });
        if (email === null || Object.keys(errors).length > 0) return page(open, { ...typed, errors }, 422);
        await countSignUp(services, open, form.request);
        await assertMaySend(services, open.tenant, email);
        // Names nobody asked for are not the person's: the page of this environment has no such fields.
        const names = open.client.environment.settings.signUpNames === 'off' ? { firstName: '', lastName: '' } : {};
        return signUp(services, open, { ...typed, ...names, email }, await hashPassword(form.body.password));
      },
      (open, problem) => page(open, { ...typed, problem }, 429),
    );
  },
);

interface Person {
  readonly email: string;
  readonly firstName: string;
  readonly lastName: string;
}

async function faultsOf(
  { client }: OpenAttempt,
  typed: Omit<Person, 'email'> & { email: string | null; password: string },
): Promise<NonNullable<Shown['errors']>> {
  const namesRequired = client.environment.settings.signUpNames === 'required';
  const context = {
    email: typed.email ?? '',
    firstName: typed.firstName,
    lastName: typed.lastName,
    productName: client.applicationName,
  };
  const [weakness] =
    typed.password === '' ? [{ message: texts.newPasswordMissing }] : await checkPassword(typed.password, context);
  return {
    ...(typed.email === null ? { email: texts.emailMalformed } : {}),
    ...(namesRequired && typed.firstName === '' ? { firstName: texts.firstNameMissing } : {}),
    ...(namesRequired && typed.lastName === '' ? { lastName: texts.lastNameMissing } : {}),
    ...(weakness ? { password: weakness.message } : {}),
  };
}

/** The account, or what stands in for it, and the mail: one transaction, and the same page whatever the address was. */
async function signUp(
  services: Services,
  open: OpenAttempt,
  person: Person,
  passwordHash: PasswordHash,
): Promise<Reply> {
  const moved = await services.db.transaction(async (tx) => {
    const at = services.now();
    const learned = await accountFor(services, tx, open, person, passwordHash);
    const next = await learn(tx, open, {
      ...learned,
      email: person.email,
      proven: { password: at.getTime() },
      codeSentAt: null,
    });
    if (!next || !needsCode(next)) return next;
    await writeMail(services, tx, next);
    return learn(tx, next, { codeSentAt: at });
  });
  return moved ? advance(services, moved) : catchUp(services, open);
}

/** An account that is new goes straight on where the environment does not ask for a proof of the inbox. */
const needsCode = ({ attempt, client }: OpenAttempt): boolean =>
  attempt.signUp?.kind !== 'new' || client.environment.settings.requireEmailVerification;

async function accountFor(
  services: Services,
  tx: Db,
  { tenant }: OpenAttempt,
  { email, firstName, lastName }: Person,
  passwordHash: PasswordHash,
): Promise<Pick<Learned, 'userId' | 'signUp'>> {
  const names = { firstName: firstName || null, lastName: lastName || null };
  const created = await createUser(services, tenant, tx, { email, ...names, passwordHash });
  if (created !== 'email_taken') return { userId: created.id, signUp: { kind: 'new' } };
  const known = await findUserByEmail(tx, tenant, email);
  if (!known || known.isEmailVerified) return { userId: null, signUp: { kind: 'decoy', tries: 0 } };
  return { userId: known.id, signUp: { kind: 'unverified', passwordHash, ...names } };
}

export const signUpRoutes: readonly Route[] = [show, submit];
