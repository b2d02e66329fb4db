/** Emails, Suppressed addresses and Domains as an owner meets them, with a real mail server behind. */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import type { BrowserContext, Page } from 'playwright-core';
import { type MailServer, startMailServer } from '../../../packages/server/test/smtp.ts';
import { becomeOwner, examine, openStage, type Stage, waitUntil } from './stage.ts';

const name = 'auth.acme.example';

let stage: Stage;
let smtp: MailServer;
let context: BrowserContext;
let page: Page;
/** What DNS says, by name. */
const txt = new Map<string, string>();
const addresses = new Map<string, readonly string[]>([['localhost', ['127.0.0.1']]]);

before(async () => {
  smtp = await startMailServer();
  smtp.login = { user: 'mailer', password: 'right' };
  stage = await openStage({
    resolveTxt: async (asked) => (txt.has(asked) ? [[txt.get(asked) ?? '']] : []),
    resolveAddresses: async (asked) => addresses.get(asked) ?? [],
  });
  context = await stage.newContext({ reducedMotion: 'reduce' });
  page = await context.newPage();
  await becomeOwner(page, stage.server);
});

after(async () => {
  await stage?.[Symbol.asyncDispose]();
  await smtp?.[Symbol.asyncDispose]();
});

afterEach(() => assert.deepEqual(stage.complaints.splice(0), []));

const visit = (path: string) => page.goto(`${stage.server.url}/dashboard${path}`);
const button = (text: string) => page.getByRole('button', { name: text, exact: true });
const confirm = (verb: string) =>
  page.getByRole('alertdialog').getByRole('button', { name: verb, exact: true }).click();
const field = (label: string) => page.getByLabel(label, { exact: true });
const choose = async (label: string, option: string) => {
  await page.getByLabel(label, { exact: true }).click();
  await page.getByRole('option', { name: option }).click();
};

describe('Emails', () => {
  it('fills in what a provider asks for, and says which user name to give', async () => {
    await visit('/emails');
    await choose('Provider', 'SendGrid');
    assert.deepEqual(
      [await field('Host').inputValue(), await field('Port').inputValue(), await field('User name').inputValue()],
      ['smtp.sendgrid.net', '587', 'apikey'],
    );
    await page.getByText('Everybody’s is “apikey”, in these letters.').waitFor();
    await choose('Provider', 'Amazon SES');
    await page.getByText('Put your own in place of what stands in angle brackets.').waitFor();
  });

  it('shows at each field what is wrong with it', async () => {
    await field('Sender’s address').fill('nobody');
    await button('Save mail server').click();
    await page.getByText(/must be a host name such as/).waitFor();
    await page.getByText(/must be one e-mail address/).waitFor();
    // The focus follows the sentences.
    await waitUntil('the focus is in the host', () =>
      page.evaluate<boolean>('/amazonaws/.test(document.activeElement.value)'),
    );
  });

  it('saves a mail server, and tells what it says to a test message', async () => {
    await choose('Provider', 'Other SMTP server');
    await field('Host').fill('127.0.0.1');
    await field('Port').fill(String(smtp.port));
    await choose('Protection', 'None: private networks only');
    await field('User name').fill('mailer');
    await field('Password').fill('wrong');
    await field('Sender’s address').fill('welcome@acme.example');
    await button('Save mail server').click();
    await page.getByText('Mail server saved').waitFor();
    assert.equal(await field('Password').inputValue(), '');
    await field('Test message to').fill('ada@example.com');
    await button('Send test message').click();
    await page.getByText(/refused user name or password\. It said: 535/).waitFor();
  });

  it('lists what did not leave with the reason, and sends it once the server is right', async () => {
    await stage.server.api('POST', '/user_management/invitations', { email: 'grace@example.com' });
    // The next try is half a minute away then.
    for (const seconds of [0, 1, 5]) {
      stage.server.clock.advance(seconds);
      await stage.server.running.services.jobs.idle();
    }
    await visit('/emails');
    const row = page
      .getByRole('table', { name: 'Mails that did not leave' })
      .getByRole('row', { name: /grace@example\.com/ });
    assert.match(await row.innerText(), /invitation[\s\S]*user name or password[\s\S]*trying again[\s\S]*3 tries/);
    await field('Password').fill('right');
    await button('Save mail server').click();
    await page.getByText('Mail server saved').waitFor();
    await stage.server.running.services.jobs.idle();
    assert.deepEqual(
      smtp.received.map(({ to }) => to),
      [['grace@example.com']],
    );
    await button('Send test message').click();
    await page.getByText('The mail server said: 250 queued as 4711').waitFor();
    await visit('/emails');
    await page.getByText('No failed mails.').waitFor();
  });

  it('leaves a kind of mail to the application', async () => {
    await page.getByRole('switch', { name: 'Codes to sign in with' }).click();
    await page.getByText('Codes to sign in with: sent by your application').waitFor();
    await stage.server.api('POST', '/user_management/magic_auth', { email: 'ada@example.com' });
    await stage.server.running.services.jobs.idle();
    assert.deepEqual(await stage.server.mails('ada@example.com'), []);
    await page.getByRole('switch', { name: 'Codes to sign in with' }).click();
    await page.getByText('Codes to sign in with: sent from here').waitFor();
  });

  it('forgets the mail server when that is confirmed', async () => {
    await button('Forget this mail server').click();
    await confirm('Forget it');
    await page.getByText('Mail server forgotten').waitFor();
    assert.equal(await field('Host').inputValue(), '');
    await stage.server.running.services.jobs.idle();
  });
});

describe('Suppressed addresses', () => {
  it('are added with a note, searched for, and allowed again', async () => {
    await visit('/emails/suppressed');
    await page.getByText('No suppressed addresses.').waitFor();
    await button('Suppress address').click();
    await page.getByText(/must be one e-mail address/).waitFor();
    await field('Address').fill('Complains@example.com');
    await field('Why (may be left empty)').fill('Asked us to stop');
    await button('Suppress address').click();
    const row = page.getByRole('row', { name: /complains@example\.com/ });
    assert.match(await row.innerText(), /added by hand[\s\S]*Asked us to stop/);
    await page.getByLabel('Search addresses').fill('nobody');
    await page.getByText(/^No address on the list matches/).waitFor();
    await page.getByLabel('Search addresses').fill('compl');
    await button('Allow again: complains@example.com').click();
    await confirm('Allow again');
    await page.getByText('complains@example.com gets mails again').waitFor();
  });
});

describe('Domains', () => {
  it('are added, proved and used, with what that means said first', async () => {
    await visit('/domains');
    await field('New domain').fill('https://auth.acme.example');
    await button('Add domain').click();
    await page.getByText(/is not a host name like auth\.example\.com/).waitFor();
    await field('New domain').fill(name);
    await button('Add domain').click();
    const card = page.getByRole('listitem').filter({ hasText: name });
    await card.getByText('not proved').waitFor();
    await button(`Check DNS of ${name}`).click();
    await page.getByText('The TXT record is not there yet.').waitFor();
    const value = (await card.getByText(/^authkit-domain=/).innerText()).trim();
    txt.set(`_authkit.${name}`, value);
    await button(`Check DNS of ${name}`).click();
    await card.getByText('proved', { exact: true }).waitFor();
    await button(`Use ${name}`).click();
    const dialog = page.getByRole('alertdialog');
    assert.match(await dialog.innerText(), /DNS does not show[\s\S]*Passkeys are made for one name/);
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    addresses.set(name, ['127.0.0.1']);
    await button(`Check DNS of ${name}`).click();
    await card.getByText('found').nth(1).waitFor();
    await button(`Use ${name}`).click();
    await confirm('Use this domain');
    await card.getByText('in use', { exact: true }).waitFor();
    await card.getByText(new RegExp(`^http://${name.replaceAll('.', '\\.')}`)).waitFor();
    await visit('/authentication');
    await page.getByText(/cannot be phished/).waitFor();
    assert.equal(await page.getByText(/Passkeys hold at one domain alone/).count(), 0);
    await visit('/domains');
    await button(`Stop using ${name}`).click();
    await confirm('Stop using it');
    await button(`Use ${name}`).waitFor();
    await button(`Remove ${name}`).click();
    await confirm('Remove domain');
    await page.getByText('No domain yet.').waitFor();
  });
});

describe('all three', () => {
  it('have no fault that axe finds, and nothing to scroll sideways, light and dark, wide and narrow, in both directions', async () => {
    await stage.server.api('POST', '/user_management/invitations', { email: 'left@example.com' });
    for (const [path, heading] of [
      ['/emails', 'Emails'],
      ['/emails/suppressed', 'Suppressed addresses'],
      ['/domains', 'Domains'],
    ] as const) {
      await page.goto(`${stage.server.url}/dashboard${path}`);
      await page.getByRole('heading', { name: heading, level: 1 }).waitFor();
      await examine(page);
    }
  });
});
