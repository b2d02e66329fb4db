/** Organizations and the waitlist in the dashboard: built, served by the real server, in a real browser. */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import type { BrowserContext, Page } from 'playwright-core';
import type { Answer } from '../../../packages/server/test/harness.ts';
import { becomeOwner, examine, openStage, type Stage, waitUntil } from './stage.ts';

let stage: Stage;
let context: BrowserContext;
let page: Page;
/** The organization that most tests look at. */
let acme: string;
let ada: { readonly id: string };

before(async () => {
  stage = await openStage();
  context = await stage.newContext({ reducedMotion: 'reduce' });
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: stage.server.url });
  page = await context.newPage();
  await page.setViewportSize({ width: 1440, height: 900 });
  await becomeOwner(page, stage.server);
  ada = await stage.server.create.user({ email: 'ada@example.com', first_name: 'Ada', last_name: 'Lovelace' });
  await stage.server.create.user({ email: 'grace@example.com', first_name: 'Grace', last_name: 'Hopper' });
});

after(async () => {
  await stage?.[Symbol.asyncDispose]();
});

afterEach(() => assert.deepEqual(stage.complaints.splice(0), []));

const visit = (path: string) => page.goto(`${stage.server.url}/dashboard${path}`);
const button = (name: string | RegExp) => page.getByRole('button', { name, exact: typeof name === 'string' });
const tab = (name: string) => page.getByRole('tab', { name, exact: true });
const heading = (name: string, level = 1) => page.getByRole('heading', { name, level, exact: true });
const dialog = (name: string) => page.getByRole('dialog', { name }).or(page.getByRole('alertdialog', { name }));
const rows = (table: string) => page.getByRole('table', { name: table }).getByRole('row');
/** The parameters after the `?` of the address. */
const search = () => Object.fromEntries(new URL(page.url()).searchParams);
const clipboard = () => page.evaluate<string>('navigator.clipboard.readText()');
const api = async (method: string, path: string, body?: unknown): Promise<Answer> =>
  stage.server.api(method, path, body);

/** As the signed-in owner, for what the API key may not do. */
async function asOwner(method: string, path: string, body?: unknown): Promise<Answer['json']> {
  const { url, environmentId } = stage.server;
  const response = await context.request.fetch(url + path, {
    method,
    headers: { origin: url, 'x-authkit-environment': environmentId },
    ...(body === undefined ? {} : { data: body }),
  });
  assert.ok(response.ok(), `${method} ${path}: ${response.status()}`);
  return response.json();
}

/** Playwright's own waitForFunction evaluates a string in the page, which the policy of the page forbids. */
const untilTrue = (expression: string) => waitUntil(expression, () => page.evaluate<boolean>(expression));

describe('the list of organizations', () => {
  it('teaches while it is empty, and is found in the sidebar', async () => {
    await visit('/');
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Organizations' }).click();
    await heading('Organizations').waitFor();
    const snippet = page.locator('.empty').getByText(`curl -X POST "${stage.server.url}/organizations"`);
    await snippet.waitFor();
    await button('Copy').first().click();
    assert.match(await clipboard(), /"name":"Acme"/);
  });

  it('creates one, says what is wrong with its domain, and keeps what was typed', async () => {
    await button('Create organization').click();
    const form = dialog('Create organization');
    await form.getByLabel('Name').fill('Acme');
    await form.getByLabel('Domain').fill('gmail.com');
    await form.getByRole('button', { name: 'Create organization' }).click();
    await form.getByText(/gives addresses to anybody/).waitFor();
    assert.equal(await form.getByLabel('Name').inputValue(), 'Acme');
    await form.getByLabel('Domain').fill('acme.com');
    await form.getByRole('button', { name: 'Create organization' }).click();
    await heading('Acme').waitFor();
    acme = new URL(page.url()).pathname.split('/').at(-1) ?? '';
    assert.match(acme, /^org_/);
  });

  it('turns pages, finds by name, and keeps the search in the address', async () => {
    for (let number = 1; number <= 21; number += 1) await api('POST', '/organizations', { name: `Customer ${number}` });
    await visit('/organizations');
    await page.getByText('20 organizations on this page').waitFor();
    await button('Next').click();
    await page.getByText('2 organizations on this page').waitFor();
    await button('Previous').click();
    await page.getByText('20 organizations on this page').waitFor();
    await page.keyboard.press('/');
    await page.getByLabel('Search organizations').fill('acm');
    await page.getByText('1 organization', { exact: true }).waitFor();
    assert.match(await rows('Organizations').nth(1).innerText(), /Acme[\s\S]*acme\.com[\s\S]*unverified/);
    assert.deepEqual(search(), { search: 'acm' });
    await page.getByLabel('Search organizations').fill('nothing like this');
    await page.getByText('No organization matches “nothing like this”.').waitFor();
    await button('Clear search').click();
    await page.getByText('20 organizations on this page').waitFor();
  });

  it('is reached by two keys, by old names, by a name and by an id, and walked by arrows', async () => {
    await visit('/users');
    await heading('Users').waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('o');
    await heading('Organizations').waitFor();
    const links = page.getByRole('table', { name: 'Organizations' }).locator('[data-row-link]');
    await links.first().focus();
    await page.keyboard.press('ArrowDown');
    assert.equal(await page.evaluate('document.activeElement.innerText'), await links.nth(1).innerText());
    await page.keyboard.press('Enter');
    await heading('Customer 20').waitFor();
    for (const [words, option, then] of [
      ['tenants', /^Organizations/, 'Organizations'],
      ['acme', /^Acme/, 'Acme'],
      ['workspaces', /^Organizations/, 'Organizations'],
      [acme, `Go to ${acme}`, 'Acme'],
    ] as const) {
      await page.keyboard.press('ControlOrMeta+K');
      await page.getByRole('combobox').fill(words);
      await page.getByRole('option', { name: option }).and(page.locator('[aria-selected=true]')).waitFor();
      await page.keyboard.press('Enter');
      await heading(then).waitFor();
    }
  });
});

describe('Members', () => {
  it('adds a user in a role, and refuses a role that is no slug', async () => {
    await visit(`/organizations/${acme}`);
    await page.getByText('No members yet.').waitFor();
    await button('Add member').click();
    const form = dialog('Add member');
    assert.equal(await form.getByRole('button', { name: 'Add member' }).isDisabled(), true);
    await form.getByRole('searchbox', { name: 'User' }).fill('ada@');
    await form.getByRole('radio', { name: 'grace@example.com' }).waitFor({ state: 'hidden' });
    await form.getByRole('radio', { name: 'ada@example.com' }).click();
    await form.getByLabel('Role').fill('Not A Slug');
    await form.getByRole('button', { name: 'Add member' }).click();
    await form.getByRole('alert').waitFor();
    await form.getByLabel('Role').fill('admin');
    await form.getByRole('button', { name: 'Add member' }).click();
    await form.waitFor({ state: 'hidden' });
    assert.match(
      await rows('Members').nth(1).innerText(),
      /Ada Lovelace[\s\S]*ada@example\.com[\s\S]*admin[\s\S]*active/,
    );
  });

  it('changes the role, deactivates with an undo, and reactivates', async () => {
    await button('Change the role of Ada Lovelace').click();
    await dialog('Change roles').getByLabel('Roles').fill('owner, billing');
    await dialog('Change roles').getByRole('button', { name: 'Change roles' }).click();
    await rows('Members').getByText('owner').waitFor();
    await button('Deactivate Ada Lovelace').click();
    await rows('Members').getByText('inactive').waitFor();
    await button('Undo').click();
    await rows('Members').getByText('active', { exact: true }).waitFor();
    await button('Deactivate Ada Lovelace').click();
    await button('Reactivate Ada Lovelace').click();
    await rows('Members').getByText('active', { exact: true }).waitFor();
  });

  it('shows on the user’s page where they belong', async () => {
    await visit(`/users/${ada.id}`);
    await tab('Organizations').click();
    assert.match(await rows('Organizations').nth(1).innerText(), /Acme[\s\S]*owner[\s\S]*active/);
    assert.deepEqual(search(), { tab: 'organizations' });
    await page.getByRole('link', { name: 'Acme' }).click();
    await heading('Acme').waitFor();
  });

  it('removes one after a question, and keeps the account', async () => {
    await button('Remove Ada Lovelace').click();
    await dialog('Remove Ada Lovelace from Acme?').getByRole('button', { name: 'Remove member' }).click();
    await page.getByText('No members yet.').waitFor();
    assert.equal((await api('GET', `/user_management/users/${ada.id}`)).status, 200);
    await api('POST', '/user_management/organization_memberships', { user_id: ada.id, organization_id: acme });
  });
});

describe('Invitations', () => {
  it('sends one for as many days as asked', async () => {
    await visit(`/organizations/${acme}?tab=invitations`);
    await button('Invite').click();
    const form = dialog('Invite to Acme');
    await form.getByLabel('Email').fill('joan@example.com');
    await form.getByLabel('Role').fill('admin');
    await form.getByLabel('Days until it expires').fill('3');
    await form.getByRole('button', { name: 'Send invitation' }).click();
    await form.waitFor({ state: 'hidden' });
    assert.match(
      await rows('Invitations').nth(1).innerText(),
      /joan@example\.com[\s\S]*pending[\s\S]*admin[\s\S]*in 3 days/,
    );
    assert.equal((await stage.server.mails('joan@example.com')).length, 1);
  });

  it('says why it sends no second one', async () => {
    await button('Invite').click();
    const form = dialog('Invite to Acme');
    await form.getByLabel('Email').fill('joan@example.com');
    await form.getByRole('button', { name: 'Send invitation' }).click();
    await form.getByText(/open invitation to this organization/).waitFor();
    await page.keyboard.press('Escape');
    await form.waitFor({ state: 'hidden' });
  });

  it('copies the link, sends it again, and revokes it', async () => {
    await button('Copy the link for joan@example.com').click();
    assert.match(await clipboard(), /\/invite\?invitation_token=/);
    await button('Resend to joan@example.com').click();
    await page.getByText('Sent again to joan@example.com').waitFor();
    assert.equal((await stage.server.mails('joan@example.com')).length, 2);
    await button('Revoke the invitation of joan@example.com').click();
    await button('Revoke invitation').click();
    await rows('Invitations').getByText('revoked').waitFor();
    assert.equal(await button('Resend to joan@example.com').count(), 0);
  });

  it('shows those to no organization beside the others, sends one, finds it by its address, and revokes it', async () => {
    await visit('/invitations');
    await rows('Invitations').getByRole('link', { name: 'Acme' }).waitFor();
    await button('Invite').click();
    const form = dialog('Invite to the application');
    assert.equal(await form.getByLabel('Role').count(), 0);
    await form.getByLabel('Email').fill('mary@example.com');
    await form.getByRole('button', { name: 'Send invitation' }).click();
    await form.waitFor({ state: 'hidden' });
    await page.getByRole('searchbox').fill('mary@example.com');
    await rows('Invitations').getByRole('link').waitFor({ state: 'detached' });
    assert.match(await rows('Invitations').nth(1).innerText(), /mary@example\.com[\s\S]*the application[\s\S]*pending/);
    await button('Resend to mary@example.com').click();
    await page.getByText('Sent again to mary@example.com').waitFor();
    assert.equal((await stage.server.mails('mary@example.com')).length, 2);
    await button('Revoke the invitation of mary@example.com').click();
    await button('Revoke invitation').click();
    await rows('Invitations').getByText('revoked').waitFor();
  });
});

describe('Domains', () => {
  it('shows the record to add, to be copied, and looks for it', async () => {
    await visit(`/organizations/${acme}?tab=domains`);
    await page.getByRole('list', { name: 'Domains' }).getByText('acme.com', { exact: true }).first().waitFor();
    const { json } = await api('GET', `/organizations/${acme}`);
    const [{ verification_prefix: prefix, verification_token: token }] = json.domains;
    await button('Copy the record of acme.com').click();
    assert.equal(await clipboard(), `${prefix}=${token}`);
  });

  it('adds one, refuses a mail provider’s, and deletes after a question', async () => {
    await page.getByLabel('New domain').fill('gmail.com');
    await button('Add domain').click();
    await page.getByText(/gives addresses to anybody/).waitFor();
    assert.equal(await page.getByLabel('New domain').inputValue(), 'gmail.com');
    await page.getByLabel('New domain').fill('acme.test.example.org');
    await button('Add domain').click();
    await button('Delete acme.test.example.org').click();
    await button('Delete domain').click();
    await button('Delete acme.test.example.org').waitFor({ state: 'hidden' });
  });

  it('shows a domain that the application vouched for', async () => {
    await api('PUT', `/organizations/${acme}`, {
      domain_data: [
        { domain: 'acme.com', state: 'verified' },
        { domain: 'acme.net', state: 'pending' },
      ],
    });
    await page.reload();
    await page.getByText('Vouched for by your application.').waitFor();
    assert.equal(await button('Copy the record of acme.com').count(), 0);
    assert.equal(await button('Copy the record of acme.net').count(), 1);
  });
});

describe('Policy', () => {
  const saved = () => asOwner('GET', `/dashboard/api/organizations/${acme}/policy`);

  it('saves methods, second factor and joining together', async () => {
    await visit(`/organizations/${acme}?tab=policy`);
    await page.getByRole('switch', { name: 'Only some methods' }).click();
    await page.getByRole('checkbox', { name: 'Google' }).click();
    await page.getByRole('checkbox', { name: 'Code by mail' }).click();
    await page.getByRole('switch', { name: 'Require two-step verification' }).click();
    await page.getByRole('switch', { name: 'Join by domain' }).click();
    await button('Save changes').click();
    await page.getByText('Policy saved').waitFor();
    assert.deepEqual(await saved(), {
      sign_in_methods: ['Password', 'Passkey', 'GoogleOAuth'],
      guest_sign_in_methods: null,
      mfa: 'required',
      join_by_domain: false,
      join_by_sso: true,
    });
  });

  it('asks before changes are left behind, and saves no policy that lets nobody in', async () => {
    for (const name of ['Password', 'Passkey', 'Google'])
      await page.getByRole('checkbox', { name, exact: true }).click();
    await button('Save changes').click();
    await page.getByText('Choose at least one sign-in method.').waitFor();
    await tab('Members').click();
    await dialog('Leave without saving?').getByRole('button', { name: 'Stay' }).click();
    await button('Discard').click();
    assert.equal(await page.getByRole('checkbox', { name: 'Password' }).isChecked(), true);
    await page.getByRole('switch', { name: 'Only some methods' }).click();
    await button('Save changes').click();
    await waitUntil('every method again', async () => (await saved()).sign_in_methods === null);
  });

  it('lets guests in otherwise, and warns of a choice with which nobody could sign in', async () => {
    await page.getByRole('switch', { name: 'Other methods for guests' }).click();
    const guests = page.getByRole('group', { name: 'Methods for guests' });
    assert.equal(await guests.getByRole('checkbox', { checked: true }).count(), 1);
    await guests.getByRole('checkbox', { name: 'Single sign-on' }).click();
    await guests.getByRole('checkbox', { name: 'Code by mail' }).click();
    const warning = page.getByText(/no active connection/);
    await warning.waitFor();
    await guests.getByRole('checkbox', { name: 'Code by mail' }).click();
    await warning.waitFor({ state: 'hidden' });
    await guests.getByRole('checkbox', { name: 'Single sign-on' }).click();
    await button('Save changes').click();
    await waitUntil('a code for guests', async () => (await saved()).guest_sign_in_methods?.[0] === 'MagicAuth');
  });
});

describe('Details', () => {
  it('saves name, external id and metadata together', async () => {
    await visit(`/organizations/${acme}?tab=details`);
    await page.getByLabel('Name', { exact: true }).fill('Acme Rockets');
    await page.getByLabel('External ID').fill('customer-7');
    await button('Add value').click();
    await page.getByLabel('Name 1').fill('plan');
    await page.getByLabel('Value 1').fill('gold');
    await button('Save changes').click();
    await heading('Acme Rockets').waitFor();
    const { json } = await api('GET', `/organizations/${acme}`);
    assert.deepEqual([json.name, json.external_id, json.metadata], ['Acme Rockets', 'customer-7', { plan: 'gold' }]);
  });

  it('takes a value away, and says why an external id is refused', async () => {
    await api('POST', '/organizations', { name: 'Other', external_id: 'customer-8' });
    await button('Remove plan').click();
    await page.getByLabel('External ID').fill('customer-8');
    await button('Save changes').click();
    await page
      .getByRole('region', { name: 'Unsaved changes' })
      .getByText(/customer-8|external/i)
      .waitFor();
    await page.getByLabel('External ID').fill('');
    await button('Save changes').click();
    await waitUntil('the changes are kept', async () => {
      const { json } = await api('GET', `/organizations/${acme}`);
      return json.external_id === null && Object.keys(json.metadata).length === 0;
    });
  });
});

describe('Activity', () => {
  it('tells what happened to the organization, of whom, and of no other one', async () => {
    await visit(`/organizations/${acme}`);
    await page.getByRole('tab', { name: 'Activity' }).click();
    const told = page.getByRole('tabpanel').getByRole('listitem');
    await told.filter({ hasText: 'Organization created' }).waitFor();
    assert.equal(await told.filter({ hasText: 'Organization created' }).count(), 1);
    await told.filter({ hasText: 'Became a member' }).getByRole('link').first().waitFor();
    assert.deepEqual(search(), { tab: 'activity' });
  });
});

describe('the waitlist', () => {
  it('is in the sidebar where sign-up goes through it', async () => {
    await visit('/waitlist');
    await page.getByText('Sign-up does not go through the waitlist').waitFor();
    assert.equal(await page.getByRole('navigation', { name: 'Main' }).getByText('Waitlist').count(), 0);
    await asOwner('PATCH', '/dashboard/api/settings', { sign_up: 'waitlist' });
    for (const email of ['first@example.net', 'second@example.net', 'third@example.net'])
      await api('POST', '/user_management/waitlists/default/entries', {
        email,
        additional_fields: { company: 'Acme' },
      });
    await visit('/');
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Waitlist' }).click();
    await heading('Waitlist').waitFor();
    assert.match(await rows('Waitlist').last().innerText(), /first@example\.net[\s\S]*pending[\s\S]*company: Acme/);
  });

  it('approves one, who gets a mail, and denies another, who gets none', async () => {
    await button('Approve first@example.net').click();
    await rows('Waitlist').getByText('first@example.net').waitFor({ state: 'detached' });
    await button('Deny second@example.net').click();
    await dialog('Deny second@example.net?').getByRole('button', { name: 'Deny' }).click();
    await rows('Waitlist').getByText('second@example.net').waitFor({ state: 'detached' });
    assert.equal((await stage.server.mails('first@example.net')).length, 1);
    assert.equal((await stage.server.mails('second@example.net')).length, 0);
    await page.getByRole('radio', { name: 'Denied' }).click();
    await rows('Waitlist').getByText('second@example.net').waitFor();
    assert.deepEqual(search(), { state: 'denied' });
  });

  it('takes one off the list', async () => {
    await button('Delete second@example.net').click();
    await button('Delete entry').click();
    await page.getByText('Nobody has been denied.').waitFor();
  });

  it('stays in the sidebar for those who stand on it when sign-up is opened', async () => {
    await asOwner('PATCH', '/dashboard/api/settings', { sign_up: 'open' });
    await visit('/');
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Waitlist' }).waitFor();
    await asOwner('PATCH', '/dashboard/api/settings', { sign_up: 'waitlist' });
  });

  it('runs from the right in a right-to-left document, the mark of the chosen state included', async () => {
    await visit('/waitlist?state=approved');
    await page.evaluate("document.documentElement.dir = 'rtl'");
    const box = (name: string) => page.getByRole('radio', { name }).boundingBox();
    const mark = page.locator('.rt-SegmentedControlIndicator');
    await waitUntil('the mark is on Approved', async () => {
      const [waiting, approved, at] = [await box('Waiting'), await box('Approved'), await mark.boundingBox()];
      return !!waiting && !!approved && !!at && approved.x < waiting.x && Math.abs(at.x - approved.x) < 2;
    });
    await page.evaluate("document.documentElement.dir = 'ltr'");
  });
});

const at = (more: string) => () => `/organizations/${acme}${more}`;

/** Everything there is to see: a path, and what is opened there. */
const places: readonly (readonly [name: string, path: () => string, open?: () => Promise<void>])[] = [
  ['organizations', () => '/organizations'],
  ['no match', () => '/organizations?search=nothing'],
  ['create organization', () => '/organizations?dialog=create', () => dialog('Create organization').waitFor()],
  ['members', at('')],
  ['add member', at('?dialog=add'), () => dialog('Add member').getByRole('radio').first().waitFor()],
  [
    'change role',
    at(''),
    async () => {
      await button('Change the role of Ada Lovelace').click();
      await dialog('Change roles').waitFor();
    },
  ],
  ['invitations', at('?tab=invitations')],
  ['invite', at('?tab=invitations&dialog=invite'), () => dialog('Invite to Acme').waitFor()],
  ['all invitations', () => '/invitations'],
  [
    'invite to the application',
    () => '/invitations?dialog=create',
    () => dialog('Invite to the application').waitFor(),
  ],
  ['domains', at('?tab=domains')],
  ['policy', at('?tab=policy'), () => page.getByRole('switch', { name: 'Only some methods' }).click()],
  ['details', at('?tab=details'), () => button('Add value').click()],
  ['delete organization', at('?tab=details&dialog=delete'), () => dialog('Delete Acme Rockets?').waitFor()],
  ['activity', at('?tab=activity')],
  ['organization as JSON', at('?tab=json')],
  ['no such organization', () => '/organizations/org_1'],
  ['memberships of a user', () => `/users/${ada.id}?tab=organizations`],
  ['waitlist', () => '/waitlist'],
  ['empty waitlist', () => '/waitlist?state=denied'],
];

describe('every page', () => {
  before(() => api('POST', '/user_management/invitations', { email: 'lin@example.com', organization_id: acme }));

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

describe('without a mouse', () => {
  before(() => page.setViewportSize({ width: 1440, height: 900 }));

  it('reads and walks the tabs from the right where the document does', async () => {
    await visit(`/organizations/${acme}`);
    const [first, second] = [page.getByRole('tab').first(), page.getByRole('tab').nth(1)];
    await page.evaluate(`document.documentElement.dir = 'rtl'`);
    const leftOf = async (tab: typeof first) => (await tab.boundingBox())?.x ?? assert.fail('it is not shown');
    await waitUntil('the second tab is left of the first', async () => (await leftOf(second)) < (await leftOf(first)));
    await first.focus();
    await page.keyboard.press('ArrowLeft');
    await untilTrue(`document.activeElement.innerText.includes('Invitations')`);
    const direction = await page.evaluate(`getComputedStyle(document.querySelector('[role=tabpanel]')).direction`);
    assert.equal(direction, 'rtl');
  });

  it('walks the tabs by arrows, and gives the focus back after a dialog', async () => {
    await page.goto('about:blank');
    await visit(`/organizations/${acme}`);
    await tab('Members').focus();
    for (const [name, wanted] of [
      ['Invitations', 'invitations'],
      ['Domains', 'domains'],
      ['Single sign-on', 'sign-on'],
      ['Policy', 'policy'],
      ['Details', 'details'],
      ['Activity', 'activity'],
    ] as const) {
      await page.keyboard.press('ArrowRight');
      await untilTrue(`document.activeElement.innerText.includes('${name}')`);
      await page.keyboard.press('Enter');
      await tab(name).and(page.locator('[aria-selected=true]')).waitFor();
      assert.deepEqual(search(), { tab: wanted });
    }
    await visit(`/organizations/${acme}`);
    await button('Add member').focus();
    await page.keyboard.press('Enter');
    await dialog('Add member').waitFor();
    await untilTrue(`document.activeElement.type === 'search'`);
    await page.keyboard.press('Escape');
    await dialog('Add member').waitFor({ state: 'hidden' });
    await untilTrue(`document.activeElement.innerText === 'Add member'`);
  });
});

describe('on a phone', () => {
  before(() => page.setViewportSize({ width: 375, height: 740 }));
  after(() => page.setViewportSize({ width: 1440, height: 900 }));

  it('turns rows into cards with the same actions', async () => {
    for (const [path, table, action] of [
      ['/organizations', 'Organizations', /^Copy organization id/],
      [`/organizations/${acme}`, 'Members', /^Deactivate/],
      [`/organizations/${acme}?tab=invitations`, 'Invitations', /^Resend/],
      ['/invitations', 'Invitations', /^Resend/],
      ['/waitlist', 'Waitlist', /^Approve/],
    ] as const) {
      await visit(path);
      const card = rows(table).nth(1);
      await card.waitFor();
      const [first, second] = [card.getByRole('cell').nth(0), card.getByRole('cell').nth(1)];
      const tops = [(await first.boundingBox())?.y ?? 0, (await second.boundingBox())?.y ?? 0] as const;
      assert.ok(tops[0] < tops[1], `${table}: one cell below the other`);
      assert.equal(await card.getByRole('button', { name: action }).isVisible(), true);
    }
  });
});

describe('the end of an organization', () => {
  it('needs its name, and leaves the accounts', async () => {
    await visit(`/organizations/${acme}?tab=details`);
    await button('Delete organization').click();
    const question = dialog('Delete Acme Rockets?');
    const confirm = question.getByRole('button', { name: 'Delete organization' });
    assert.equal(await confirm.isDisabled(), true);
    await question.getByLabel(/^Type Acme Rockets/).fill('Acme Rockets');
    await confirm.click();
    await heading('Organizations').waitFor();
    await page.getByText('Deleted Acme Rockets').waitFor();
    assert.equal((await api('GET', `/organizations/${acme}`)).status, 404);
    assert.equal((await api('GET', `/user_management/users/${ada.id}`)).status, 200);
    await visit(`/organizations/${acme}`);
    await heading('Organization not found').waitFor();
  });
});
