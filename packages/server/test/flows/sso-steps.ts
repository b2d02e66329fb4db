/** Steps that flows with organizations' identity providers share. */
import { systemTenant } from '../../src/core/index.ts';
import { activateConnection, createConnection } from '../../src/sso/connections.ts';
import type { Answer, TestBrowser, TestServer } from '../harness.ts';
import type { OidcProvider } from '../oidc-provider.ts';
import { makeOrganization } from './organization-steps.ts';

export interface Connected {
  readonly organization: { readonly id: string };
  readonly connectionId: string;
}

/** An organization that has proved a domain, with an active connection to a provider. */
export async function connect(
  server: TestServer,
  provider: OidcProvider,
  { name = 'Acme', domain = 'acme.com', more = {} }: { name?: string; domain?: string | null; more?: object } = {},
): Promise<Connected> {
  const domains = domain === null ? {} : { domain_data: [{ domain, state: 'verified' }] };
  const organization = await makeOrganization(server, name, { ...domains, ...more });
  return { organization, connectionId: await addConnection(server, provider, organization.id) };
}

export async function addConnection(
  server: TestServer,
  { issuer, clientId, clientSecret }: OidcProvider,
  organizationId: string,
): Promise<string> {
  const { services } = server.running;
  const tenant = systemTenant(server.environmentId);
  const { id } = await createConnection(services, tenant, organizationId, {
    name: 'Acme sign-on',
    connectionType: 'GenericOIDC',
    issuer,
    clientId,
    clientSecret,
  });
  await activateConnection(services, tenant, id);
  return id;
}

/** What a page of ours, or a redirect, leads to at the provider. */
export function departureOf(answer: Answer): URL {
  if (answer.location) return answer.location;
  const href = /<a class="button" href="([^"]+)"/.exec(answer.text)?.[1]?.replaceAll('&amp;', '&');
  if (!href) throw new Error(`It leads nowhere: ${answer.status} ${answer.text.slice(0, 500)}`);
  return new URL(href);
}

/** From a page of ours or a redirect to the provider, and back. @returns what the browser ends at */
export async function throughProvider(browser: TestBrowser, provider: OidcProvider, answer: Answer): Promise<Answer> {
  return browser.open((await provider.answer(departureOf(answer))).href);
}

/** Types a work address at the hosted page, and comes back from the provider. */
export async function signInByAddress(
  server: TestServer,
  provider: OidcProvider,
  email: string,
  { browser = server.browser(), authorize = {} }: { browser?: TestBrowser; authorize?: Record<string, string> } = {},
): Promise<{ browser: TestBrowser; done: Answer }> {
  await browser.open(server.authorizeUrl(authorize));
  const leaving = await browser.submit({ email }, '/sign-in?');
  return { browser, done: await throughProvider(browser, provider, leaving) };
}

/** Straight from the app to the connection. */
export async function signInByConnection(
  server: TestServer,
  provider: OidcProvider,
  authorize: Record<string, string>,
  browser: TestBrowser = server.browser(),
): Promise<{ browser: TestBrowser; done: Answer }> {
  const departure = await browser.open(selecting(server, authorize));
  return { browser, done: await throughProvider(browser, provider, departure) };
}

/** An authorization URL that names something else than the hosted pages. */
export function selecting(server: TestServer, authorize: Record<string, string>): string {
  const url = new URL(server.authorizeUrl(authorize));
  if (!('provider' in authorize)) url.searchParams.delete('provider');
  return url.href;
}
