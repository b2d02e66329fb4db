/** The app's pages by the names of the contract. */
import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { enterCredentials } from './hosted.ts';
import type { Person, Stage } from './stage.ts';
import type { VisitOptions, Visitor } from './visitor.ts';

export const seesWelcome = (page: Page): Promise<void> =>
  page.getByRole('heading', { name: 'Welcome', exact: true, level: 1 }).waitFor();

/** The start page of somebody who is signed in. */
export async function seesHello(page: Page, { email, firstName }: Pick<Person, 'email' | 'firstName'>): Promise<void> {
  await page.getByRole('heading', { name: `Hello, ${firstName}`, exact: true, level: 1 }).waitFor();
  await page.getByText(`You are signed in as ${email}`).waitFor();
}

export async function seesAccount(page: Page, { email }: Pick<Person, 'email'>): Promise<void> {
  await page.getByRole('heading', { name: 'Account', exact: true, level: 1 }).waitFor();
  await page.getByRole('definition').filter({ hasText: email }).waitFor();
}

/** What the account page says about a term of its list. */
export const fact = (page: Page, term: string) =>
  page.locator('dt', { hasText: term }).locator('xpath=following-sibling::dd[1]');

/** All of that list. */
export async function facts(page: Page): Promise<Record<string, string>> {
  const said: Record<string, string> = {};
  for (const term of ['Name', 'Email', 'User', 'Session', 'Organization'])
    said[term] = (await fact(page, term).textContent())?.trim() ?? '';
  return said;
}

export const signOutButton = (page: Page) => page.getByRole('button', { name: 'Sign out', exact: true });

/** With a password, from the app's start page and back to it. */
export async function signIn(stage: Stage, { page, open }: Visitor, person: Person): Promise<void> {
  await open('/');
  await page.getByRole('link', { name: 'Sign in', exact: true }).click();
  await enterCredentials(page, stage, person);
  await page.waitForURL(`${stage.app.url}/`);
  await seesHello(page, person);
}

/** A fresh browser in which a person of its own has signed in with a password. @param more - fields of their user */
export async function newcomer(
  stage: Stage,
  options: VisitOptions = {},
  more: Readonly<Record<string, unknown>> = {},
): Promise<SignedIn> {
  const person = await stage.person(more);
  const visitor = await stage.visit(options);
  await signIn(stage, visitor, person);
  return { person, visitor };
}

/**
 * A fresh browser in which the person whom all walks share is signed in: the platform knows it already, so it asks for
 * nothing, which is sooner. Not for walks that end the person's session there.
 */
export async function regular(stage: Stage, options: VisitOptions = {}): Promise<SignedIn> {
  const { known } = stage;
  if (stage.example.ownForms) return newcomer(stage, options); // A password each time: no page knows them already.
  if (!known.person) {
    const first = await newcomer(stage, options);
    const { cookies } = await first.visitor.context.storageState();
    known.cookies = cookies.filter(({ name }) => name.startsWith('authkit-'));
    known.person = first.person;
    return first;
  }
  const { person, cookies } = known;
  const visitor = await stage.visit({ ...options, storageState: { cookies, origins: [] } });
  await visitor.open('/login');
  await visitor.page.waitForURL(`${stage.app.url}/`);
  await seesHello(visitor.page, person);
  return { person, visitor };
}

/**
 * Signed in 400 s ago, so that the access token has run out by the app's clock. The page is left before the platform's
 * clock returns: what it still asks the app for would bring a token that is good. A renewal that was under way then has
 * spent a refresh token without telling the browser of its successor; one more request fetches that while it may be had.
 *
 * @param how - `regular` or `newcomer`
 */
export const longAgo = (stage: Stage, how: typeof regular, options: VisitOptions = {}): Promise<SignedIn> =>
  stage.longAgo(async () => {
    const signedIn = await how(stage, options);
    await signedIn.visitor.page.goto('about:blank');
    await ask(stage, signedIn.visitor, '/api/me');
    return signedIn;
  });

export interface SignedIn {
  readonly person: Person;
  readonly visitor: Visitor;
}

/** A request of the person's browser that no page makes: redirects are not followed. */
export const ask = ({ app }: Stage, { context }: Visitor, path: string) =>
  context.request.get(app.url + path, { maxRedirects: 0 });

/** What `GET /api/me` answers the person's browser. */
export async function me(stage: Stage, visitor: Visitor): Promise<Me> {
  const response = await ask(stage, visitor, '/api/me');
  assert.equal(response.status(), 200, await response.text());
  return (await response.json()) as Me;
}

export interface Me {
  readonly user: { readonly id: string; readonly email: string };
  readonly sessionId: string;
  readonly organizationId?: string | null;
  readonly role?: string | null;
  readonly permissions?: readonly string[] | null;
}
