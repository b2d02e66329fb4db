import {
  type Db,
  newSecret,
  type Reply,
  type Route,
  reply,
  type Secret,
  type Services,
  TooManyRequests,
} from '../core/index.ts';
import { assertMayTry } from '../lockout/index.ts';
import {
  acceptProposal,
  issueRecoveryCodes,
  listVerifiedFactors,
  type Occasion,
  proposeTotp,
  qrCodeMarkup,
  removeFactor,
} from '../mfa/index.ts';
import { mfaEnrollPage, type Problem, recoveryCodesPage, text } from '../sign-in/index.ts';
import type { Say } from '../texts/index.ts';
import { accountPath, type OpenAccount, underNewToken } from './open.ts';
import { confirmPage } from './pages/forms.ts';
import { renewBrowser } from './renew-browser.ts';
import { accountForm, accountPage, backTo, done, formTo } from './routes-of.ts';
import { isSecondStepOffered, isSecondStepRequired } from './second-step-required.ts';
import { whileSignedIn } from './while-signed-in.ts';

const setUpPath = '/account/second-step';
const removePath = '/account/second-step/remove';
const codesPath = '/account/recovery-codes';
const savedPath = '/account/recovery-codes/saved';

/** The same picture each time the page is opened while this browser is signed in. */
const occasionOf = ({ session, client }: OpenAccount): Occasion => ({ id: session.id, issuer: client.applicationName });

async function setUpPage(
  open: OpenAccount,
  services: Services,
  { error, problem = null }: { readonly error?: Say; readonly problem?: Problem | null } = {},
): Promise<Reply> {
  const { secret, uri } = await proposeTotp(services, services.db, open.tenant, open.user, occasionOf(open));
  return reply.page(
    (nonce) =>
      mfaEnrollPage({
        ...open.view(nonce),
        ...formTo(open, setUpPath),
        secret: secret.reveal(),
        uri,
        qrCode: (label) => qrCodeMarkup(uri, label),
        purpose: 'account.secondStepAbout',
        backUrl: accountPath(open.client, '/account'),
        ...(error && { errors: { code: error } }),
        problem,
      }),
    { status: problem ? 429 : error ? 422 : 200 },
  );
}

/** The one time they are shown; the answer to the form that made them. */
const codesPage = (
  open: OpenAccount,
  codes: readonly Secret[],
  cookies: Parameters<typeof reply.page>[1] = {},
): Reply =>
  reply.page(
    (nonce) =>
      recoveryCodesPage({
        ...open.view(nonce),
        ...formTo(open, savedPath),
        codes: codes.map((code) => code.reveal()),
        isReplacement: false,
        isOnce: true,
      }),
    cookies,
  );

/** Made for nothing but this answer: codes of another one, used or not, never come back. */
const newCodes = (open: OpenAccount, services: Services, tx: Db): Promise<readonly Secret[]> =>
  issueRecoveryCodes(services, open.tenant, tx, open.user.id, newSecret().reveal());

const showSetUp = accountPage(
  {
    operationId: 'showSecondStep',
    path: setUpPath,
    summary: 'The page that sets up an authenticator app',
    fresh: true,
  },
  async (open, services) =>
    (await isSecondStepOffered(open, services.db)) ? setUpPage(open, services) : done(open, 'saved'),
);

const submitSetUp = accountForm(
  {
    operationId: 'submitSecondStep',
    path: setUpPath,
    page: setUpPath,
    summary: 'Show that the authenticator app works',
    fresh: true,
    body: { code: text },
  },
  async (open, body, services) => {
    if (!(await isSecondStepOffered(open, services.db))) return done(open, 'saved');
    const { tenant, user, request, session } = open;
    const code = body.code.replace(/[\s-]/g, '');
    if (!/^\d{6}$/.test(code)) return setUpPage(open, services, { error: 'mfa.incomplete' });
    try {
      await assertMayTry(services, tenant, { id: user.id }, 'totp');
    } catch (error) {
      if (!(error instanceof TooManyRequests)) throw error;
      const problem = { message: 'common.tooManyTries', waitSeconds: error.retryAfterSeconds } as const;
      return setUpPage(open, services, { problem });
    }
    const presented = { code, ipAddress: request.ip, userAgent: request.userAgent, locale: user.locale };
    const made = await whileSignedIn(services, open, async (tx) => {
      const result = await acceptProposal(services, tenant, tx, user, occasionOf(open), presented);
      if (result.outcome !== 'verified') return 'wrong';
      // Two factors were proved here now; the browser's sign-in says so, under a new token (ASVS 7.2.4).
      const proven = { ...session.proven, totp: services.now().getTime() };
      const cookie = await renewBrowser(services, tx, { ...open, session: { ...session, proven } }, newSecret());
      return { cookie, codes: await newCodes(open, services, tx) };
    });
    if (!made) return backTo(open, setUpPath);
    if (made === 'wrong') return setUpPage(open, services, { error: 'mfa.wrong' });
    return codesPage(underNewToken(services, open, made.cookie.value), made.codes, { cookies: [made.cookie] });
  },
);

const showCodes = accountPage(
  {
    operationId: 'showNewRecoveryCodes',
    path: codesPath,
    summary: 'The page that makes new recovery codes',
    fresh: true,
  },
  async (open) =>
    reply.page((nonce) =>
      confirmPage({
        ...open.view(nonce),
        form: formTo(open, codesPath),
        backUrl: accountPath(open.client, '/account'),
        title: 'account.recoveryCodesNew',
        heading: 'account.recoveryCodesNewHeading',
        about: 'account.recoveryCodesNewAbout',
        submit: 'account.recoveryCodesNew',
        isReplaced: true,
      }),
    ),
);

const submitCodes = accountForm(
  {
    operationId: 'submitNewRecoveryCodes',
    path: codesPath,
    page: codesPath,
    summary: 'Make new recovery codes; those before stop working',
    fresh: true,
    body: {},
  },
  async (open, _body, services) => {
    const codes = await whileSignedIn(services, open, async (tx) => {
      const isOn = (await listVerifiedFactors(tx, open.tenant, open.user.id)).length > 0;
      return isOn ? newCodes(open, services, tx) : [];
    });
    if (!codes) return backTo(open, codesPath);
    return codes.length > 0 ? codesPage(open, codes) : done(open, 'saved');
  },
);

const saved = accountForm(
  {
    operationId: 'submitRecoveryCodesSaved',
    path: savedPath,
    page: '/account',
    summary: 'Say that the recovery codes are saved',
    body: {},
  },
  async (open) => done(open, 'secondStepDone'),
);

const showRemove = accountPage(
  {
    operationId: 'showTurnOffSecondStep',
    path: removePath,
    summary: 'The page that turns the second step off',
    fresh: true,
  },
  async (open, services) =>
    (await isSecondStepRequired(open, services.db))
      ? done(open, 'saved')
      : reply.page((nonce) =>
          confirmPage({
            ...open.view(nonce),
            form: formTo(open, removePath),
            backUrl: accountPath(open.client, '/account'),
            title: 'account.secondStepTurnOffTitle',
            heading: 'account.secondStepTurnOffHeading',
            about: 'account.secondStepTurnOffAbout',
            submit: 'account.secondStepTurnOff',
          }),
        ),
);

const remove = accountForm(
  {
    operationId: 'submitTurnOffSecondStep',
    path: removePath,
    page: removePath,
    summary: 'Turn the second step off',
    fresh: true,
    body: {},
  },
  async (open, _body, services) => {
    const removed = await whileSignedIn(services, open, async (tx) => {
      if (await isSecondStepRequired(open, tx)) return 'required';
      for (const { id } of await listVerifiedFactors(tx, open.tenant, open.user.id))
        await removeFactor(services, open.tenant, tx, id);
      return 'removed';
    });
    if (removed === null) return backTo(open, removePath);
    return done(open, removed === 'removed' ? 'secondStepGone' : 'saved');
  },
);

export const secondStepRoutes: readonly Route[] = [
  showSetUp,
  submitSetUp,
  showCodes,
  submitCodes,
  saved,
  showRemove,
  remove,
];
