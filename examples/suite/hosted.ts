/** What people do on the platform's own pages. */
import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import type { Person, Stage } from './stage.ts';

type Credentials = Pick<Person, 'email' | 'password'>;

/** Where people type: the origin of the platform, but for an app with forms of its own. */
export const formsOf = ({ example, app, platform }: Stage): string => (example.ownForms ? app.url : platform.url);

/** From the first hosted page on, wherever the app sent the person from. Ends when the last form is sent. */
export async function enterCredentials(page: Page, stage: Stage, { email, password }: Credentials) {
  await page.getByLabel('Email', { exact: true }).fill(email);
  if (!stage.example.ownForms) await page.getByRole('button', { name: 'Continue', exact: true }).click();
  await page.getByLabel('Password', { exact: true }).fill(password);
  assert.equal(new URL(page.url()).origin, formsOf(stage), 'the password is typed there and nowhere else');
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

/** The hosted sign-up, with the code from the mailbox. */
export async function signUp(page: Page, { platform }: Stage, { email, password }: Credentials): Promise<void> {
  await page.getByLabel('Email', { exact: true }).fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  assert.equal(new URL(page.url()).origin, platform.url, 'the password is typed on the platform only');
  await page.getByRole('button', { name: 'Sign up', exact: true }).click();
  const code = page.getByLabel('Code', { exact: true });
  await code.waitFor();
  await code.fill(await platform.mailedCode(email)); // With six digits the page sends itself.
}

export const chooseOrganization = (page: Page, name: string): Promise<void> =>
  page.getByRole('button', { name }).click();
