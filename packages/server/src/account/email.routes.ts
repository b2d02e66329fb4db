import {
  assertMayTryCode,
  EmailChangeNotNeeded,
  NewEmailInvalid,
  orTaken,
  redeemEmailChange,
  sendEmailChangeEvenly,
} from '../authentication/index.ts';
import { newSecret, type Reply, type Route, reply, type Services, TooManyRequests } from '../core/index.ts';
import { type Problem, text } from '../sign-in/index.ts';
import type { Say } from '../texts/index.ts';
import { type EmailWish, openWish, sealWish, waitOf } from './email-wish.ts';
import { accountPath, type OpenAccount } from './open.ts';
import { newEmailCodePage, newEmailPage } from './pages/email.ts';
import { renewBrowser } from './renew-browser.ts';
import { accountForm, accountPage, backTo, formTo } from './routes-of.ts';
import { whileSignedIn } from './while-signed-in.ts';

const path = '/account/email';
const codePath = '/account/email/code';
const resendPath = '/account/email/code/resend';

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

/** The page that asks for the code, and its forms, know the address from their own. */
const codePage = (
  services: Services,
  open: OpenAccount,
  wish: EmailWish,
  shown: Shown & { isResent?: boolean } = {},
) => {
  const sealed = sealWish(services, open, wish);
  const formAt = (path: string) => ({
    ...formTo(open, path),
    action: accountPath(open.client, path, { wish: sealed }),
  });
  return reply.page(
    (nonce) =>
      newEmailCodePage({
        ...open.view(nonce),
        form: formAt(codePath),
        resend: { ...formAt(resendPath), waitSeconds: waitOf(services, wish) },
        backUrl: accountPath(open.client, path),
        email: wish.email,
        isResent: false,
        ...shown,
      }),
    { status: statusOf(shown) },
  );
};

const show = accountPage(
  { operationId: 'showNewEmail', path, summary: 'The page that asks for a new address', fresh: true },
  async (open) => emailPage(open, ''),
);

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
      return await sent(open, services, typed);
    } catch (error) {
      if (error instanceof NewEmailInvalid) return emailPage(open, typed, { error: 'common.emailMalformed' });
      if (error instanceof EmailChangeNotNeeded) return emailPage(open, typed, { error: 'account.emailSame' });
      if (error instanceof TooManyRequests) return emailPage(open, typed, { problem: waiting(error) });
      throw error;
    }
  },
);

/**
 * Mails the code, and on to the page that asks for it. An address that is somebody's gets the same page; what it must
 * not learn, the mail does not say either.
 *
 * @throws {NewEmailInvalid} {@link EmailChangeNotNeeded} {@link TooManyRequests}
 */
async function sent(
  open: OpenAccount,
  services: Services,
  email: string,
  more: { done?: string } = {},
): Promise<Reply> {
  await sendEmailChangeEvenly(services, open.tenant, open.user, email);
  const wish = sealWish(services, open, { email, askedAt: services.now() });
  return reply.redirect(accountPath(open.client, codePath, { ...more, wish }), { status: 303 });
}

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
  async (open, services, { wish: sealed, done }) => {
    const wish = openWish(services, open, sealed);
    return wish ? codePage(services, open, wish, { isResent: done === resent }) : backTo(open, path);
  },
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
  async (open, body, services, { wish: sealed }) => {
    const wish = openWish(services, open, sealed);
    if (!wish) return backTo(open, path);
    const code = body.code.replace(/[\s-]/g, '');
    if (!/^\d{6}$/.test(code)) return codePage(services, open, wish, { error: 'codes.incomplete' });
    try {
      await assertMayTryCode(services, open.tenant, { id: open.user.id }, { purpose: 'email_change' });
    } catch (error) {
      if (error instanceof TooManyRequests) return codePage(services, open, wish, { problem: waiting(error) });
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
    if (!change) return backTo(open, path);
    if (change.outcome !== 'changed') {
      // One answer to every other outcome: how many tries a code has left would tell that there is one, and that the
      // address is nobody's.
      return codePage(services, open, wish, { error: 'account.emailCodeOver' });
    }
    const home = accountPath(open.client, '/account', { done: 'emailChanged' });
    return reply.redirect(home, { status: 303, cookies: [change.cookie] });
  },
);

const resend = accountForm(
  {
    operationId: 'resendNewEmailCode',
    path: resendPath,
    page: path,
    summary: 'Mail another code to the new address',
    fresh: true,
    body: {},
  },
  async (open, _body, services, { wish: sealed }) => {
    const wish = openWish(services, open, sealed);
    if (!wish) return backTo(open, path);
    const waitSeconds = waitOf(services, wish);
    if (waitSeconds > 0) return codePage(services, open, wish, { problem: { message: 'codes.onItsWay', waitSeconds } });
    try {
      return await sent(open, services, wish.email, { done: resent });
    } catch (error) {
      if (error instanceof TooManyRequests) return codePage(services, open, wish, { problem: waiting(error) });
      // Changed to it in another tab, most likely.
      if (error instanceof EmailChangeNotNeeded) return backTo(open, path);
      throw error;
    }
  },
);

/** Said in the address of the page after another code. */
const resent = 'resent';

export const emailRoutes: readonly Route[] = [show, submit, showCode, submitCode, resend];
