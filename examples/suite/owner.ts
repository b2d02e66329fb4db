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

/** Where an operator who has given a reason begins to act as somebody: the app's sign-in endpoint. */
export async function askToImpersonate({ platform }: Stage, { context }: Owner, userId: string): Promise<string> {
  const { environmentId } = JSON.parse(platform.line) as { environmentId: string };
  const response = await context.request.post(`${platform.url}/dashboard/api/users/${userId}/impersonation`, {
    data: { reason: 'Ticket 4711' },
    headers: { 'sec-fetch-site': 'same-origin', 'x-authkit-environment': environmentId },
  });
  assert.equal(response.status(), 201, await response.text());
  return ((await response.json()) as { url: string }).url;
}
