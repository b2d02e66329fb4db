import { accountOf, type Membership, ownPagesDemand, passkeyBarrier, reaches, withWaysIn } from '../attempts/index.ts';
import {
  after,
  authenticatedTenant,
  base62,
  minutes,
  type RequestInfo,
  type Services,
  sameText,
  type Tenant,
} from '../core/index.ts';
import { type Client, findClient, firstEnvironment } from '../environments/index.ts';
import { type BrowserSessionRow, browserTokenOf, currentBrowserSession } from '../sessions/index.ts';
import { ForgedForm, isSameOrigin, type PageView, UnknownClient, viewOf } from '../sign-in/index.ts';
import { findUser, type UserRow } from '../users/index.ts';

/** How long ago somebody may have proved who they are to change how they sign in. */
export const freshMs = minutes(10);

/** The account page in the hands of the person it belongs to. */
export interface OpenAccount {
  readonly client: Client;
  readonly tenant: Tenant;
  readonly session: BrowserSessionRow;
  readonly user: UserRow;
  /** Of every form of this browser's sign-in. */
  readonly csrf: string;
  /** They proved who they are a short while ago, with all that a sign-in to this page asks of them today. */
  readonly isFresh: boolean;
  /** Which organization a passkey made now would open, and this sign-in does not; null when none. */
  readonly passkeyBarrier: Pick<Membership, 'organizationName'> | null;
  readonly view: (nonce: string) => PageView;
  readonly request: RequestInfo;
}

/** The client an address names, else the first environment's. @throws {UnknownClient} */
export async function clientOf(services: Services, clientId: string | undefined): Promise<Client> {
  const client =
    clientId === undefined ? (await firstEnvironment(services))?.client : await findClient(services, clientId);
  if (client) return client;
  throw new UnknownClient({
    heading: 'errors.unknownClient',
    message: 'errors.unknownClientId',
    advice: 'errors.openApp',
  });
}

/** The account of whoever is signed in here; null when nobody is. Whoever acts as somebody else is not signed in here. */
export async function openAccount(
  services: Services,
  client: Client,
  request: RequestInfo,
): Promise<OpenAccount | null> {
  const { environment } = client;
  const anyone = authenticatedTenant(environment.id, { type: 'user', id: client.clientId, name: null });
  const session = await currentBrowserSession(services, anyone, environment, request);
  const token = browserTokenOf(request, environment.id);
  const user = session && (await findUser(services.db, anyone, session.userId));
  // A provider that speaks for them in its organization alone has no say in their account.
  if (!session || !user || token === null || !(await reaches(services.db, anyone, session.proven, user, null)))
    return null;
  const view = await viewOf(services, client, request);
  const found = await accountOf(services.db, anyone, user, session.proven);
  const account = await withWaysIn(services, services.db, anyone, environment, found);
  return {
    client,
    session,
    // A mail that a page causes speaks the page's language, which may have been chosen in its menu a moment ago.
    user: { ...user, locale: view('').t.locale },
    request,
    tenant: authenticatedTenant(environment.id, { type: 'user', id: user.id, name: user.email }),
    csrf: csrfOf(services, token),
    isFresh:
      services.now() <= after(session.authenticatedAt, freshMs) &&
      user.isEmailVerified &&
      // A second factor may have come since they signed in, or an organization that asks for more than this sign-in showed.
      ownPagesDemand(session.proven, account, environment.settings) === null,
    passkeyBarrier: passkeyBarrier(session.proven, account),
    view,
  };
}

/** Bound to the cookie of the sign-in, so a form of another browser, or from before a new token, is useless. */
const csrfOf = ({ vault }: Pick<Services, 'vault'>, token: string): string => base62(vault.mac('account-csrf', token));

/** The same account after its browser was given a new token: the page's forms carry what goes with that. */
export const underNewToken = (services: Services, open: OpenAccount, token: string): OpenAccount => ({
  ...open,
  csrf: csrfOf(services, token),
});

/** A path of the account page, in the environment it is about. */
export const accountPath = (client: Client, path: string, more: Readonly<Record<string, string>> = {}): string =>
  `${path}?${new URLSearchParams({ client_id: client.clientId, ...more })}`;

/** @throws {ForgedForm} when the form is not of our page in this browser */
export function assertOwnAccountForm(
  services: Services,
  { csrf, client, request }: OpenAccount,
  presented: string,
): void {
  if (sameText(presented, csrf) && isSameOrigin(services, request)) return;
  throw new ForgedForm({
    heading: 'errors.forgedForm',
    message: 'errors.forgedFormWhy',
    advice: 'errors.forgedFormAdvice',
    clientId: client.clientId,
  });
}
