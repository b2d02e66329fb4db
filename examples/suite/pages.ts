/** The app's pages by the names of the contract. */
import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { enterCredentials } from './hosted.ts';
import type { Person, Stage } from './stage.ts';
import type { Visitor } from './visitor.ts';

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

export const switchButton = (page: Page) => page.getByRole('button', { name: 'Switch organization', exact: true });

/** With a password, from the app's start page and back to it. */
export async function signIn(stage: Stage, { page, open }: Visitor, person: Person): Promise<void> {
  await open('/');
  await page.getByRole('link', { name: 'Sign in', exact: true }).click();
  await enterCredentials(page, stage, person);
  await page.waitForURL(`${stage.app.url}/`);
  await seesHello(page, person);
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
