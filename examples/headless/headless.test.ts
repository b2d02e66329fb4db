/** Pages of an app's own: each method and each step of the ladder, typed into its forms by a person. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { connectAuthKit } from '@authkit/testing';
import type { Page } from 'playwright-core';
import { authenticator } from '../../packages/server/test/authenticator-app.ts';
import { freePort } from '../../packages/server/test/processes.ts';
import { startApp } from '../suite/app.ts';
import { describeExample, type Example, type Stage } from '../suite/index.ts';
import { becomeOwner, callDashboard } from '../suite/owner.ts';
import { fact, me, seesAccount, seesHello, seesWelcome, signIn } from '../suite/pages.ts';
import { newPerson, type Person } from '../suite/stage.ts';
import { join, MORE_ORGANIZATIONS, offered } from '../suite/walks/acting.ts';
import { foreignCallback, replayedCallback, type Start } from '../suite/walks/callbacks.ts';

/** Every address that takes a form. */
const FORMS = [
  '/login',
  '/login/code',
  '/login/step',
  '/sign-up',
  '/forgot',
  '/reset',
  '/account/organization',
  '/logout',
];

const hosted = 'it has no hosted page to go to';

const send = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();
const enter = (page: Page, label: string, value: string) => page.getByLabel(label, { exact: true }).fill(value);
/** All of a page but the token that is drawn for it. */
const shown = async (page: Page) => (await page.locator('body').innerHTML()).replace(/value="[0-9a-f.]{64,}"/, '');
const problem = (page: Page, text: string | RegExp) => page.getByRole('alert').filter({ hasText: text }).waitFor();

async function enterCode(page: Page, code: string): Promise<void> {
  await enter(page, 'Code', code);
  await send(page, 'Continue');
}

async function enterPassword(page: Page, { email, password }: Pick<Person, 'email' | 'password'>): Promise<void> {
  await enter(page, 'Email', email);
  await enter(page, 'Password', password);
  await send(page, 'Sign in');
}

/** What the walks of the suite prove, in its own forms. */
const own: Example['own'] = {
  'deep-link': (stage) => returns(stage, '/account/settings?tab=1', '/account/settings?tab=1'),

  async 'return-to'(stage) {
    await returns(stage, '/login?return_to=https%3A%2F%2Fevil.example%2F', '/');
    await returns(stage, '/login?return_to=%2F%2Fevil.example', '/');
  },

  async 'sign-up'(stage) {
    const { app, platform } = stage;
    const person = newPerson(stage);
    await using visitor = await stage.visit({ provokes: true });
    const { page } = visitor;
    await visitor.open('/');
    await page.getByRole('link', { name: 'Sign up', exact: true }).click();
    await enter(page, 'Email', person.email);
    await enter(page, 'Password', 'short');
    await send(page, 'Sign up');
    await problem(page, 'Use at least 10 characters.');
    await enter(page, 'Email', person.email);
    await enter(page, 'Password', person.password);
    await send(page, 'Sign up');
    await page.getByRole('heading', { name: 'Check your email', level: 1 }).waitFor();
    const asNew = await shown(page);
    await enterCode(page, anotherThan(await platform.mailedCode(person.email)));
    await problem(page, /code/i);
    await enterCode(page, await platform.mailedCode(person.email));
    await page.waitForURL(`${app.url}/`);
    await page.getByText(`You are signed in as ${person.email}`).waitFor();

    await using other = await stage.visit();
    await other.open('/account');
    await enterPassword(other.page, person);
    await seesAccount(other.page, person);

    const stranger = await stage.visit();
    await stranger.open('/sign-up');
    await enter(stranger.page, 'Email', person.email);
    await enter(stranger.page, 'Password', 'somebody else’s 17 ideas');
    await send(stranger.page, 'Sign up');
    await stranger.page.getByRole('heading', { name: 'Check your email', level: 1 }).waitFor();
    assert.equal(await shown(stranger.page), asNew);
    await stranger.context.close();
  },

  'foreign-callback': (stage) => foreignCallback(stage, withGoogle),

  'replayed-callback': (stage) => replayedCallback(stage, withGoogle),

  impersonation,

  async organizations(stage) {
    const person = await stage.person();
    const [acme, globex] = [await join(stage, person.id, 'Acme'), await join(stage, person.id, 'Globex')];
    for (const name of MORE_ORGANIZATIONS) await join(stage, person.id, name);
    await using visitor = await stage.visit();
    await visitor.open('/account');
    await enterPassword(visitor.page, person);
    await visitor.page.getByLabel('Organization', { exact: true }).selectOption({ label: 'Globex' });
    await send(visitor.page, 'Continue');
    await fact(visitor.page, 'Organization').filter({ hasText: globex }).waitFor();
    assert.deepEqual(await offered(visitor.page), ['Acme', 'Globex', ...MORE_ORGANIZATIONS]);
    await visitor.page.getByLabel('Organization', { exact: true }).selectOption({ label: 'Acme' });
    await send(visitor.page, 'Switch organization');
    await fact(visitor.page, 'Organization').filter({ hasText: acme }).waitFor();
  },
};

/** An operator begins at hosted pages, of which this app has none; the sessions they get there are sealed like any. */
async function impersonation(stage: Stage): Promise<void> {
  const { app, environment, platform } = stage;
  const person = await stage.person();
  await using visitor = await stage.visit({ provokes: true });
  const { page, context, open } = visitor;
  const kit = connectAuthKit({ ...platform, cookiePassword: environment.WORKOS_COOKIE_PASSWORD });
  const impersonator = { email: 'operator@example.com', reason: 'Ticket 4711' };
  await kit.session(context, person, { origin: app.url, impersonator });
  const banner = page.getByRole('status').filter({ hasText: `You are impersonating ${person.email}` });
  for (const path of ['/', '/account', '/login', '/login/code', '/sign-up', '/forgot', '/reset?token=t']) {
    await open(path);
    await banner.filter({ hasText: impersonator.email }).waitFor();
  }
  assert.equal((await me(stage, visitor)).user.id, person.id);
  await open('/account');
  await send(page, 'Sign out');
  await page.waitForURL(({ origin }) => origin === platform.url); // Operators return to where they began.
  await open('/');
  await seesWelcome(page);
  assert.equal(await banner.count(), 0);
}

async function returns(stage: Stage, path: string, end: string): Promise<void> {
  const person = await stage.person();
  await using visitor = await stage.visit();
  await visitor.open(path);
  await enterPassword(visitor.page, person);
  await visitor.page.waitForURL(stage.app.url + end);
}

/** The one way in that has a callback. */
const withGoogle: Start = {
  path: '/login/google',
  async proceed({ page }, { email }) {
    await enter(page, 'Email', email);
    await send(page, 'Verified e-mail');
  },
};

const example: Example = {
  name: 'headless',
  sdk: { package: '@workos-inc/node', previous: '10.14.0' },
  ownForms: true,
  csrf: { field: 'csrf_token' },
  own,
  without: {
    'login-endpoint': hosted,
    password: 'passwords are typed into its own forms',
    'csrf-token': 'it gives out no token but within a form',
  },
};

describeExample(example, (stage) => {
  it('refuses a wrong password and an unknown address in the same words', async () => {
    const person = await stage().person();
    await using visitor = await stage().visit({ provokes: true });
    const said: (string | null)[] = [];
    for (const email of [person.email, 'nobody@example.com']) {
      await visitor.open('/login');
      await enterPassword(visitor.page, { email, password: 'not the password at all' });
      said.push((await visitor.page.getByRole('alert').textContent())?.replace(email, '') ?? null);
    }
    assert.match(said[0] ?? '', /Invalid credentials/);
    assert.equal(said[0], said[1]);
  });

  it('signs in with a code by mail', async () => {
    const person = await stage().person();
    await using visitor = await stage().visit();
    const { page } = visitor;
    await visitor.open('/login');
    await page.getByRole('link', { name: 'Email me a code', exact: true }).click();
    await enter(page, 'Email', person.email);
    await send(page, 'Email me a code');
    await enterCode(page, await stage().platform.mailedCode(person.email));
    await seesHello(page, person);
  });

  it('signs in with Google', async () => {
    const person = await stage().person();
    await using visitor = await stage().visit({ provokes: true });
    const { page } = visitor;
    await visitor.open('/login');
    await page.getByRole('link', { name: 'Continue with Google', exact: true }).click();
    await enter(page, 'Email', person.email);
    await send(page, 'Verified e-mail');
    await seesHello(page, person);
  });

  it('ties what comes back from Google to the browser that went there', async () => {
    await using visitor = await stage().visit({ provokes: true });
    await visitor.open('/callback?code=stolen&state=guessed');
    await problem(visitor.page, 'You were not signed in.');
  });

  it('sets up a second step where one is required, and asks for it from then on', async () => {
    await settings(stage(), { mfa: 'required' });
    const person = await stage().person();
    const first = await stage().visit({ provokes: true });
    await first.open('/login');
    await enterPassword(first.page, person);
    await first.page.getByRole('heading', { name: 'Set up two-step verification', level: 1 }).waitFor();
    const secret = (await first.page.locator('main code').textContent()) ?? '';
    const phone = authenticator(secret, () => new Date());
    await enterCode(first.page, phone.wrong());
    await problem(first.page, /code/i);
    await enterCode(first.page, phone.code());
    await seesHello(first.page, person);
    await first.context.close();

    await using second = await stage().visit();
    await second.open('/account');
    await enterPassword(second.page, person);
    await second.page.getByRole('heading', { name: 'Two-step verification', level: 1 }).waitFor();
    await enterCode(second.page, phone.code(1));
    await seesAccount(second.page, person);
    await settings(stage(), { mfa: 'optional' });
  });

  it('resets a password with the link from the mailbox, on a page of its own', async () => {
    const { app } = stage();
    await settings(stage(), { password_reset_url: `${app.url}/reset` });
    const person = await stage().person();
    await using visitor = await stage().visit({ provokes: true });
    const { page } = visitor;
    for (const email of ['nobody@example.com', person.email]) {
      await visitor.open('/forgot');
      await enter(page, 'Email', email);
      await send(page, 'Send a link');
      await page.getByText(`If ${email} has an account, a link is on its way.`).waitFor();
    }
    const mails = await stage().api<{ data: { text: string }[] }>('GET', `/dev/mailbox/messages?to=${person.email}`);
    const link = /\S+\/reset\?token=\S+/.exec(mails.data[0]?.text ?? '')?.[0] ?? assert.fail('a link was mailed');
    assert.ok(link.startsWith(app.url));
    await page.goto(link);
    await enter(page, 'New password', 'short');
    await send(page, 'Continue');
    await problem(page, 'Use at least 10 characters.');
    const password = 'a new harbour 99 lantern';
    await enter(page, 'New password', password);
    await send(page, 'Continue');
    await problem(page, 'Your password was changed.');
    await enterPassword(page, { ...person, password });
    await seesHello(page, person);
    await page.goto(link);
    await enter(page, 'New password', 'another harbour 99 lantern');
    await send(page, 'Continue');
    await problem(page, /used|expired/);
  });

  it('tells people of failures in words of its own, and nothing of an SDK', async () => {
    const { folder, environment } = stage();
    const person = await stage().person();
    await using visitor = await stage().visit({ provokes: true });
    const { page } = visitor;
    const said = async () => (await page.locator('main').innerText()).split(/\s*\n\s*/);
    await signIn(stage(), visitor, person);
    const port = await freePort();
    await using app = await startApp(folder, port, { ...environment, PORT: `${port}`, WORKOS_API_KEY: 'sk_wrong' });
    const ours = ['That did not work', 'Something failed on our side. Please try again.', 'Back to the start'];
    const opened = await page.goto(`${app.url}/account`); // Cookies know no ports.
    assert.deepEqual([opened?.status(), await said()], [500, ours]);
    await page.goto(`${app.url}/login`);
    await enterPassword(page, person);
    assert.deepEqual(await said(), ours);
    assert.match(app.log(), /UnauthorizedException/);
    assert.match(app.log(), /invalid_client/);
  });

  it('refuses each of its forms without its token', async () => {
    await using visitor = await stage().visit({ provokes: true });
    await signIn(stage(), visitor, await stage().person());
    for (const path of FORMS) {
      for (const csrf_token of ['', 'f'.repeat(128)]) {
        const form = { csrf_token };
        const answer = await visitor.context.request.post(stage().app.url + path, { form, maxRedirects: 0 });
        assert.equal(answer.status(), 403, path);
      }
    }
  });
});

/** Another code of six digits. */
const anotherThan = (code: string): string => (code === '000000' ? '000001' : '000000');

/** As the owner does on the dashboard. */
async function settings(stage: Stage, changes: Readonly<Record<string, unknown>>): Promise<void> {
  await using owner = await becomeOwner(stage);
  await callDashboard(stage, owner, 'PATCH', 'settings', changes);
}
