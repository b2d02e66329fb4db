import { z } from 'zod';
import { anyone, networkOf, type Route, route } from '../core/index.ts';
import { translator } from '../texts/index.ts';
import { judgeNewPassword } from '../users/index.ts';
import { assertOwnForm, openAttempt } from './browser.ts';
import { signInErrors } from './errors.ts';
import { attemptQuery, text } from './form.ts';
import { countAdvice } from './limits.ts';
import { passwordFault } from './password-fault.ts';

/**
 * What the page says while somebody types a new password. It is asked by our own page of an attempt only, changes
 * nothing, and whatever it says, the form asks again.
 */
const judge = route(
  {
    operationId: 'judgePassword',
    method: 'POST',
    path: '/password-strength',
    summary: 'Advice on a password that is being typed',
    auth: anyone('people choose their password here; the form proves its browser'),
    query: attemptQuery,
    body: z.object({ csrf: text, password: text, email: text, first_name: text, last_name: text }),
    returns: {
      status: 200,
      body: z.object({
        score: z.number().int().min(0).max(4).describe('0 falls at once, 4 withstands ten billion guesses.'),
        is_accepted: z.boolean(),
        advice: z.string().describe('One line, in the language of the page.'),
      }),
    },
    errors: signInErrors,
    internal: true,
    form: true,
  },
  async ({ query, body, request }, services) => {
    const open = await openAttempt(services, query.attempt, request, { mayRepeat: false });
    assertOwnForm(services, open, body.csrf, request);
    countAdvice(services, open, request);
    const context = {
      email: body.email,
      firstName: body.first_name,
      lastName: body.last_name,
      source: networkOf(request.ip),
    };
    const { score, finding } = await judgeNewPassword(services, open.tenant, body.password, context);
    const { passwordMinLength } = open.client.environment.settings;
    const said = finding ? passwordFault(finding, passwordMinLength) : 'password.strong';
    return { score, is_accepted: finding === null, advice: translator(open.locale).say(said) };
  },
);

export const passwordStrengthRoutes: readonly Route[] = [judge];
