import { z } from 'zod';
import { type Attempt, saveAnswers } from '../attempts/index.ts';
import { Reply, type RequestInfo, type Services, TooManyRequests } from '../core/index.ts';
import { advance } from './advance.ts';
import { assertOwnForm, type OpenAttempt, openAttempt } from './browser.ts';
import { countPost } from './limits.ts';
import type { Problem } from './pages/index.ts';

export const attemptQuery = z.object({ attempt: z.string().max(64) });

/** A field of a form, as typed. Longer than anything a person types is cut by the limit of the field, not by us. */
export const text = z.string().max(2048).default('');

/** What every form carries besides its own fields. `passkeys`: `1` when a script found that the device can keep one. */
export const formBody = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z.object({ csrf: text, step: text, passkeys: text, ...shape });

interface Form {
  readonly query: { readonly attempt: string };
  readonly body: { readonly csrf: string; readonly step: string; readonly passkeys: string };
  readonly request: RequestInfo;
}

/**
 * The steps every form of an attempt passes, in this order, before its own: this browser's attempt, our own page's
 * form, not too many of them, and the step it answers. A form sent twice goes where the first one led.
 *
 * @param step - what the form must name; any other is answered with the step that is due
 */
export async function answerForm(
  services: Services,
  { query, body, request }: Form,
  step: string,
  answer: (open: OpenAttempt) => Promise<Reply>,
  limited: (open: OpenAttempt, problem: Problem) => Reply | Promise<Reply>,
): Promise<Reply> {
  const opened = await openAttempt(services, query.attempt, request, { mayRepeat: true });
  assertOwnForm(services, opened, body.csrf, request);
  const open = await withAbility(services, opened, body.passkeys);
  if (open.attempt.finishedAt || body.step !== step) return advance(services, open);
  try {
    await countPost(services, open, request);
    return await answer(open);
  } catch (error) {
    if (!(error instanceof TooManyRequests)) throw error;
    const problem: Problem = { message: 'common.tooManyTries', waitSeconds: error.retryAfterSeconds };
    return withRetryAfter(await limited(open, problem), error.retryAfterSeconds);
  }
}

/** Notes that the device can keep a passkey. At once: from a provider a browser comes back without a form. */
async function withAbility({ db }: Services, open: OpenAttempt, passkeys: string): Promise<OpenAttempt> {
  const { answers } = open.attempt;
  if (passkeys !== '1' || answers.canMakePasskey) return open;
  const attempt: Attempt = { ...open.attempt, answers: { ...answers, canMakePasskey: true } };
  await saveAnswers(db, attempt);
  return { ...open, attempt };
}

export const withRetryAfter = ({ content, status, cookies }: Reply, seconds: number): Reply =>
  new Reply(content, status, { cookies, headers: { 'retry-after': String(seconds) } });
