import { newSecret, type Reply, type Route, reply, type Services } from '../core/index.ts';
import { queueMail } from '../mail/index.ts';
import { passwordFault, text } from '../sign-in/index.ts';
import type { Say } from '../texts/index.ts';
import { changeUser, checkNewPassword, hashPassword, type PasswordHash, passwordSince } from '../users/index.ts';
import { accountPath, type OpenAccount } from './open.ts';
import { newPasswordPage } from './pages/forms.ts';
import { passwordStrengthPath } from './password-strength.routes.ts';
import { renewBrowser } from './renew-browser.ts';
import { accountForm, accountPage, backTo, formTo } from './routes-of.ts';
import { whileSignedIn } from './while-signed-in.ts';

const path = '/account/password';

const pageOf = (open: OpenAccount, hasPassword: boolean, error?: Say): Reply =>
  reply.page(
    (nonce) =>
      newPasswordPage({
        ...open.view(nonce),
        form: formTo(open, path),
        backUrl: accountPath(open.client, '/account'),
        email: open.user.email,
        adviceUrl: accountPath(open.client, passwordStrengthPath),
        minLength: open.client.environment.settings.passwordMinLength,
        hasPassword,
        ...(error && { error }),
      }),
    { status: error ? 422 : 200 },
  );

const show = accountPage(
  {
    operationId: 'showNewPassword',
    path,
    summary: 'The page that sets a new password',
    fresh: true,
    about: 'passwordSignIn',
  },
  async (open, { db }) => pageOf(open, (await passwordSince(db, open.tenant, open.user.id)) !== null),
);

const submit = accountForm(
  {
    operationId: 'submitNewPassword',
    path,
    page: path,
    summary: 'Set a new password',
    fresh: true,
    about: 'passwordSignIn',
    body: { password: text },
  },
  async (open, { password }, services) => {
    const { tenant, user, client } = open;
    const { settings } = client.environment;
    const [finding] =
      password === ''
        ? []
        : await checkNewPassword(services, tenant, user.id, password, { ...user, email: user.email });
    const fault = password === '' ? 'password.choose' : finding && passwordFault(finding, settings.passwordMinLength);
    if (fault) return pageOf(open, (await passwordSince(services.db, tenant, user.id)) !== null, fault);
    return withNewPassword(open, await hashPassword(password), services);
  },
);

/** Everything else ends with the old password; this browser goes on. */
async function withNewPassword(open: OpenAccount, hash: PasswordHash, services: Services): Promise<Reply> {
  const { client, tenant, user } = open;
  const token = newSecret();
  const cookie = await whileSignedIn(services, open, async (tx) => {
    await changeUser(services, tenant, tx, user.id, {}, hash);
    await queueMail(services, tx, tenant, {
      to: user.email,
      locale: user.locale,
      template: 'password_changed',
      data: {},
    });
    return renewBrowser(services, tx, open, token);
  });
  if (!cookie) return backTo(open, path);
  const home = accountPath(client, '/account', { done: 'passwordChanged' });
  return reply.redirect(home, { status: 303, cookies: [cookie] });
}

export const passwordRoutes: readonly Route[] = [show, submit];
