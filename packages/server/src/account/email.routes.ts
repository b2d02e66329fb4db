import {
  EmailChangeNotNeeded,
  type EmailChangeOutcome,
  NewEmailInvalid,
  NewEmailNotAvailable,
  orTaken,
  redeemEmailChange,
  sendEmailChange,
} from '../authentication/index.ts';
import { newSecret, type Reply, type Route, reply, TooManyRequests } from '../core/index.ts';
import { assertMayTry } from '../lockout/index.ts';
import { type Problem, text } from '../sign-in/index.ts';
import { type Say, say } from '../texts/index.ts';
import { accountPath, type OpenAccount } from './open.ts';
import { newEmailCodePage, newEmailPage } from './pages/email.ts';
import { renewBrowser } from './renew-browser.ts';
import { accountForm, accountPage, backTo, formTo } from './routes-of.ts';
import { whileSignedIn } from './while-signed-in.ts';

const path = '/account/email';
const codePath = '/account/email/code';

const home = ({ client }: OpenAccount): string => accountPath(client, '/account');

interface Shown {
  readonly error?: Say;
  readonly problem?: Problem;
}

const statusOf = ({ error, problem }: Shown): number => (problem ? 429 : error ? 422 : 200);

const emailPage = (open: OpenAccount, email: string, shown: Shown = {}): Reply =>
  reply.page(
    (nonce) => newEmailPage({ ...open.view(nonce), form: formTo(open, path), backUrl: home(open), email, ...shown }),
    { status: statusOf(shown) },
  );

const codePage = (open: OpenAccount, shown: Shown = {}): Reply =>
  reply.page(
    (nonce) =>
      newEmailCodePage({
        ...open.view(nonce),
        form: formTo(open, codePath),
        backUrl: accountPath(open.client, path),
        ...shown,
      }),
    { status: statusOf(shown) },
  );

const show = accountPage(
  { operationId: 'showNewEmail', path, summary: 'The page that asks for a new address', fresh: true },
  async (open) => emailPage(open, ''),
);

/** An address that is somebody's gets the same page; what it must not learn, the mail does not say either. */
const submit = accountForm(
  {
    operationId: 'submitNewEmail',
    path,
    page: path,
    summary: 'Mail a code to the new address',
    fresh: true,
    body: { email: text },
  },
  async (open, { email }, services) => {
    const typed = email.trim();
    if (typed === '') return emailPage(open, typed, { error: 'common.emailMissing' });
    try {
      await sendEmailChange(services, open.tenant, open.user, typed);
    } catch (error) {
      if (error instanceof NewEmailInvalid) return emailPage(open, typed, { error: 'common.emailMalformed' });
      if (error instanceof EmailChangeNotNeeded) return emailPage(open, typed, { error: 'account.emailSame' });
      if (error instanceof TooManyRequests) return emailPage(open, typed, { problem: waiting(error) });
      if (!(error instanceof NewEmailNotAvailable)) throw error;
    }
    return reply.redirect(accountPath(open.client, codePath), { status: 303 });
  },
);

const waiting = ({ retryAfterSeconds }: TooManyRequests): Problem => ({
  message: 'common.tooManyTries',
  waitSeconds: retryAfterSeconds,
});

const showCode = accountPage(
  {
    operationId: 'showNewEmailCode',
    path: codePath,
    summary: 'The page that asks for the code from the new inbox',
    fresh: true,
  },
  async (open) => codePage(open),
);

const submitCode = accountForm(
  {
    operationId: 'submitNewEmailCode',
    path: codePath,
    page: codePath,
    summary: 'Change the address with the code from the new inbox',
    fresh: true,
    body: { code: text },
  },
  async (open, body, services) => {
    const code = body.code.replace(/[\s-]/g, '');
    if (!/^\d{6}$/.test(code)) return codePage(open, { error: 'codes.incomplete' });
    try {
      await assertMayTry(services, open.tenant, { id: open.user.id }, 'email_code');
    } catch (error) {
      if (error instanceof TooManyRequests) return codePage(open, { problem: waiting(error) });
      throw error;
    }
    const token = newSecret();
    const change = await orTaken(
      whileSignedIn(services, open, async (tx) => {
        const result = await redeemEmailChange(services, open.tenant, tx, open.user.id, code);
        if (result.outcome !== 'changed') return result;
        // Everything else ended with the old address; this browser goes on.
        return { ...result, cookie: await renewBrowser(services, tx, open, token) };
      }),
    );
    if (!change) return backTo(open, codePath);
    if (change.outcome !== 'changed') return codePage(open, { error: refusalOf(change) });
    const home = accountPath(open.client, '/account', { done: 'emailChanged' });
    return reply.redirect(home, { status: 303, cookies: [change.cookie] });
  },
);

function refusalOf(change: Exclude<EmailChangeOutcome, { outcome: 'changed' }>): Say {
  switch (change.outcome) {
    case 'wrong':
      return say('codes.wrong', { count: change.triesLeft });
    // Nobody learns here that an address is somebody's: without a code, none is right.
    case 'none_pending':
    case 'taken':
    case 'expired':
    case 'used':
    case 'exhausted':
      return 'account.emailCodeOver';
  }
}

export const emailRoutes: readonly Route[] = [show, submit, showCode, submitCode];
