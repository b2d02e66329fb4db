/** The dashboard as an owner meets it: built, served by the real server, in a real browser. */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import type { BrowserContext, Page } from 'playwright-core';
import { SoftAuthenticator } from '../../../packages/server/test/authenticator.ts';
import { givePasskey } from '../../../packages/server/test/flows/passkey-steps.ts';
import { otherEnvironment } from '../../../packages/server/test/flows/steps.ts';
import type { Answer, SignedUp } from '../../../packages/server/test/harness.ts';
import { becomeOwner, examine, openStage, owner, type Stage, signIn, waitUntil } from './stage.ts';

let stage: Stage;
let context: BrowserContext;
let page: Page;
/** Somebody who signed up to the application, and is listed. */
let ada: SignedUp;

before(async () => {
  stage = await openStage();
  context = await stage.newContext({ reducedMotion: 'reduce' });
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: stage.server.url });
  page = await context.newPage();
});

after(async () => {
  await stage?.[Symbol.asyncDispose]();
});

afterEach(() => assert.deepEqual(stage.complaints.splice(0), []));

const visit = (path: string) => page.goto(`${stage.server.url}/dashboard${path}`);
const button = (name: string | RegExp) => page.getByRole('button', { name, exact: typeof name === 'string' });
const heading = (name: string, level = 1) => page.getByRole('heading', { name, level, exact: true });
const dialog = (name: string) => page.getByRole('dialog', { name }).or(page.getByRole('alertdialog', { name }));
const rows = (table: string) => page.getByRole('table', { name: table }).getByRole('row');
/** The parameters after the `?` of the address. */
const search = () => Object.fromEntries(new URL(page.url()).searchParams);
const clipboard = () => page.evaluate<string>('navigator.clipboard.readText()');

/** Asks the server as the signed-in owner, with the cookie of the browser. */
async function asOwner(
  method: string,
  path: string,
  body?: unknown,
): Promise<{ status: number; json: Answer['json'] }> {
  const { url, environmentId } = stage.server;
  const response = await context.request.fetch(url + path, {
    method,
    headers: { origin: url, 'x-authkit-environment': environmentId },
    ...(body === undefined ? {} : { data: body }),
  });
  const text = await response.text();
  return { status: response.status(), json: text === '' ? null : JSON.parse(text) };
}

/** Playwright's own waitForFunction evaluates a string in the page, which the policy of the page forbids. */
const untilTrue = (expression: string) => waitUntil(expression, () => page.evaluate<boolean>(expression));

describe('the first run', () => {
  it('makes an owner and shows them where to begin', async () => {
    await becomeOwner(page, stage.server);
    // A development server comes with addresses filled in. All but the default redirect URI can be taken away.
    for (const { id } of (await asOwner('GET', '/dashboard/api/sign_out_redirects')).json.data)
      await asOwner('DELETE', `/dashboard/api/sign_out_redirects/${id}`);
    await asOwner('PATCH', '/dashboard/api/application', { sign_in_endpoint: null });

    await page.reload();
    await page.getByText('1 of 5 steps done').waitFor();
    await button('Set up AuthKit').click();
    await heading('Set up AuthKit').waitFor();
  });

  it('walks through the five steps', async () => {
    await button(/Add a redirect URI$/).click();
    await page.getByRole('list', { name: 'redirect URIs' }).getByText('http://localhost:3000/callback').waitFor();
    await page.getByLabel('New redirect URI').fill('http://localhost:5173/callback');
    await button('Add redirect URI').click();
    await page.getByRole('list', { name: 'redirect URIs' }).getByText('http://localhost:5173/callback').waitFor();
    await button('Continue').click();

    assert.equal(await page.getByLabel('Sign-in endpoint').inputValue(), 'http://localhost:3000/login');
    await button('Save sign-in endpoint').click();
    await page.getByText('Sign-in endpoint saved').waitFor();
    await button('Continue').click();

    await button('Add sign-out redirect').click();
    await page.getByRole('list', { name: 'sign-out redirects' }).waitFor();
    await button('Continue').click();

    // What lacks its key is not to be copied: only the block below it is.
    const copies = page.getByLabel('Code for your application').getByRole('button', { name: 'Copy' });
    await copies.waitFor();
    await button('Create API key').click();
    await dialog('Create API key').getByLabel('Name').fill('Set-up');
    await button('Create key').click();
    const key = await page.getByTestId('api-key').innerText();
    await button('I have saved it').click();
    await page.getByLabel('Code for your application').getByText(`WORKOS_API_KEY='${key}'`).waitFor();
    assert.equal(await copies.count(), 2);
    await button('Mark as done').click();
    await page.getByRole('link', { name: /^Open the sign-in page/ }).waitFor();
  });

  it('remembers them when the page is loaded again', async () => {
    await visit('/');
    await page.getByText('4 of 5 steps done').waitFor();
    await page.getByRole('link', { name: /^To do:\s*Sign in once/ }).click();
    await page.getByRole('link', { name: /^Open the sign-in page/ }).waitFor();
  });

  it('is finished by the first sign-in, and then shows what happens', async () => {
    ada = await stage.server.signedUp('ada@example.com');
    await page.reload();
    await page.getByText('AuthKit is set up.').waitFor();
    await page.getByRole('link', { name: 'Go to Overview' }).click();
    await heading('Latest events', 2).waitFor();
    await page.getByRole('link', { name: 'ada@example.com' }).first().waitFor();
    // Of whom its data has the id alone.
    const begun = page.getByRole('listitem').filter({ hasText: 'Session started' }).first();
    await begun.getByRole('link', { name: 'ada@example.com' }).waitFor();
    await button('Set up AuthKit').waitFor();
  });
});

describe('Users', () => {
  it('says how many there are, and turns pages only where there are more', async () => {
    await visit('/users');
    await page.getByText('1 user', { exact: true }).waitFor();
    assert.equal(await page.getByRole('navigation', { name: 'Pages' }).count(), 0);

    for (let number = 1; number <= 24; number += 1)
      await stage.server.create.user({
        email: `person${number}@example.org`,
        first_name: 'Person',
        last_name: `Nº ${number}`,
      });
    await page.reload();
    await page.getByText('20 users on this page').waitFor();
    assert.equal(await button('Previous').isDisabled(), true);
    await button('Next').click();
    await page.getByText('5 users on this page').waitFor();
    assert.equal(await button('Next').isDisabled(), true);
    await page.getByRole('link', { name: 'No name' }).waitFor();
    await page.reload();
    await page.getByText('5 users on this page').waitFor();
    await button('Previous').click();
    await page.getByText('20 users on this page').waitFor();
    assert.equal(await button('Previous').isDisabled(), true);
  });

  it('finds by email, name and id, and keeps the search in the address', async () => {
    for (const [wanted, email] of [
      ['person7@', 'person7@example.org'],
      ['Nº 24', 'person24@example.org'],
      [ada.user.id, 'ada@example.com'],
    ] as const) {
      await page.keyboard.press('/');
      await page.getByLabel('Search users').fill(wanted);
      await page.getByText('1 user', { exact: true }).waitFor();
      await rows('Users').getByText(email).waitFor();
      assert.deepEqual(search(), { search: wanted });
      await page.getByLabel('Search users').blur();
    }
    await page.getByLabel('Search users').fill('nobody like this');
    await page.getByText('Nobody matches “nobody like this”.').waitFor();
    await button('Clear search').click();
    await page.getByText('20 users on this page').waitFor();
    assert.deepEqual(search(), {});
  });

  it('walks rows by arrow keys and opens one by Enter', async () => {
    const links = page.getByRole('table', { name: 'Users' }).locator('[data-row-link]');
    await links.first().focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    assert.equal(await page.evaluate('document.activeElement.innerText'), await links.nth(2).innerText());
    await page.keyboard.press('Enter');
    await heading('Person Nº 22').waitFor();
    await page.goBack();
    await heading('Users').waitFor();
  });

  it('creates one, says what is wrong, and keeps what was typed', async () => {
    await button('Create user').click();
    const form = dialog('Create user');
    const send = () => form.getByRole('button', { name: 'Create user' }).click();
    await send();
    await form.getByText('Fill this in.').waitFor();
    await untilTrue('document.activeElement.type === "email"');
    await form.getByLabel('Email', { exact: true }).fill('ada');
    await form.getByRole('alert').waitFor({ state: 'detached' });
    await send();
    await form.getByText('Enter a full email address, such as grace@example.com.').waitFor();
    await form.getByLabel('Email', { exact: true }).fill('ada@example.com');
    await form.getByLabel('First name').fill('Grace');
    await form.getByLabel('Last name').fill('Hopper');
    await form.getByLabel('Password').fill('12345678');
    await form.getByRole('button', { name: 'Create user' }).click();
    await form.getByRole('alert').first().waitFor();
    assert.equal(await form.getByLabel('First name').inputValue(), 'Grace');

    await form.getByLabel('Email', { exact: true }).fill('grace@example.com');
    await form.getByLabel('Password').fill('copper lantern 17 meadow');
    await form.getByRole('button', { name: 'Create user' }).click();
    await heading('Grace Hopper').waitFor();
    await page.getByRole('main').getByText('Account created').waitFor();
  });

  it('renames, and guards a name that is not saved', async () => {
    await page.getByLabel('Last name').fill('Murray Hopper');
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Users' }).click();
    await dialog('Leave without saving?').getByRole('button', { name: 'Stay' }).click();
    assert.equal(await page.getByLabel('Last name').inputValue(), 'Murray Hopper');
    await button('Save').click();
    await heading('Grace Murray Hopper').waitFor();
    await page.getByRole('main').getByText('Profile changed').waitFor();
  });

  it('shows passkeys and deletes one', async () => {
    for (const aaguid of ['bada5566-a7aa-401f-bd96-45619a55120d', 'd548826e-79b4-db40-a3d8-11116f7e8349'])
      await givePasskey(stage.server, ada.user.id, new SoftAuthenticator(stage.server.url), { aaguid });
    await visit(`/users/${ada.user.id}`);
    await page.getByRole('tab', { name: 'Passkeys' }).click();
    await button('Delete the passkey Bitwarden').click();
    await button('Delete passkey').click();
    await rows('Passkeys').getByText('Bitwarden').waitFor({ state: 'detached' });
    assert.match(await rows('Passkeys').nth(1).innerText(), /1Password[\s\S]*on one device[\s\S]*never/);
  });

  it('shows sessions and revokes one', async () => {
    await visit(`/users/${ada.user.id}`);
    await page.getByRole('tab', { name: 'Sessions' }).click();
    assert.match(await rows('Sessions').nth(1).innerText(), /active[\s\S]*password[\s\S]*127\.0\.0\.1/);
    await button(/^Revoke the session/).click();
    await button('Revoke session').click();
    await rows('Sessions').getByText('revoked').waitFor();
    const refused = await stage.server.token({ grant_type: 'refresh_token', refresh_token: ada.refreshToken });
    assert.equal(refused.status, 400);
    await page.getByRole('tab', { name: 'JSON' }).click();
    await page.getByRole('main').getByText('"ada@example.com"').waitFor();
    assert.deepEqual(search(), { tab: 'json' });
  });

  it('shows authenticator apps and resets the second step', async () => {
    await stage.server.api('POST', `/user_management/users/${ada.user.id}/auth_factors`, {
      type: 'totp',
      totp_issuer: 'Acme',
      totp_secret: 'JBSWY3DPEHPK3PXP',
    });
    await visit(`/users/${ada.user.id}`);
    await page.getByRole('tab', { name: 'Two-step verification' }).click();
    assert.match(await rows('Authenticator apps').nth(1).innerText(), /Acme[\s\S]*ada@example\.com/);
    await button('Reset two-step verification').click();
    await dialog('Reset two-step verification of this user?')
      .getByRole('button', { name: 'Reset two-step verification' })
      .click();
    await page.getByText('No authenticator apps.').waitFor();
    const [mail] = await stage.server.mails('ada@example.com');
    assert.match(mail?.subject ?? '', /^Your two-step verification was reset/);
  });

  it('impersonates one for a reason, once that is switched on', async () => {
    await visit(`/users/${ada.user.id}`);
    await page.getByText('Impersonation is switched off in this environment.').waitFor();
    assert.equal(await button('Impersonate').isDisabled(), true);
    await page.getByRole('link', { name: 'Switch it on' }).click();
    await page.getByLabel('Impersonation', { exact: true }).click();
    await button('Save changes').click();
    await page.getByText('Changes saved').waitFor();

    await visit(`/users/${ada.user.id}`);
    await button('Impersonate').click();
    const question = dialog(`Impersonate ada@example.com`);
    await question.getByLabel('Reason').fill('Ticket 4711');
    await question.getByRole('button', { name: 'Continue' }).click();
    const way = question.getByRole('link', { name: 'Open the app' });
    assert.equal(await way.getAttribute('href'), 'http://localhost:3000/login');
    const cookies = await context.cookies();
    assert.equal(cookies.filter(({ name }) => name.startsWith('authkit-impersonation-')).length, 1);
    await page.keyboard.press('Escape');
    await page.getByText('An operator asked to act as this user').waitFor();
  });

  it('deletes one after their address was typed', async () => {
    await visit('/users?search=grace');
    await page.getByRole('link', { name: 'Grace Murray Hopper' }).click();
    await heading('Grace Murray Hopper').waitFor();
    const { pathname } = new URL(page.url());
    await button('Delete user').click();
    const question = dialog('Delete grace@example.com?');
    const confirm = question.getByRole('button', { name: 'Delete user' });
    assert.equal(await confirm.isDisabled(), true);
    await question.getByLabel(/^Type grace@example\.com/).fill('grace@example.com');
    await confirm.click();
    await heading('Users').waitFor();
    await page.getByText('Deleted grace@example.com').waitFor();
    const id = pathname.split('/').at(-1);
    assert.equal((await stage.server.api('GET', `/user_management/users/${id}`)).status, 404);
    await visit(`/users/${id}`);
    await heading('User not found').waitFor();
  });
});

describe('Redirects', () => {
  const field = () => page.getByLabel('New redirect URI');
  const entry = (uri: string) => rows('redirect URIs').filter({ hasText: uri });

  it('lead to the guides', async () => {
    await visit('/redirects');
    for (const [name, path] of [
      ['Guide: Redirect URIs', '/docs/redirect-uris'],
      ['Guide: Sign-in endpoint', '/docs/concepts/sign-in-endpoint'],
      ['Guide: Sign-out redirects', '/docs/concepts/sign-out'],
    ] as const)
      assert.equal(await page.getByRole('link', { name }).getAttribute('href'), path);
    await page.getByRole('link', { name: 'Guide: Redirect URIs' }).click();
    await heading('Redirect URIs').waitFor();
  });

  it('says why a URI is refused, while it is typed and when it is sent', async () => {
    await visit('/redirects');
    await field().fill('https://*.vercel.app/callback');
    await page
      .getByRole('alert')
      .getByText(/vercel\.app/)
      .waitFor();
    assert.equal(await field().getAttribute('aria-invalid'), 'true');
    await field().fill('javascript:alert(1)');
    await button('Add redirect URI').click();
    await page.getByRole('alert').waitFor();
    assert.equal(await page.evaluate('document.activeElement.getAttribute("aria-invalid")'), 'true');
    assert.equal(await field().inputValue(), 'javascript:alert(1)');
    assert.equal(await rows('redirect URIs').count(), 3);
  });

  it('adds URIs, makes one the default, and offers that to no wildcard', async () => {
    for (const uri of ['https://app.example.com/callback', 'https://*.preview.example.com/callback']) {
      await field().fill(uri);
      await button('Add redirect URI').click();
      await entry(uri).waitFor();
    }
    await button('Make default: https://app.example.com/callback').click();
    await entry('https://app.example.com/callback').getByText('Default').waitFor();
    assert.equal(await rows('redirect URIs').getByText('Default', { exact: true }).count(), 1);
    assert.equal(await button('Make default: https://*.preview.example.com/callback').count(), 0);
    const { data } = (await asOwner('GET', '/user_management/redirect_uris')).json;
    const wildcard = data.find(({ uri }: { uri: string }) => uri.includes('*'));
    assert.equal((await asOwner('PUT', `/dashboard/api/redirect_uris/${wildcard.id}/default`)).status, 422);
  });

  it('tells whether a URL would be accepted, and by which entry', async () => {
    const check = page.getByLabel('URL to check');
    await check.fill('https://feature-1.preview.example.com/callback');
    await page.getByText('Accepted.').waitFor();
    assert.match(await page.locator('.verdict').innerText(), /https:\/\/\*\.preview\.example\.com\/callback/);
    assert.equal(await entry('https://*.preview.example.com/callback').getAttribute('data-marked'), 'true');

    await check.fill('https://app.example.com/callback/');
    await page.getByText('Refused.').waitFor();
    assert.match(
      await page.locator('.verdict').innerText(),
      /ends in a slash[\s\S]*Closest entry\s+https:\/\/app\.example\.com\/callback/,
    );
    await button('Add this URL').click();
    await page.getByText('Accepted.').waitFor();
    await check.fill('');
  });

  it('begins where the page that refused an address leads, and adds it by one click (UI 59)', async () => {
    const uri = 'http://localhost:3999/somewhere/else';
    const refused = await fetch(
      `${stage.server.url}/user_management/authorize?${new URLSearchParams({ client_id: stage.server.clientId, redirect_uri: uri, response_type: 'code' })}`,
      { headers: { accept: 'text/html' } },
    );
    const [, href = ''] = /href="(\/dashboard\/redirects[^"]*)">Add this URL/.exec(await refused.text()) ?? [];
    await page.goto(stage.server.url + href.replaceAll('&amp;', '&'));
    await page.getByText('Refused.').waitFor();
    assert.equal(await page.getByLabel('URL to check').inputValue(), uri);
    assert.equal(await entry(uri).count(), 0, 'following the link added it');
    await button('Add this URL').click();
    await page.getByText('Accepted.').waitFor();
    await button(`Delete ${uri}`).click();
    await dialog('Delete this redirect URI?').getByRole('button', { name: 'Delete' }).click();
    await dialog('Delete this redirect URI?').waitFor({ state: 'hidden' });
    await visit(`/redirects?list=sign_out_redirects&check=${encodeURIComponent(uri)}`);
    await page.getByRole('combobox', { name: 'Check it after' }).getByText('After sign-out').waitFor();
    await visit('/redirects');
  });

  it('deletes one after a question', async () => {
    await button('Delete https://app.example.com/callback/').click();
    const question = dialog('Delete this redirect URI?');
    await question.getByText('https://app.example.com/callback/').waitFor();
    await question.getByRole('button', { name: 'Delete' }).click();
    await question.waitFor({ state: 'hidden' });
    assert.equal(await entry('https://app.example.com/callback/').count(), 0);
  });

  it('keeps the sign-in endpoint, or says what is wrong with it', async () => {
    const endpoint = page.getByLabel('Sign-in endpoint', { exact: true });
    await endpoint.fill('not a url');
    await button('Save sign-in endpoint').click();
    await page.locator('#sign-in-endpoint').getByRole('alert').waitFor();
    await endpoint.fill('https://app.example.com/login');
    await button('Save sign-in endpoint').click();
    await page.getByText('Sign-in endpoint saved').waitFor();
    await page.reload();
    await endpoint.waitFor();
    assert.equal(await endpoint.inputValue(), 'https://app.example.com/login');
  });

  it('keeps sign-out redirects in a list of their own', async () => {
    await page.getByLabel('New sign-out redirect').fill('https://app.example.com/goodbye');
    await button('Add sign-out redirect').click();
    await rows('sign-out redirects').filter({ hasText: 'https://app.example.com/goodbye' }).waitFor();
    assert.equal(await entry('https://app.example.com/goodbye').count(), 0);
  });
});

describe('Authentication', () => {
  it('saves a group of settings together', async () => {
    await visit('/authentication');
    // On nobody's own domain yet.
    await page.getByText(/Passkeys hold at one domain alone/).waitFor();
    const bar = page.getByRole('region', { name: 'Unsaved changes' });
    await page.getByLabel('Access token', { exact: true }).fill('10');
    await bar.getByText('You have unsaved changes.').waitFor();
    await page.getByLabel('Application name').fill('Acme');
    await bar.getByRole('button', { name: 'Save changes' }).click();
    await page.getByText('Changes saved').waitFor();
    const { settings, application } = (await asOwner('GET', '/dashboard/api/environment')).json;
    assert.deepEqual([settings.access_token_seconds, application.name], [600, 'Acme']);
  });

  it('shows a refusal beside its field, and takes nothing away', async () => {
    await page.getByLabel('Maximum', { exact: true }).fill('90000');
    await button('Save changes').click();
    await page.getByText(/^Maximum must be between .* 365 days/).waitFor();
    await untilTrue(
      `document.activeElement.id === 'session_max_seconds' && document.activeElement.ariaInvalid === 'true'`,
    );
    assert.equal(await page.getByLabel('Maximum', { exact: true }).inputValue(), '90000');
    await page.getByLabel('Maximum', { exact: true }).fill('30');
    await page.getByLabel('Earlier passwords').fill('99');
    await button('Save changes').click();
    await page.getByText(/^Earlier passwords must be/).waitFor();
    await page.getByLabel('Earlier passwords').fill('0');
    await page.getByLabel('Maximum', { exact: true }).fill('90000');
  });

  it('asks before changes are left behind', async () => {
    await page.getByRole('link', { name: 'Redirects' }).click();
    await dialog('Leave without saving?').getByRole('button', { name: 'Stay' }).click();
    await heading('Authentication').waitFor();
    await page.getByRole('link', { name: 'Redirects' }).click();
    await dialog('Leave without saving?').getByRole('button', { name: 'Leave' }).click();
    await heading('Redirects').waitFor();
    await page.goBack();
    await page.getByLabel('Maximum', { exact: true }).waitFor();
    assert.equal(await page.getByLabel('Maximum', { exact: true }).inputValue(), '30');
  });

  it('configures CORS without a mouse', async () => {
    await visit('/authentication');
    await button('Configure CORS').focus();
    await page.keyboard.press('Enter');
    const cors = dialog('Configure CORS');
    await cors.waitFor();
    const typed = cors.getByLabel('Origin');
    await untilTrue('document.activeElement.type === "url"');
    await page.keyboard.press('Enter');
    await cors.getByText('Fill this in.').waitFor();
    await page.keyboard.type('https://spa.example.com/app');
    await page.keyboard.press('Enter');
    await cors.getByRole('alert').waitFor();
    await untilTrue('document.activeElement.type === "url"');
    await page.keyboard.press('ControlOrMeta+A');
    await page.keyboard.type('https://spa.example.com');
    await page.keyboard.press('Enter');
    await cors.getByRole('button', { name: 'Remove https://spa.example.com' }).waitFor();
    assert.equal(await typed.inputValue(), '');
    await tabTo('Remove https://spa.example.com');
    await page.keyboard.press('Enter');
    await cors.getByRole('button', { name: 'Remove https://spa.example.com' }).waitFor({ state: 'hidden' });
    await page.keyboard.press('Escape');
    await cors.waitFor({ state: 'hidden' });
    await untilTrue(`document.activeElement.innerText === 'Configure CORS'`);
  });
});

/** Presses Tab until the button of that name has the focus. */
async function tabTo(label: string): Promise<void> {
  const passed: string[] = [];
  while (passed.length < 20) {
    const name = await page.evaluate<string>('document.activeElement.ariaLabel ?? document.activeElement.innerText');
    if (name === label) return;
    passed.push(name);
    await page.keyboard.press('Tab');
  }
  assert.fail(`Tab does not get to ${label}, only to ${passed.join(', ')}.`);
}

describe('API keys', () => {
  const usersWith = async (key: string) =>
    (await fetch(`${stage.server.url}/user_management/users`, { headers: { authorization: `Bearer ${key}` } })).status;
  let key: string;

  it('shows a new key once, to be copied', async () => {
    await visit('/api-keys');
    await button('Create API key').click();
    await dialog('Create API key').getByLabel('Name').fill('Continuous integration');
    await page.keyboard.press('Enter');
    const reveal = dialog('Save this key now');
    key = await reveal.getByTestId('api-key').innerText();
    await reveal.getByRole('button', { name: 'Copy' }).click();
    assert.equal(await clipboard(), key);
    await page.mouse.click(5, 5);
    assert.equal(await reveal.isVisible(), true);
    await button('I have saved it').click();
    await reveal.waitFor({ state: 'hidden' });

    const row = rows('Secret keys').filter({ hasText: 'Continuous integration' });
    assert.match(await row.innerText(), new RegExp(`…${key.slice(-4)}[\\s\\S]*by ${owner.email}[\\s\\S]*never`));
    assert.equal((await page.content()).includes(key), false);
    assert.equal(await usersWith(key), 200);
  });

  it('revokes it, and the API refuses it soon', async () => {
    await button('Revoke Continuous integration').click();
    await dialog('Revoke “Continuous integration”?').getByRole('button', { name: 'Revoke key' }).click();
    await button('Revoke Continuous integration').waitFor({ state: 'hidden' });
    await waitUntil('the revoked key is refused', async () => (await usersWith(key)) === 401);
  });

  it('rotates the signing keys', async () => {
    await button('Rotate signing keys').click();
    await dialog('Rotate signing keys?').getByRole('button', { name: 'Rotate keys' }).click();
    await rows('Signing keys').getByText('next').waitFor();
  });
});

describe('search', () => {
  async function choose(words: string, option: string | RegExp) {
    await page.keyboard.press('ControlOrMeta+K');
    await page.getByRole('combobox').fill(words);
    await page.getByRole('option', { name: option }).and(page.locator('[aria-selected=true]')).waitFor();
    await page.keyboard.press('Enter');
    await dialog('Search').waitFor({ state: 'hidden' });
  }

  it('knows settings by the names of older guides', async () => {
    await visit('/');
    await heading('Overview').waitFor();
    for (const [words, option, hash] of [
      ['initiate login URL', /^Sign-in endpoint/, '#sign-in-endpoint'],
      ['Logout redirect', /^Sign-out redirects/, '#sign-out-redirects'],
      ['callback uri', /^Redirect URIs/, '#redirect-uris'],
    ] as const) {
      await choose(words, option);
      await page.waitForURL((url) => url.pathname === '/dashboard/redirects' && url.hash === hash);
      await untilTrue(`document.activeElement.closest('${hash}') !== null`);
    }
    await choose('Set up User Management', /^Set up AuthKit/);
    await heading('Set up AuthKit').waitFor();
    await choose('CORS', /^Configure CORS/);
    await dialog('Configure CORS').waitFor();
    await page.keyboard.press('Escape');
  });

  it('knows pages by their present names, and people by theirs', async () => {
    await choose('users', /^Users/);
    await heading('Users').waitFor();
    await choose('ada@', /ada@example\.com/);
    await heading('ada@example.com').waitFor();
  });

  it('opens the user whose id is pasted', async () => {
    await page.keyboard.press('g');
    await page.keyboard.press('h');
    await heading('Overview').waitFor();
    await choose(ada.user.id, `Go to ${ada.user.id}`);
    await heading('ada@example.com').waitFor();
  });

  it('lists shortcuts, and goes to pages by two keys', async () => {
    await page.keyboard.press('?');
    await dialog('Keyboard shortcuts').getByText('Go to Redirects').waitFor();
    await page.keyboard.press('Escape');
    await dialog('Keyboard shortcuts').waitFor({ state: 'hidden' });
    await page.keyboard.press('g');
    await page.keyboard.press('r');
    await heading('Redirects').waitFor();
  });
});

/** Everything there is to see: a path, and what is opened there. */
const places: readonly (readonly [name: string, path: () => string, open?: () => Promise<void>])[] = [
  ['overview', () => '/'],
  ['set-up', () => '/set-up'],
  ['users', () => '/users'],
  ['create user', () => '/users?dialog=create', () => dialog('Create user').waitFor()],
  ['user', () => `/users/${ada.user.id}`],
  ['sessions', () => `/users/${ada.user.id}?tab=sessions`],
  ['passkeys', () => `/users/${ada.user.id}?tab=passkeys`, () => rows('Passkeys').nth(1).waitFor()],
  ['second step', () => `/users/${ada.user.id}?tab=factors`],
  ['json', () => `/users/${ada.user.id}?tab=json`],
  ['delete user', () => `/users/${ada.user.id}?dialog=delete`, () => dialog('Delete ada@example.com?').waitFor()],
  ['no such user', () => '/users/user_1'],
  [
    'redirects',
    () => '/redirects',
    async () => {
      await page.getByLabel('URL to check').fill('https://app.example.com/callback/');
      await page.getByText('Refused.').waitFor();
    },
  ],
  ['authentication', () => '/authentication', () => page.getByLabel('Application name').fill('Another name')],
  ['cors', () => '/authentication?dialog=cors', () => dialog('Configure CORS').waitFor()],
  ['api keys', () => '/api-keys'],
  ['search', () => '/api-keys', () => page.keyboard.press('ControlOrMeta+K')],
  ['not found', () => '/nothing-here'],
];

describe('every page', () => {
  before(async () => {
    // A step that is open again brings the set-up list back to Overview.
    await asOwner('PATCH', '/dashboard/api/application', { sign_in_endpoint: null });
  });

  for (const [name, path, open] of places)
    it(`${name}: nothing that axe finds in any appearance, and nothing beside the screen`, async () => {
      await page.setViewportSize({ width: 1440, height: 900 });
      // Leaving a form that was changed for this test would ask first.
      await page.goto('about:blank');
      await visit(path());
      await page.getByRole('heading', { level: 1, includeHidden: true }).waitFor();
      await page.locator('main .skeleton').first().waitFor({ state: 'detached' });
      await open?.();
      await examine(page);
    });
});

describe('on a phone', () => {
  before(() => page.setViewportSize({ width: 375, height: 740 }));
  after(() => page.setViewportSize({ width: 1440, height: 900 }));

  it('turns rows into cards with the same actions', async () => {
    for (const [path, table, action] of [
      ['/users', 'Users', /^Copy user id/],
      ['/redirects', 'redirect URIs', /^Delete/],
      ['/api-keys', 'Secret keys', /^Revoke/],
    ] as const) {
      await visit(path);
      const card = rows(table).last();
      await card.waitFor();
      const [first, second] = [card.getByRole('cell').nth(0), card.getByRole('cell').nth(1)];
      const tops = [(await first.boundingBox())?.y ?? 0, (await second.boundingBox())?.y ?? 0] as const;
      assert.ok(tops[0] < tops[1], `${table}: one cell below the other`);
      assert.equal(await card.getByRole('button', { name: action }).isVisible(), true);
    }
  });

  it('keeps the menu in a sheet', async () => {
    await visit('/users');
    await heading('Users').waitFor();
    assert.equal(await page.getByRole('navigation', { name: 'Main' }).isVisible(), false);
    await button('Menu').click();
    await dialog('Menu').getByRole('link', { name: 'API keys' }).click();
    await heading('API keys').waitFor();
    await dialog('Menu').waitFor({ state: 'hidden' });
  });
});

describe('a sign-in that is a while ago', () => {
  const aWhileSeconds = 16 * 60;
  const asked = () => dialog('Confirm that it is you');

  it('is confirmed on the way to a new key, whose name stays', async () => {
    await visit('/api-keys?dialog=create');
    stage.server.clock.advance(aWhileSeconds);
    const name = dialog('Create API key').getByLabel('Name');
    await name.fill('Deploys');
    await button('Create key').click();
    await asked().getByRole('button', { name: 'Not now' }).click();
    await asked().waitFor({ state: 'hidden' });
    assert.equal(await name.inputValue(), 'Deploys');

    await button('Create key').click();
    await asked().getByRole('button', { name: 'Continue to sign-in' }).click();
    await page.getByLabel('Email').waitFor();
    assert.equal(await page.getByLabel('Email').inputValue(), owner.email);
    await signIn(page);

    await name.waitFor();
    assert.deepEqual([new URL(page.url()).pathname, search()], ['/dashboard/api-keys', { dialog: 'create' }]);
    assert.equal(await name.inputValue(), 'Deploys');
    await button('Create key').click();
    await page.getByTestId('api-key').waitFor();
    await button('I have saved it').click();
  });

  it('is confirmed before keys are revoked or rotated', async () => {
    stage.server.clock.advance(aWhileSeconds);
    await button('Rotate signing keys').click();
    await page.getByRole('checkbox').check();
    await button('Rotate and drop the old key').click();
    await asked().getByRole('button', { name: 'Not now' }).click();
    await dialog('Rotate signing keys?').getByRole('button', { name: 'Cancel' }).click();

    await button('Revoke Deploys').click();
    await button('Revoke key').click();
    await asked().getByRole('button', { name: 'Continue to sign-in' }).click();
    await signIn(page);
    await dialog('Revoke “Deploys”?').getByRole('button', { name: 'Revoke key' }).click();
    await button('Revoke Deploys').waitFor({ state: 'hidden' });
  });

  it('is confirmed before a user is deleted, and what was typed stays', async () => {
    await visit(`/users/${ada.user.id}`);
    await button('Delete user').click();
    stage.server.clock.advance(aWhileSeconds);
    const question = dialog('Delete ada@example.com?');
    const typed = question.getByLabel(/^Type ada@example\.com/);
    await typed.fill('ada@example.com');
    await question.getByRole('button', { name: 'Delete user' }).click();
    await asked().getByRole('button', { name: 'Continue to sign-in' }).click();
    await signIn(page);
    await typed.waitFor();
    assert.equal(await typed.inputValue(), 'ada@example.com');
    await question.getByRole('button', { name: 'Delete user' }).click();
    await page.getByText('Deleted ada@example.com').waitFor();
  });
});

describe('the environment', () => {
  it('that was chosen stays in this browser, and is the one /docs speaks of', async () => {
    const { clientId, environmentId } = stage.server;
    const preview = await otherEnvironment(stage.server, { name: 'Preview' });
    const inDocs = async () => {
      await page.goto(`${stage.server.url}/docs/concepts/environments-and-keys`);
      const text = await page.getByRole('article').innerText();
      return [clientId, preview.clientId].filter((id) => text.includes(id));
    };
    await visit('/');
    await button(/^Environment: /).click();
    await page.getByRole('menuitem', { name: 'Preview' }).click();
    await button('Environment: Preview').waitFor();
    assert.deepEqual(await inDocs(), [preview.clientId]);
    await visit('/users');
    await button('Environment: Preview').waitFor();
    await visit(`/?environment=${environmentId}`);
    await button(/^Environment: Staging/).waitFor();
    assert.deepEqual(await inDocs(), [clientId]);
  });
});

describe('the account menu', () => {
  it('switches the appearance, which a reload keeps', async () => {
    await visit('/');
    await button(/^Account/).click();
    await page.getByRole('menuitemradio', { name: 'Dark' }).click();
    await page.reload();
    assert.equal(await page.evaluate('document.documentElement.className'), 'dark');
  });

  it('signs out, and the session is over', async () => {
    await button(/^Account/).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.waitForURL('**/dashboard/signed-out');
    await page.getByRole('heading', { level: 1, name: /signed out/i }).waitFor();
    assert.equal((await asOwner('GET', '/dashboard/api/me')).status, 401);
    await visit('/users');
    await page.getByLabel('Email').waitFor();
    await signIn(page);
    await heading('Users').waitFor();
  });
});
