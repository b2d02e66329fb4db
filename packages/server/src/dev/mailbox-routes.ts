import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import {
  anyone,
  developerUrl,
  Forbidden,
  privatePage,
  type Reply,
  type RequestInfo,
  type Route,
  RouteNotFound,
  randomBase62,
  reply,
  route,
  type Services,
  sameText,
} from '../core/index.ts';
import { clearMailbox, findMailboxMessage, listMailbox } from '../mail/index.ts';
import { assertAtThisMachine } from './at-this-machine.ts';
import { mailboxPage, messagePage } from './pages/index.ts';
import { quiet } from './quiet.ts';

/** How many mails the page lists. */
const listed = 100;
const cookieName = 'authkit-mailbox';
const auth = anyone('Only a loopback peer that asks with our own host gets an answer: the developer at this machine.');

const showList = route(
  {
    operationId: 'showMailbox',
    method: 'GET',
    path: '/dev/mailbox',
    summary: 'The mailbox, for people',
    auth,
    returns: { status: 200 },
    errors: [RouteNotFound],
    internal: true,
    page: true,
  },
  async ({ request }, services) => {
    assertAtThisMachine(request, services);
    await quiet(services.jobs);
    const messages = await listMailbox(services, { limit: listed });
    const browser = request.cookie(cookieName) ?? randomBase62(43);
    const view = {
      messages,
      listed,
      now: services.now(),
      csrf: csrfOf(services, browser),
      baseUrl: services.config.publicUrl,
    };
    return reply.page((nonce) => mailboxPage({ ...view, nonce }), {
      cookies: [{ name: cookieName, value: browser, sameSite: 'strict' }],
    });
  },
);

const showMessage = route(
  {
    operationId: 'showMailboxMessage',
    method: 'GET',
    path: '/dev/mailbox/{id}',
    summary: 'One mail, for people',
    auth,
    params: z.object({ id: z.string() }),
    returns: { status: 200 },
    errors: [RouteNotFound],
    internal: true,
    page: true,
  },
  async ({ request, params }, services) => {
    assertAtThisMachine(request, services);
    const message = await findMailboxMessage(services, params.id);
    if (!message) throw new RouteNotFound('This mail is not in the mailbox any more.');
    return showingMail((nonce) => messagePage({ message, now: services.now(), nonce }));
  },
);

const clear = route(
  {
    operationId: 'clearMailboxPage',
    method: 'POST',
    path: '/dev/mailbox/clear',
    summary: 'Clear the mailbox, from its page',
    auth,
    body: z.object({ csrf: z.string() }),
    returns: { status: 303 },
    errors: [RouteNotFound],
    internal: true,
    page: true,
    form: true,
  },
  async ({ request, body }, services) => {
    assertAtThisMachine(request, services);
    const browser = request.cookie(cookieName);
    const isOurs = browser !== null && sameText(body.csrf, csrfOf(services, browser));
    if (!isOurs || !isFromOurPage(request, services))
      throw new Forbidden('Go back to the mailbox, reload it and try again.');
    await clearMailbox(services);
    return reply.redirect('/dev/mailbox', { status: 303 });
  },
);

export const mailboxPageRoutes: readonly Route[] = [showList, showMessage, clear];

const csrfOf = ({ vault }: Services, browser: string): string =>
  vault.mac('mailbox-csrf', browser).toString('base64url');

/** `Sec-Fetch-Site` where the browser sends it: without a referrer the `Origin` of a form is `null` everywhere. */
function isFromOurPage(request: RequestInfo, { config }: Services): boolean {
  const site = request.header('sec-fetch-site');
  if (site !== null) return site === 'same-origin';
  return request.origin === null || request.origin === 'null' || request.origin === developerUrl(config);
}

/**
 * A page with a mail in a frame. The frame's document inherits this policy, and a mail's styles stand in attributes,
 * which no nonce can admit; so styles are free here. Scripts are not, and in the frame the sandbox stops even ours.
 */
function showingMail(render: (nonce: string) => string): Reply {
  const nonce = randomBytes(16).toString('base64url');
  const policy = [
    `default-src 'none'`,
    `style-src 'unsafe-inline'`,
    `script-src 'nonce-${nonce}'`,
    `img-src 'self' data:`,
    `form-action 'none'`,
    `base-uri 'none'`,
    `frame-ancestors 'none'`,
    `object-src 'none'`,
  ];
  return reply.text(render(nonce), 'text/html; charset=utf-8', {
    headers: { ...privatePage, 'content-security-policy': policy.join('; ') },
  });
}
