/** Identity providers of organizations in the dashboard: built, served by the real server, in a real browser. */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import type { BrowserContext, Page } from 'playwright-core';
import { claimsOf } from '../../../packages/server/test/harness.ts';
import { becomeOwner, examine, openStage, type Stage } from './stage.ts';

let stage: Stage;
let context: BrowserContext;
let page: Page;
let acme: string;

before(async () => {
  stage = await openStage();
  context = await stage.newContext({ reducedMotion: 'reduce' });
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: stage.server.url });
  page = await context.newPage();
  await page.setViewportSize({ width: 1440, height: 900 });
  await becomeOwner(page, stage.server);
  const body = { name: 'Acme', domain_data: [{ domain: 'acme.com', state: 'verified' }] };
  acme = (await stage.server.api('POST', '/organizations', body)).json.id;
});

after(async () => {
  await stage?.[Symbol.asyncDispose]();
});

afterEach(() => assert.deepEqual(stage.complaints.splice(0), []));

const visit = (path: string) => page.goto(`${stage.server.url}/dashboard${path}`);
const button = (name: string | RegExp) => page.getByRole('button', { name, exact: typeof name === 'string' });
const heading = (name: string, level = 1) => page.getByRole('heading', { name, level, exact: true });
const dialog = (name: string) => page.getByRole('dialog', { name }).or(page.getByRole('alertdialog', { name }));
const clipboard = () => page.evaluate<string>('navigator.clipboard.readText()');

async function create(name: string, provider: string): Promise<string> {
  await visit(`/organizations/${acme}?tab=sign-on`);
  await button('Create connection').click();
  const form = dialog('Create connection');
  await form.getByRole('combobox', { name: 'Identity provider' }).click();
  await page.getByRole('option', { name: provider, exact: true }).click();
  await form.getByLabel('Name').fill(name);
  await form.getByRole('button', { name: 'Create connection' }).click();
  await heading(name).waitFor();
  const id = new URL(page.url()).pathname.split('/').at(-1) ?? '';
  assert.match(id, /^conn_/);
  return id;
}

/** At the simulated provider, and back at the dashboard. */
async function answerTest(choice: string): Promise<void> {
  await button('Test sign-on').or(button('Test again')).click();
  await page.getByRole('heading', { name: /^Identity provider/ }).waitFor();
  assert.equal(await page.getByLabel('Email').inputValue(), 'ada@acme.com');
  await button(choice).click();
  await heading('Test sign-on').waitFor();
}

describe('single sign-on of an organization', () => {
  let saml: string;

  it('teaches while there is none, here and in the list of all', async () => {
    await visit('/');
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Single sign-on' }).click();
    await page.getByText('No organization has an identity provider yet.').waitFor();
    await visit(`/organizations/${acme}`);
    await page.getByRole('tab', { name: 'Single sign-on' }).click();
    await page.getByText('No connection yet.').waitFor();
  });

  it('begins with a draft that says what the provider needs', async () => {
    saml = await create('Acme SAML', 'Any SAML 2.0 provider');
    await page.getByText('draft', { exact: true }).waitFor();
    assert.ok(await button('Activate').isDisabled());
    assert.ok(await button('Test sign-on').isDisabled());
    await button('Copy ACS URL').click();
    assert.equal(await clipboard(), `${stage.server.url}/sso/saml/acs/${saml}`);
    await button('Copy Entity ID').click();
    const entityId = await clipboard();
    const metadata = await fetch(entityId);
    assert.match(metadata.headers.get('content-type') ?? '', /^application\/samlmetadata\+xml/);
    assert.ok((await metadata.text()).includes(`entityID="${entityId}"`));
  });

  it('says what is wrong with metadata, and reads it from what was pasted', async () => {
    await page.getByLabel('Metadata', { exact: true }).fill('<!DOCTYPE x><x/>');
    await button('Read metadata').click();
    await page.getByText(/This metadata cannot be read/).waitFor();
    const theirs = await fetch(`${stage.server.url}/dev/providers/idp/${saml}/saml/metadata`);
    await page.getByLabel('Metadata', { exact: true }).fill(await theirs.text());
    await button('Read metadata').click();
    await page
      .getByRole('list', { name: 'Certificates' })
      .getByText('CN=Simulated identity provider', { exact: true })
      .waitFor();
    await page.getByText('simulated', { exact: true }).waitFor();
  });

  it('shows what a sign-on would bring, and what goes wrong', async () => {
    await answerTest('Colleague');
    await page.getByText('signed on').waitFor();
    const facts = await page.getByRole('region', { name: 'Outcome' }).innerText();
    assert.match(facts, /grace\.hopper@acme\.com/);
    assert.match(facts, /Everyone, Engineering, Admins/);
    await page.reload();
    await page.getByText('There is nothing to show').waitFor();
    await answerTest('Expired');
    await page.getByText(/It failed: the response was refused: It is not valid on or after/).waitFor();
    await answerTest('Refuse consent');
    await page.getByText('The provider, or the person there, said no.').waitFor();
  });

  it('is switched on and off', async () => {
    await visit(`/connections/${saml}`);
    await button('Activate').click();
    await page.getByText('active', { exact: true }).waitFor();
    await button('Deactivate').click();
    await dialog('Deactivate Acme SAML?').getByRole('button', { name: 'Deactivate connection' }).click();
    await page.getByText('inactive', { exact: true }).waitFor();
    await button('Activate').click();
    await page.getByText('active', { exact: true }).waitFor();
  });

  it('signs people in once it is on', async () => {
    const { server } = stage;
    const visitor = server.browser();
    await visitor.open(server.authorizeUrl().replace('provider=authkit', `connection_id=${saml}`));
    await visitor.submit({ persona: 'employee', email: 'ada@acme.com' });
    const { location } = await visitor.submit({});
    const code = location?.searchParams.get('code') ?? '';
    const { json } = await server.token({ grant_type: 'authorization_code', code });
    assert.deepEqual([json.user.email, json.organization_id], ['ada@acme.com', acme]);
  });

  it('has the provider’s groups give roles, which a test shows and a sign-on brings', async () => {
    const lines = page.getByRole('list', { name: 'Roles from groups' }).getByRole('listitem');
    for (const [index, group, role] of [
      [0, 'Engineering', 'engineer'],
      [1, 'Admins', 'Not a slug'],
    ] as const) {
      await button('Add group').click();
      await lines.nth(index).getByLabel('Group').fill(group);
      await lines.nth(index).getByLabel('Role').fill(role);
    }
    await button('Save roles').click();
    await page.getByText(/is no role slug/).waitFor();
    await lines.nth(1).getByLabel('Role').fill('admin');
    await button('Move up Admins').click();
    await button('Save roles').click();
    await page.getByText('Roles from groups saved').waitFor();
    await answerTest('Colleague');
    assert.match(await page.getByRole('region', { name: 'Outcome' }).innerText(), /admin, engineer/);
    const { server } = stage;
    const visitor = server.browser();
    await visitor.open(server.authorizeUrl().replace('provider=authkit', `connection_id=${saml}`));
    await visitor.submit({ persona: 'colleague', email: 'ada@acme.com' });
    const { location } = await visitor.submit({});
    const code = location?.searchParams.get('code') ?? '';
    const { json } = await server.token({ grant_type: 'authorization_code', code });
    assert.deepEqual(claimsOf(json.access_token).roles, ['admin', 'engineer']);
    await visit(`/organizations/${acme}?tab=members`);
    await page
      .getByRole('row', { name: /grace\.hopper/ })
      .getByRole('button', { name: /^Change the role of/ })
      .click();
    await dialog('Change roles').getByText('gets the roles of their groups there again').waitFor();
    await dialog('Change roles').getByRole('link', { name: 'Acme SAML' }).click();
    await lines.nth(1).waitFor();
    assert.equal(await lines.first().getByLabel('Group').inputValue(), 'Admins');
  });

  it('keeps the mapping, the certificates and whether sign-ins may begin there', async () => {
    await page.getByLabel('First name').fill('givenName');
    await button('Save mapping').click();
    await page.getByText('Attribute mapping saved').waitFor();
    await page.getByRole('switch', { name: 'Sign-ins may begin at the provider' }).click();
    await page.getByText('They may begin there').waitFor();
    await page.reload();
    assert.equal(await page.getByLabel('First name').inputValue(), 'givenName');
    assert.ok(await page.getByRole('switch', { name: 'Sign-ins may begin at the provider' }).isChecked());
    await button('Add certificate').click();
    await page.getByLabel('Certificate', { exact: true }).fill('no certificate');
    await button('Save certificate').click();
    await page.getByText(/This is no X\.509 certificate/).waitFor();
    await button('Cancel').click();
    await button(/^Remove certificate/).click();
    await dialog('Remove certificate?').getByRole('button', { name: 'Remove certificate' }).click();
    await dialog('Remove certificate?')
      .getByText(/Still missing: certificates/)
      .waitFor();
    await dialog('Remove certificate?').getByRole('button', { name: 'Cancel' }).click();
  });

  it('signs requests, and changes our key in two steps', async () => {
    await page.getByRole('switch', { name: 'Sign requests' }).click();
    await page.getByText('Requests are signed').waitFor();
    const keys = page.getByRole('list', { name: 'Our keys' });
    await keys.getByText('In use').waitFor();
    assert.equal(await keys.getByRole('button', { name: /^Remove/ }).count(), 0, 'the only one stays');
    await button('Add a new key').click();
    await keys.getByRole('button', { name: 'Remove Key 2' }).waitFor();
    await button('Add a new key').waitFor({ state: 'detached' });
    await keys.getByRole('button', { name: 'Remove Key 1' }).click();
    await dialog('Remove key?').getByRole('button', { name: 'Remove key' }).click();
    await dialog('Remove key?').waitFor({ state: 'detached' });
    assert.deepEqual(await keys.locator('.domain-name').allInnerTexts(), ['Key 2']);
    await page.reload();
    await page.getByRole('list', { name: 'Our keys' }).getByText('In use').waitFor();
    assert.ok(await page.getByRole('switch', { name: 'Sign requests' }).isChecked());
  });

  it('has a strict provider to try that with', async () => {
    const id = await create('Acme strict', 'Any SAML 2.0 provider');
    await page.getByRole('switch', { name: 'A strict one' }).click();
    await button('Use the simulated identity provider').click();
    await page.getByText('The simulated identity provider is set up').waitFor();
    assert.ok(await page.getByRole('switch', { name: 'Sign requests' }).isChecked(), 'its metadata demands it');
    await answerTest('Employee');
    await page.getByText('signed on').waitFor();
    await stage.server.api('DELETE', `/connections/${id}`);
    await visit(`/connections/${saml}`);
  });

  it('speaks OpenID Connect as well, with the simulated provider at one click', async () => {
    const id = await create('Acme OIDC', 'Any OpenID Connect provider');
    await button('Copy Redirect URI').click();
    assert.equal(await clipboard(), `${stage.server.url}/sso/oidc/callback/${id}`);
    await page.getByLabel('Issuer').fill('nonsense');
    await page.getByLabel('Client ID').fill('client');
    await page.getByLabel('Client secret').fill('secret');
    await button('Save provider').click();
    await page.getByRole('alert').waitFor();
    await button('Use the simulated identity provider').click();
    await page.getByText('simulated', { exact: true }).waitFor();
    await answerTest('Employee');
    assert.match(await page.getByRole('region', { name: 'Outcome' }).innerText(), /ada@acme\.com/);
  });

  it('is listed for the organization and for everybody, and deleted by its name', async () => {
    await visit('/connections');
    const rows = page.getByRole('table', { name: 'Connections' }).getByRole('row');
    await rows.nth(2).waitFor();
    await page.getByRole('link', { name: 'Acme OIDC' }).click();
    await button('Delete connection').click();
    const question = dialog('Delete Acme OIDC?');
    await question.getByLabel('Type Acme OIDC to confirm').fill('Acme OIDC');
    await question.getByRole('button', { name: 'Delete connection' }).click();
    await heading('Acme').waitFor();
    await page.getByRole('link', { name: 'Acme SAML' }).waitFor();
    assert.equal(await page.getByRole('link', { name: 'Acme OIDC' }).count(), 0);
  });

  it('holds to the rules of accessibility, light and dark, wide and narrow', async () => {
    for (const path of [
      `/organizations/${acme}?tab=sign-on`,
      '/connections',
      `/connections/${saml}`,
      `/connections/${saml}/test`,
    ]) {
      await visit(path);
      await page.getByRole('heading', { level: 1 }).waitFor();
      await examine(page);
    }
  });
});
