import { z } from 'zod';
import { anyone, type Route, route } from '../core/index.ts';
import { partsOfName } from '../users/index.ts';
import { assertOwnForm, openAttempt } from './browser.ts';
import { signInErrors } from './errors.ts';
import { attemptQuery, text } from './form.ts';
import { adviseOnPassword, PasswordAdvice } from './password-advice.ts';

const judge = route(
  {
    operationId: 'judgePassword',
    method: 'POST',
    path: '/password-strength',
    summary: 'Advice on a password that is being typed',
    auth: anyone('people choose their password here; the form proves its browser'),
    query: attemptQuery,
    body: z.object({ csrf: text, password: text, email: text, name: text, first_name: text, last_name: text }),
    returns: { status: 200, body: PasswordAdvice },
    errors: signInErrors,
    internal: true,
    form: true,
  },
  async ({ query, body, request }, services) => {
    const open = await openAttempt(services, query.attempt, request, { mayRepeat: false });
    assertOwnForm(services, open, body.csrf, request);
    const t = open.look.translator(open.locale);
    const { password, email } = body;
    const typed = { firstName: body.first_name, lastName: body.last_name };
    const { firstName, lastName } = body.name === '' ? typed : partsOfName(body.name);
    return adviseOnPassword(services, { ...open, t }, { password, email, firstName, lastName }, request);
  },
);

export const passwordStrengthRoutes: readonly Route[] = [judge];
