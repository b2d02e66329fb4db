/** As whom and where a person acts: organizations, what tokens carry, operators in somebody's place. */
import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import type { Walk } from '../example.ts';
import { chooseOrganization, enterCredentials } from '../hosted.ts';
import { askToImpersonate, becomeOwner } from '../owner.ts';
import { fact, me, seesAccount, seesHello, signIn, signOutButton, switchButton } from '../pages.ts';
import { atPlatform, newcomer } from '../people.ts';
import type { Stage } from '../stage.ts';
import type { VisitOptions } from '../visitor.ts';

/** RFC 6265 section 6.1: what a browser has to keep of one cookie. */
const COOKIE_LIMIT_BYTES = 4096;
const resources = ['documents', 'invoices', 'members', 'projects', 'reports', 'settings', 'tickets', 'webhooks'];
const permissions = resources.flatMap((name) =>
  ['create', 'read', 'update', 'delete', 'export'].map((may) => `${name}:${may}`),
);
const metadata = Object.fromEntries(Array.from({ length: 10 }, (_, n) => [`department_${n}`, `engineering-${n}`]));

/** In the order of their names, after two that the walks name. */
export const MORE_ORGANIZATIONS = Array.from({ length: 10 }, (_, n) => `Initech ${n}`);

export const acting = {
  organizations: {
    says: 'switches between the organizations of a person',
    async walk(stage) {
      const { app } = stage;
      const person = await stage.person();
      const [first, second] = [await join(stage, person.id, 'Acme'), await join(stage, person.id, 'Globex')];
      // More than the API lists on one page, of which a switcher must not be content with the first.
      for (const name of MORE_ORGANIZATIONS) await join(stage, person.id, name);
      await using visitor = await stage.visit();
      const { page } = visitor;
      await visitor.open('/account');
      await enterCredentials(page, stage, person);
      await chooseOrganization(page, 'Acme');
      await page.waitForURL(`${app.url}/account`);
      await seesAccount(page, person);
      assert.equal((await me(stage, visitor)).organizationId, first);
      const switcher = page.getByLabel('Organization', { exact: true });
      assert.deepEqual(await offered(page), ['Acme', 'Globex', ...MORE_ORGANIZATIONS]);
      const before = (await fact(page, 'Organization').textContent()) ?? '';
      assert.notEqual(before.trim(), 'None');

      await switcher.selectOption({ label: 'Globex' });
      await switchButton(page).click();
      await fact(page, 'Organization').filter({ hasNotText: before }).waitFor();
      await page.reload();
      await seesAccount(page, person);
      assert.equal((await me(stage, visitor)).organizationId, second);
    },
  },

  'one-organization': {
    says: 'offers no switch to somebody who has nothing to choose',
    async walk(stage) {
      const person = await stage.person();
      const only = await join(stage, person.id, 'Initech');
      await using visitor = await stage.visit();
      await signIn(stage, visitor, person);
      await visitor.open('/account');
      await seesAccount(visitor.page, person);
      assert.equal((await me(stage, visitor)).organizationId, only);
      assert.equal(await switchButton(visitor.page).count(), 0);
    },
  },

  'cookie-size': {
    says: 'keeps its cookie below 4096 bytes with 40 permissions and ten pairs of metadata',
    async walk(stage) {
      await stage.api('PUT', '/user_management/jwt_template', { content: JSON.stringify({ permissions }) });
      const { visitor } = await newcomer(stage, {}, { metadata });
      await using _ = visitor;
      assert.deepEqual((await me(stage, visitor)).permissions, permissions);
      for (const { name, value } of await visitor.context.cookies(stage.app.url)) {
        const bytes = Buffer.byteLength(`${name}=${value}`);
        assert.ok(bytes < COOKIE_LIMIT_BYTES, `${name} has ${bytes} bytes`);
      }
    },
  },

  impersonation: {
    says: 'says so on every page while an operator is impersonating the person',
    async walk(stage) {
      const { app, platform } = stage;
      const person = await stage.person();
      await using operator = await becomeOwner(stage);
      const { page, context } = operator;
      await page.goto(await askToImpersonate(stage, operator, person.id));
      await page.getByRole('button', { name: 'Continue', exact: true }).click();
      await page.waitForURL(`${app.url}/`);
      await seesHello(page, person);
      const banner = page.getByRole('status').filter({ hasText: `You are impersonating ${person.email}` });
      await banner.filter({ hasText: operator.email }).waitFor();
      await operator.open('/account');
      await banner.filter({ hasText: operator.email }).waitFor();
      assert.equal((await me(stage, operator)).user.id, person.id);
      await signOutButton(page).click();
      await page.waitForURL((url) => url.origin === platform.url || url.href === `${app.url}/`);
      assert.equal((await context.request.get(`${app.url}/api/me`)).status(), 401);
    },
  },
} satisfies Record<string, Walk>;

/** What the switcher of the account page lists, in order. */
export async function offered(page: Page): Promise<readonly string[]> {
  const options = page.getByLabel('Organization', { exact: true }).locator('option');
  await options.first().waitFor({ state: 'attached' }); // A page may ask for them once it is shown.
  return (await options.allTextContents()).map((name) => name.trim()).sort();
}

/** Somebody on the account page who acts in the first of two organizations, by their ids. */
export async function memberOfTwo(stage: Stage, options: VisitOptions) {
  const { visitor, person } = await atPlatform(stage, options);
  const { page, open } = visitor;
  const [first, second] = [await join(stage, person.id, 'Acme'), await join(stage, person.id, 'Globex')];
  if (stage.example.ownForms) {
    await open('/account');
    await enterCredentials(page, stage, person);
    await page.getByLabel('Organization', { exact: true }).selectOption(first);
    await page.getByRole('button', { name: 'Continue', exact: true }).click();
  } else await open(`/login?organization_id=${first}&return_to=/account`);
  await page.waitForURL(`${stage.app.url}/account`);
  await seesAccount(page, person);
  assert.equal((await me(stage, visitor)).organizationId, first);
  return { visitor, person, first, second };
}

/** A new organization that the person is a member of. */
export async function join(stage: Stage, userId: string, name: string): Promise<string> {
  const { id } = await stage.api<{ id: string }>('POST', '/organizations', { name });
  await stage.api('POST', '/user_management/organization_memberships', { user_id: userId, organization_id: id });
  return id;
}
