import type { z } from 'zod';
import { type Attempt, type Step, saveAnswers } from '../attempts/index.ts';
import { anyone, type Reply, type RequestInfo, type Route, route, type Services } from '../core/index.ts';
import { normalizeEmail } from '../users/index.ts';
import { advance, stepOf } from './advance.ts';
import { assertOwnForm, type OpenAttempt, openAttempt } from './browser.ts';
import { AttemptOver, signInErrors } from './errors.ts';
import { attemptQuery, type FormBody, formBody, type PageQuery, queryOf, tellingLimits } from './form.ts';
import { goTo } from './go-to.ts';
import type { Problem } from './pages/index.ts';
import { viaApp } from './via-app.ts';

type IsDue = (services: Services, open: OpenAttempt) => Promise<boolean>;

interface Definition {
  readonly operationId: string;
  readonly path: string;
  readonly summary: string;
  /** Why it needs no credential, where that is not because people sign in with it. */
  readonly why?: string;
  /** Whether this is what the attempt waits for. Not given: it can be opened and sent whenever the attempt is open. */
  readonly isDue?: IsDue;
}

/** What `isDue` asks of most pages. */
export const waitsFor =
  (step: Step): IsDue =>
  async (services, open) =>
    (await stepOf(services, open)) === step;

const whenever: IsDue = async () => true;

const frame = { errors: signInErrors, page: true } as const;

type Nothing = Record<never, never>;

/**
 * A page of an attempt. Reading an address changes nothing: what is not due is shown where the sign-in stands, and
 * completed by its form. Without an attempt it leads to where the app begins its sign-ins.
 *
 * @param query - what the address may carry besides the attempt
 */
export function pageRoute<Query extends z.ZodRawShape = Nothing>(
  { why, isDue = whenever, query, ...definition }: Definition & { readonly query?: Query },
  show: (open: OpenAttempt, services: Services, query: PageQuery<Query>) => Reply | Promise<Reply>,
): Route {
  return route(
    {
      ...definition,
      ...frame,
      method: 'GET',
      auth: anyone(why ?? 'people sign in here'),
      query: queryOf(query ?? ({} as Query)),
      returns: { status: 200 },
    },
    async ({ query: asked, request }, services) => {
      if (asked.attempt === undefined) return viaApp(services, asked, request);
      const open = await openAttempt(services, asked.attempt, request, { mayRepeat: false });
      return (await isDue(services, open)) ? show(open, services, asked) : goTo('/sign-in', open.attempt);
    },
  );
}

interface Sent<Body extends z.ZodRawShape> {
  readonly body: FormBody<Body>;
  readonly request: RequestInfo;
}

interface FormDefinition<Body extends z.ZodRawShape> extends Definition {
  /** What the form must name; any other is answered with the step that is due. */
  readonly step: string;
  /** Its own fields. */
  readonly body: Body;
  /** Of an answer that is no redirect; 303 when not given. */
  readonly status?: 200;
}

/**
 * A form of an attempt. The steps every one of them passes, in this order, before its own: this browser's attempt, our
 * own page's form, and the step it answers. A form sent twice goes where the first one led.
 *
 * @param limited - the page again, with how long to wait
 */
export function formRoute<Body extends z.ZodRawShape>(
  { why, isDue = whenever, step, body, status, ...definition }: FormDefinition<Body>,
  answer: (open: OpenAttempt, services: Services, sent: Sent<Body>) => Reply | Promise<Reply>,
  limited: (open: OpenAttempt, problem: Problem, services: Services, sent: Sent<Body>) => Reply | Promise<Reply>,
): Route {
  return route(
    {
      ...definition,
      ...frame,
      method: 'POST',
      auth: anyone(why ?? 'people sign in here; the form proves its browser'),
      query: attemptQuery,
      body: formBody(body),
      returns: { status: status ?? 303 },
      form: true,
    },
    async ({ query, body: fields, request }, services) => {
      const opened = await openAttempt(services, query.attempt, request, { mayRepeat: true }).catch((error) => {
        throw withTyped(error, fields);
      });
      assertOwnForm(services, opened, fields.csrf, request);
      const open = await withAbility(services, opened, fields.passkeys);
      if (open.attempt.finishedAt || fields.step !== step) return advance(services, open);
      const sent = { body: fields, request };
      return tellingLimits(
        async () => ((await isDue(services, open)) ? answer(open, services, sent) : advance(services, open)),
        (problem) => limited(open, problem, services, sent),
      );
    },
  );
}

/** Where the sign-in begins anew nobody is asked again for the address they have just typed (WCAG 2.2, 3.3.7). */
function withTyped(error: unknown, fields: object): unknown {
  const email = 'email' in fields ? fields.email : null;
  if (!(error instanceof AttemptOver) || typeof email !== 'string') return error;
  const { restart } = error.deadEnd;
  const typed = normalizeEmail(email.trim());
  // Only what begins the same sign-in: the app's own address would not know what to do with it.
  if (typed === null || !restart?.url.startsWith('/user_management/authorize?')) return error;
  if (/[?&]login_hint=/.test(restart.url)) return error;
  const url = `${restart.url}&${new URLSearchParams({ login_hint: typed })}`;
  return new AttemptOver({ ...error.deadEnd, restart: { ...restart, url } });
}

/** Notes that the device can keep a passkey. At once: from a provider a browser comes back without a form. */
async function withAbility({ db }: Services, open: OpenAttempt, passkeys: string): Promise<OpenAttempt> {
  const { answers } = open.attempt;
  if (passkeys !== '1' || answers.canMakePasskey) return open;
  const attempt: Attempt = { ...open.attempt, answers: { ...answers, canMakePasskey: true } };
  await saveAnswers(db, attempt);
  return { ...open, attempt };
}
