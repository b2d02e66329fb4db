import { z } from 'zod';
import { anyone, type Reply, type RequestInfo, type Route, reply, route, type Services } from '../core/index.ts';
import { signInErrors, text } from '../sign-in/index.ts';
import { accountPath, assertOwnAccountForm, clientOf, type OpenAccount, openAccount } from './open.ts';

export const signInPath = '/account/sign-in';

const id = z.string().max(128).optional();
export const query = z.object({
  client_id: id,
  done: id,
  passkey: id,
  identity: id,
  /** Which new address, sealed; see email-wish.ts. */
  wish: z.string().max(1024).optional(),
});
type Query = z.output<typeof query>;

interface Definition {
  readonly operationId: string;
  readonly path: string;
  readonly summary: string;
  /** Only for somebody who proved a short while ago that it is them (ASVS 7.5.1); others do so first. */
  readonly fresh?: boolean;
  /** Which way of signing in it is about: where that is switched off it leads to the first page. */
  readonly about?: 'passwordSignIn' | 'passkeySignIn';
}

const common = {
  query,
  errors: signInErrors,
  page: true,
} as const;

/** A page of the account. Whoever is not signed in does so first and comes back to it. */
export function accountPage(
  { fresh = false, about, ...definition }: Definition,
  show: (open: OpenAccount, services: Services, query: Query) => Promise<Reply>,
): Route {
  return route(
    {
      ...definition,
      ...common,
      method: 'GET',
      auth: anyone('the browser’s own sign-in is looked at inside'),
      returns: { status: 200 },
    },
    async ({ query: asked, request }, services) => {
      const open = await openedFor(services, definition.path, asked, request, { fresh, about });
      return 'user' in open ? show(open, services, asked) : open;
    },
  );
}

/**
 * A form of the account. The steps every one of them passes: signed in, our own page's form, and fresh where the page that
 * shows it is.
 *
 * @param page - where the form stands: who has to sign in first comes back there, because a form cannot be sent again
 */
export function accountForm<Shape extends z.ZodRawShape>(
  { fresh = false, about, page, body, ...definition }: Definition & { readonly page: string; readonly body: Shape },
  answer: (open: OpenAccount, body: z.output<z.ZodObject<Shape>>, services: Services, query: Query) => Promise<Reply>,
): Route {
  return route(
    {
      ...definition,
      ...common,
      method: 'POST',
      auth: anyone('the form proves its browser; the browser’s own sign-in is looked at inside'),
      body: z.object({ csrf: text, step: text, ...body }),
      returns: { status: 303 },
      form: true,
    },
    async ({ query: asked, body: sent, request }, services) => {
      const open = await openedFor(services, page, asked, request, { fresh, about });
      if (!('user' in open)) return open;
      assertOwnAccountForm(services, open, (sent as { csrf: string }).csrf);
      return answer(open, sent as z.output<z.ZodObject<Shape>>, services, asked);
    },
  );
}

/** A page that is opened leads on to the sign-in; beginning one is that route's business, as reading changes nothing. */
async function openedFor(
  services: Services,
  path: string,
  { client_id: clientId, done: _, ...rest }: Query,
  request: RequestInfo,
  { fresh, about }: Pick<Definition, 'fresh' | 'about'>,
): Promise<OpenAccount | Reply> {
  const client = await clientOf(services, clientId);
  if (about && !client.environment.settings[about]) return backTo({ client }, '/account');
  const open = await openAccount(services, client, request);
  if (open && (open.isFresh || !fresh)) return open;
  const more = Object.entries(rest).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return reply.redirect(accountPath(client, signInPath, { to: path, ...Object.fromEntries(more) }), { status: 303 });
}

/** What a form of the account carries. */
export const formTo = ({ client, csrf }: OpenAccount, path: string) => ({
  action: accountPath(client, path),
  csrf,
  step: 'account',
});

/** To the page that a form stands on: whoever is not signed in any more does so first. */
export const backTo = ({ client }: Pick<OpenAccount, 'client'>, page: string): Reply =>
  reply.redirect(accountPath(client, page), { status: 303 });

/** Back to the first page, which says what was done. */
export const done = ({ client }: OpenAccount, what: string): Reply =>
  reply.redirect(accountPath(client, '/account', { done: what }), { status: 303 });
