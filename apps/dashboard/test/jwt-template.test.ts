/** The JWT template as an owner writes it: what is wrong stands beside it, and its claims are seen before any token has them. */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { claimsOf, goodPassword } from '../../../packages/server/test/harness.ts';
import { becomeOwner, examine, openStage, type Stage } from './stage.ts';

const template = '{ "mail": {{ user.email }}, "team": {{ organization.name || \'alone\' }} }';

let stage: Stage;
let page: Page;

before(async () => {
  stage = await openStage();
  const context = await stage.newContext({ reducedMotion: 'reduce' });
  page = await context.newPage();
  await becomeOwner(page, stage.server);
});

after(async () => {
  await stage?.[Symbol.asyncDispose]();
});

afterEach(() => assert.deepEqual(stage.complaints.splice(0), []));

const visit = () => page.goto(`${stage.server.url}/dashboard/authentication/jwt-template`);
const editor = () => page.getByLabel('Template', { exact: true });
const button = (name: string) => page.getByRole('button', { name, exact: true });
const dialog = (name: string) => page.getByRole('alertdialog', { name });
const saved = async () => (await stage.server.api('GET', '/user_management/jwt_template')).json.content;

const choose = async (label: string, option: string) => {
  await page.getByRole('combobox', { name: label }).click();
  await page.getByRole('option', { name: option }).click();
};

describe('JWT template', () => {
  it('is found in the menu, and begins with an example where nobody is there to try it on', async () => {
    const refused: string[] = [];
    page.on('response', (response) => response.status() >= 400 && refused.push(response.url()));
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'JWT template' }).click();
    await page.getByRole('heading', { name: 'JWT template', level: 1 }).waitFor();
    await page.getByText('A preview needs somebody to try the template on.').waitFor();
    assert.deepEqual(refused, [], 'that there is none is no error');
    await button('Begin with an example').click();
    assert.match(await editor().inputValue(), /user\.email/);
    await button('Discard').click();
    assert.equal(await editor().inputValue(), '');
  });

  it('says what is wrong while it is written, all of it, and keeps what was typed', async () => {
    const { json: acme } = await stage.server.api('POST', '/organizations', { name: 'Acme' });
    const ada = await stage.server.create.user({
      email: 'ada@example.com',
      password: goodPassword,
      email_verified: true,
    });
    await stage.server.api('POST', '/user_management/organization_memberships', {
      user_id: ada.id,
      organization_id: acme.id,
    });
    await stage.server.create.user({ email: 'newest@example.com' });
    await visit();
    await editor().fill('{ "sub": "me", "mail": {{ user.emial }} }');
    await page.getByText("The claim 'sub' is ours").waitFor();
    await page.getByText("'user' has no 'emial'.").waitFor();
    assert.equal(await editor().getAttribute('aria-invalid'), 'true');
    await button('Save template').click();
    await page.getByText('The template needs another look.').waitFor();
    assert.match(await editor().inputValue(), /emial/);
    assert.equal((await stage.server.api('GET', '/user_management/jwt_template')).status, 404);
  });

  it('shows what it makes of a user, in an organization and in none', async () => {
    await editor().fill(template);
    const claims = page.getByRole('complementary', { name: 'Preview' });
    await claims.getByText('"newest@example.com"').waitFor();
    await claims.getByText('"alone"').waitFor();
    assert.equal(await editor().getAttribute('aria-invalid'), null);
    await choose('User', 'ada@example.com');
    await claims.getByText('"ada@example.com"').waitFor();
    await choose('Organization', 'Acme');
    await claims.getByText('"Acme"').waitFor();
    await claims.getByText('40 of 3,072 bytes').waitFor();
  });

  it('has nothing that axe finds in any appearance, and nothing beside the screen', async () => {
    await examine(page);
  });

  it('is saved into the next token, and taken back out of it', async () => {
    await button('Save template').click();
    await page.getByText('JWT template saved').waitFor();
    assert.equal(await saved(), template);
    const claims = async () => {
      const { json } = await stage.server.token({
        grant_type: 'password',
        email: 'ada@example.com',
        password: goodPassword,
      });
      return claimsOf(json.access_token) as unknown as Record<string, unknown>;
    };
    assert.equal((await claims()).team, 'Acme');
    await page.reload();
    assert.equal(await editor().inputValue(), template);
    await button('Remove template').click();
    await dialog('Remove the JWT template?').getByRole('button', { name: 'Remove template' }).click();
    await page.getByText('JWT template removed').waitFor();
    assert.equal(await editor().inputValue(), '');
    assert.equal((await claims()).team, undefined);
  });
});
