import { z } from 'zod';
import { findAccount, membershipOf, nextStep, plainRequest } from '../attempts/index.ts';
import {
  anyone,
  authenticatedTenant,
  type Reply,
  type RequestInfo,
  type Route,
  reply,
  route,
  type Services,
  type Tenant,
  withCookies,
} from '../core/index.ts';
import { type Client, findClient, findEnvironment } from '../environments/index.ts';
import {
  answerDeviceAuthorization,
  type DeviceAuthorizationRow,
  findWaitingDevice,
  findWaitingDeviceById,
  groupedUserCode,
} from '../oauth/index.ts';
import { type BrowserSessionRow, currentBrowserSession } from '../sessions/index.ts';
import type { Say } from '../texts/index.ts';
import { advance } from './advance.ts';
import {
  type DeviceBrowser,
  deviceBrowser,
  deviceCookie,
  deviceCsrf,
  newDeviceBrowser,
  ownDeviceForm,
} from './device-browser.ts';
import { DeviceOver, signInErrors } from './errors.ts';
import { tellingLimits, text } from './form.ts';
import { takenFrom } from './known-browser.ts';
import { deviceCodePage, deviceConfirmPage, deviceDonePage, type Problem } from './pages/index.ts';
import { startAttempt } from './start.ts';
import { ourView, viewOf } from './view.ts';

const confirmPath = '/device/confirm';

interface Shown {
  readonly code?: string;
  readonly error?: Say;
  readonly problem?: Problem;
}

function codePage(
  services: Services,
  request: RequestInfo,
  held: DeviceBrowser,
  { code = '', ...shown }: Shown,
  status = 200,
): Reply {
  const form = { action: '/device', csrf: deviceCsrf(services, held), step: 'device' };
  return reply.page((nonce) => deviceCodePage({ ...ourView(request, nonce), ...form, code, ...shown }), {
    status,
    cookies: [deviceCookie(services, held)],
  });
}

const show = route(
  {
    operationId: 'showDevice',
    method: 'GET',
    path: '/device',
    summary: 'Where the code of a device is typed',
    auth: anyone('a page for people; the code is what counts'),
    query: z.object({ user_code: z.string().max(64).optional() }),
    returns: { status: 200 },
    errors: signInErrors,
    page: true,
  },
  async ({ query, request }, services) =>
    codePage(services, request, deviceBrowser(services, request) ?? newDeviceBrowser(), { code: query.user_code }),
);

const submit = route(
  {
    operationId: 'submitDevice',
    method: 'POST',
    path: '/device',
    summary: 'Say which device is meant',
    auth: anyone('a page for people; guesses are limited, and the form proves its browser'),
    body: z.object({ csrf: text, step: text, user_code: text }),
    returns: { status: 303 },
    errors: signInErrors,
    page: true,
    form: true,
  },
  async ({ body, request }, services) => {
    const held = ownDeviceForm(services, body.csrf, request);
    const code = body.user_code.trim();
    if (code === '') return codePage(services, request, held, { error: 'device.codeMissing' }, 422);
    return tellingLimits(
      async () => {
        const found = await findWaitingDevice(services, code, request);
        if (!found) return codePage(services, request, held, { code, error: 'device.codeUnknown' }, 422);
        const { id, environmentId } = found.authorization;
        const device = { id, environmentId, userCode: groupedUserCode(code) };
        return towardsAnswer(services, found.client, request, { ...held, device, environmentId });
      },
      (problem) => codePage(services, request, held, { code, problem }, 429),
    );
  },
);

/** Whoever answers for a device has signed in for it, with everything that policy asks of a sign-in to its app. */
const request = {
  ...plainRequest,
  destination: { kind: 'page', path: confirmPath, isForApp: true },
} as const;

const tenantOf = ({ environment, clientId }: Client): Tenant =>
  authenticatedTenant(environment.id, { type: 'user', id: clientId, name: null });

interface SignedIn {
  readonly session: BrowserSessionRow;
  readonly email: string;
  /** The organization that the device is signed in to; null for none. They may have left the one of this browser. */
  readonly organizationId: string | null;
  readonly isComplete: boolean;
}

/** Who is signed in in this browser, and whether that is enough to answer. */
async function signedIn(services: Services, client: Client, browser: RequestInfo): Promise<SignedIn | null> {
  const tenant = tenantOf(client);
  const session = await currentBrowserSession(services, tenant, client.environment, browser);
  const account = session && (await findAccount(services, tenant, session));
  if (!account) return null;
  const { proven, organizationId } = session;
  const { email } = account.user;
  const progress = {
    email,
    proven,
    organizationId,
    answers: { ...takenFrom(services, session), joined: true },
    signUp: null,
    impersonator: null,
    request,
  } as const;
  const isComplete = nextStep(progress, account, client.environment.settings) === 'complete';
  return { session, email, organizationId: membershipOf(progress, account)?.organizationId ?? null, isComplete };
}

/** An attempt that goes on from what this browser's sign-in has proved. */
function beginningOf(services: Services, { session, email }: SignedIn) {
  const { userId, proven, organizationId } = session;
  return { email, userId, proven, organizationId, answers: takenFrom(services, session) };
}

/** On to the question, or to whatever is missing before it. */
async function towardsAnswer(
  services: Services,
  client: Client,
  browser: RequestInfo,
  held: DeviceBrowser,
): Promise<Reply> {
  const cookie = deviceCookie(services, held);
  const known = await signedIn(services, client, browser);
  if (known?.isComplete) return reply.redirect(confirmPath, { status: 303, cookies: [cookie] });
  const beginning = known ? beginningOf(services, known) : {};
  const { open, cookies } = await startAttempt(services, client, request, browser, beginning);
  return withCookies(await advance(services, open), [...cookies, cookie]);
}

interface Question {
  readonly client: Client;
  readonly authorization: DeviceAuthorizationRow;
  readonly userCode: string;
}

/** @throws {DeviceOver} when it waits no more */
async function questionOf(services: Services, { device }: DeviceBrowser): Promise<Question | null> {
  if (!device) return null;
  const tenant = authenticatedTenant(device.environmentId, { type: 'system', id: 'device', name: null });
  const authorization = await findWaitingDeviceById(services, tenant, device.id);
  if (!authorization) throw over();
  const client = await findClient(services, authorization.clientId);
  if (!client?.environment.settings.deviceAuthorization) throw over();
  return { client, authorization, userCode: device.userCode };
}

const over = (): DeviceOver =>
  new DeviceOver({
    heading: 'device.overHeading',
    message: 'device.overMessage',
    advice: 'device.overAdvice',
    restart: { label: 'device.enterCode', url: '/device' },
  });

const showConfirm = route(
  {
    operationId: 'showDeviceConfirm',
    method: 'GET',
    path: confirmPath,
    summary: 'The question whether a device may sign in',
    auth: anyone('shown to the browser that typed the code, once somebody signed in there'),
    returns: { status: 200 },
    errors: signInErrors,
    page: true,
  },
  async ({ request: browser }, services) => {
    const held = deviceBrowser(services, browser);
    const question = held && (await questionOf(services, held));
    if (!question) return reply.redirect('/device');
    const known = await signedIn(services, question.client, browser);
    if (!known?.isComplete) return towardsAnswer(services, question.client, browser, held);
    return confirmPage(services, browser, held, question, known.email);
  },
);

async function confirmPage(
  services: Services,
  browser: RequestInfo,
  held: DeviceBrowser,
  { client, authorization, userCode }: Question,
  email: string,
): Promise<Reply> {
  const view = await viewOf(services, client, browser);
  return reply.page((nonce) =>
    deviceConfirmPage({
      ...view(nonce),
      action: confirmPath,
      csrf: deviceCsrf(services, held),
      step: 'device_confirm',
      email,
      userCode,
      userAgent: authorization.userAgent,
      ipAddress: authorization.ipAddress,
      askedAt: authorization.createdAt,
    }),
  );
}

const submitConfirm = route(
  {
    operationId: 'submitDeviceConfirm',
    method: 'POST',
    path: confirmPath,
    summary: 'Approve or deny a device',
    auth: anyone('the browser’s sign-in is the credential, and the form proves its browser'),
    body: z.object({ csrf: text, step: text, answer: z.enum(['approved', 'denied']) }),
    returns: { status: 303 },
    errors: signInErrors,
    page: true,
    form: true,
  },
  async ({ body, request: browser }, services) => {
    const held = ownDeviceForm(services, body.csrf, browser);
    const question = await questionOf(services, held);
    if (!question) throw over();
    const { client, authorization } = question;
    const known = await signedIn(services, client, browser);
    if (!known?.isComplete) return towardsAnswer(services, client, browser, held);
    const { session, organizationId } = known;
    const isAnswered = await services.db.transaction((tx) =>
      answerDeviceAuthorization(services, tx, tenantOf(client), authorization.id, body.answer, {
        ...session,
        browserSessionId: session.id,
        organizationId,
      }),
    );
    if (!isAnswered) throw over();
    return reply.redirect(`/device/done?answer=${body.answer}`, {
      status: 303,
      cookies: [deviceCookie(services, { ...held, device: null })],
    });
  },
);

const done = route(
  {
    operationId: 'showDeviceDone',
    method: 'GET',
    path: '/device/done',
    summary: 'The end of a device’s sign-in in the browser',
    auth: anyone('it says what was answered, and knows nothing'),
    query: z.object({ answer: z.enum(['approved', 'denied']) }),
    returns: { status: 200 },
    errors: signInErrors,
    page: true,
  },
  async ({ query, request: browser }, services) => {
    const environmentId = deviceBrowser(services, browser)?.environmentId ?? null;
    const environment = environmentId === null ? null : await findEnvironment(services, environmentId);
    const view = await viewOf(services, environment?.client ?? null, browser);
    return reply.page((nonce) => deviceDonePage({ ...view(nonce), answer: query.answer }));
  },
);

export const deviceRoutes: readonly Route[] = [show, submit, showConfirm, submitConfirm, done];
