/** As whom and where a person acts: organizations, what tokens carry, operators in somebody's place. */
import assert from 'node:assert/strict';
import type { Walk } from '../example.ts';
import { chooseOrganization, enterCredentials } from '../hosted.ts';
import { askToImpersonate, becomeOwner } from '../owner.ts';
import { fact, me, seesAccount, seesHello, signIn, signOutButton } from '../pages.ts';
import type { Stage } from '../stage.ts';

/** RFC 6265 section 6.1: what a browser has to keep of one cookie. */
const COOKIE_LIMIT_BYTES = 4096;
const resources = ['documents', 'invoices', 'members', 'projects', 'reports', 'settings', 'tickets', 'webhooks'];
const permissions = resources.flatMap((name) =>
  ['create', 'read', 'update', 'delete', 'export'].map((may) => `${name}:${may}`),
);
const metadata = Object.fromEntries(Array.from({ length: 10 }, (_, n) => [`department_${n}`, `engineering-${n}`]));

export const acting = {
  organizations: {
    says: 'switches between the organizations of a person',
    async walk(stage) {
      const { app } = stage;
      const person = await stage.person();
      const [first, second] = [await join(stage, person.id, 'Acme'), await join(stage, person.id, 'Globex')];
      await using visitor = await stage.visit();
      const { page } = visitor;
      await visitor.open('/account');
      await enterCredentials(page, stage, person);
      await chooseOrganization(page, 'Acme');
      await page.waitForURL(`${app.url}/account`);
      await seesAccount(page, person);
      assert.equal((await me(stage, visitor)).organizationId, first);
      const switcher = page.getByLabel('Organization', { exact: true });
      assert.deepEqual((await switcher.locator('option').allTextContents()).sort(), ['Acme', 'Globex']);
      const before = (await fact(page, 'Organization').textContent()) ?? '';
      assert.notEqual(before.trim(), 'None');

      await switcher.selectOption({ label: 'Globex' });
      await page.getByRole('button', { name: 'Switch organization', exact: true }).click();
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
      assert.equal(await visitor.page.getByRole('button', { name: 'Switch organization' }).count(), 0);
    },
  },

  'cookie-size': {
    says: 'keeps its cookie below 4096 bytes with 40 permissions and ten pairs of metadata',
    async walk(stage) {
      await stage.api('PUT', '/user_management/jwt_template', { content: JSON.stringify({ permissions }) });
      const person = await stage.person({ metadata });
      await using visitor = await stage.visit();
      await signIn(stage, visitor, person);
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

/** A new organization that the person is a member of. */
export async function join(stage: Stage, userId: string, name: string): Promise<string> {
  const { id } = await stage.api<{ id: string }>('POST', '/organizations', { name });
  await stage.api('POST', '/user_management/organization_memberships', { user_id: userId, organization_id: id });
  return id;
}
