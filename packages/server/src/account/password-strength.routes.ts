import { z } from 'zod';
import { anyone, type Route, route, Unauthorized } from '../core/index.ts';
import { adviseOnPassword, PasswordAdvice, signInErrors, text } from '../sign-in/index.ts';
import { assertOwnAccountForm, clientOf, openAccount } from './open.ts';
import { query } from './routes-of.ts';

export const passwordStrengthPath = '/account/password-strength';

const judge = route(
  {
    operationId: 'judgeOwnPassword',
    method: 'POST',
    path: passwordStrengthPath,
    summary: 'Advice on a new password that is being typed',
    auth: anyone('the form proves its browser; the browser’s own sign-in is looked at inside'),
    query,
    body: z.object({ csrf: text, password: text }),
    returns: { status: 200, body: PasswordAdvice },
    errors: signInErrors,
    internal: true,
    form: true,
  },
  async ({ query: asked, body, request }, services) => {
    const open = await openAccount(services, await clientOf(services, asked.client_id), request);
    if (!open) throw new Unauthorized('nobody is signed in here');
    assertOwnAccountForm(services, open, body.csrf);
    const { t } = open.view('');
    const { email, firstName, lastName } = open.user;
    return adviseOnPassword(services, { ...open, t }, { password: body.password, email, firstName, lastName }, request);
  },
);

export const passwordStrengthRoutes: readonly Route[] = [judge];
