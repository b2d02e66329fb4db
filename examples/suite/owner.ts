/** The platform's owner, who sees the dashboard. */
import assert from 'node:assert/strict';
import { signUp } from './hosted.ts';
import { newPerson, type Stage } from './stage.ts';
import type { Visitor } from './visitor.ts';

export interface Owner extends Visitor {
  readonly email: string;
}

/** Follows the link that the platform printed. It works once, so whoever comes later gets the same cookies. */
export async function becomeOwner(stage: Stage): Promise<Owner> {
  const { platform, ownership } = stage;
  if (ownership.cookies) {
    const visitor = await stage.visit({ storageState: ownership.cookies });
    return { ...visitor, email: ownership.email };
  }
  const visitor = await stage.visit();
  const { page } = visitor;
  const owner = newPerson(stage);
  await page.goto(platform.dashboardUrl);
  await page.getByLabel('Email', { exact: true }).fill(owner.email);
  await page.getByRole('button', { name: 'Continue', exact: true }).click();
  await page.waitForURL(`${platform.url}/sign-up?*`);
  await signUp(page, stage, owner);
  await page.waitForURL(`${platform.url}/dashboard**`);
  Object.assign(ownership, { email: owner.email, cookies: await visitor.context.storageState() });
  return { ...visitor, email: owner.email };
}

/** Calls what only the dashboard calls, as its page does. @throws {AssertionError} when it is refused */
export async function callDashboard<T>(
  { platform }: Stage,
  { context }: Owner,
  method: 'PATCH' | 'POST',
  path: string,
  data: Readonly<Record<string, unknown>>,
): Promise<T> {
  const { environmentId } = JSON.parse(platform.line) as { environmentId: string };
  const headers = { 'sec-fetch-site': 'same-origin', 'x-authkit-environment': environmentId };
  const response = await context.request.fetch(`${platform.url}/dashboard/api/${path}`, { method, data, headers });
  assert.ok(response.ok(), `${response.status()} ${await response.text()}`);
  return (await response.json()) as T;
}

/** Where an operator who has given a reason begins to act as somebody: the app's sign-in endpoint. */
export async function askToImpersonate(stage: Stage, owner: Owner, userId: string): Promise<string> {
  const path = `users/${userId}/impersonation`;
  const { url } = await callDashboard<{ url: string }>(stage, owner, 'POST', path, { reason: 'Ticket 4711' });
  return url;
}
