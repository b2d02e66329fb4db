import assert from 'node:assert/strict';
import { it } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { sql, systemTenant } from '../../src/core/index.ts';
import { getEnvironment } from '../../src/environments/index.ts';
import { updatePolicy } from '../../src/organizations/policy.ts';
import { selectPasskeysOfUser } from '../../src/passkeys/store.ts';
import { createSession } from '../../src/sessions/index.ts';
import { linkIdentity } from '../../src/social/index.ts';
import { SoftAuthenticator } from '../authenticator.ts';
import { goodPassword, onEachEngine, type TestBrowser, type TestServer } from '../harness.ts';
import { appOnPage, enrollAtApi, makeProtected, recoveryCodesOn } from './mfa-steps.ts';
import { makeMember, makeOrganization } from './organization-steps.ts';
import { givePasskey } from './passkey-steps.ts';
import { byRefresh, changeSettings, makeUser, newSession, otherEnvironment, signIn, silentCode } from './steps.ts';

const newPassword = 'another perfectly fine one';

/** At the account page, signed in on the way to it. */
async function atAccount(server: TestServer, email: string, browser = server.browser()): Promise<TestBrowser> {
  await browser.open('/account');
  if (browser.path.startsWith('/account')) return browser;
  await browser.submit({ email }, '/sign-in?');
  await browser.submit({ password: goodPassword }, '/sign-in/password');
  assert.match(browser.path, /^\/account\?/, browser.text.slice(0, 300));
  return browser;
}

/** A page of the new address without what differs from one request to the next. */
const plain = ({ text }: TestBrowser, email: string): string =>
  text
    .replaceAll(email, 'EMAIL')
    .replace(/nonce="[^"]*"/g, '')
    .replace(/wish=[\w.%-]+/g, 'WISH');

const link = (browser: TestBrowser, path: string): string => {
  const found = new RegExp(`href="(${path}\\?[^"]*)"`).exec(browser.text)?.[1];
  assert.ok(found, `there is no link to ${path}`);
  return found.replaceAll('&amp;', '&');
};

onEachEngine('the account page', (start) => {
  it('leads through the sign-in and back, in a browser that nobody is signed in with', async () => {
    await using server = await start();
    const { email } = await makeUser(server, { first_name: 'Grace', last_name: 'Hopper' });
    const browser = await atAccount(server, email);
    for (const part of ['Grace Hopper', email, 'This browser', 'You have no passkey yet.'])
      assert.ok(browser.text.includes(part), part);
    assert.ok(await silentCode(server, browser), 'the sign-in for it is no sign-in for apps');
  });

  it('changes a name, and refuses one that is none', async () => {
    await using server = await start();
    const { id, email } = await makeUser(server);
    const browser = await atAccount(server, email);
    await browser.open(link(browser, '/account/profile'));
    const odd = await browser.submit({ first_name: 'Gr\u0007ace', last_name: 'x'.repeat(257) }, '/account/profile');
    assert.equal(odd.status, 422);
    await browser.submit({ first_name: ' Grace ', last_name: 'Hopper' }, '/account/profile');
    assert.match(browser.text, /Saved\./);
    const { json: user } = await server.api('GET', `/user_management/users/${id}`);
    assert.deepEqual([user.first_name, user.last_name], ['Grace', 'Hopper']);
  });

  it('changes the password, ends every other sign-in, and goes on in this browser under another cookie', async () => {
    await using server = await start();
    const { email } = await makeUser(server);
    const { browser: elsewhere } = await signIn(server, email);
    const { refresh_token: app } = await newSession(server, elsewhere);
    const browser = await atAccount(server, email);
    const thief = browser.clone();
    await browser.open(link(browser, '/account/password'));
    assert.equal((await browser.submit({ password: 'short' }, '/account/password')).status, 422);
    assert.equal((await browser.submit({ password: email }, '/account/password')).status, 422);
    await browser.submit({ password: newPassword }, '/account/password');
    assert.match(browser.text, /Your password was changed/);
    assert.equal((await server.token(byRefresh(app))).json.error, 'invalid_grant');
    for (const gone of [elsewhere, thief]) {
      await gone.open('/account');
      assert.match(gone.path, /^\/sign-in/);
    }
    await browser.open('/account');
    assert.match(browser.path, /^\/account/);
    const [mail] = await server.mails(email);
    assert.match(mail?.subject ?? '', /password/i);
    await signIn(server, email).then(
      () => assert.fail('the old password still signs in'),
      () => {},
    );
  });

  it('asks for a fresh proof before it changes how somebody signs in', async () => {
    await using server = await start();
    const { email } = await makeUser(server);
    const browser = await atAccount(server, email);
    const form = async (path: string) => {
      await browser.open(link(browser, path));
      return browser.form(path);
    };
    const { action, hidden } = await form('/account/password');
    server.clock.advance(11 * 60);
    for (const path of ['/account/password', '/account/email', '/account/passkeys/add']) {
      await browser.open(path);
      assert.match(browser.path, /^\/sign-in/, path);
    }
    await browser.post(action, { ...hidden, password: newPassword });
    assert.match(browser.path, /^\/sign-in/, 'an old form went through');
    await browser.submit({ email }, '/sign-in?');
    await browser.submit({ password: goodPassword }, '/sign-in/password');
    assert.match(browser.path, /^\/account\/password/, 'the proof does not lead back');
    // What changes nothing about signing in needs none.
    server.clock.advance(11 * 60);
    await browser.open('/account/profile');
    assert.match(browser.path, /^\/account\/profile/);
  });

  it('mails another code to the new address, after half a minute, and only the newest works', async () => {
    await using server = await start();
    const { email } = await makeUser(server);
    const browser = await atAccount(server, email);
    await browser.open('/account/email');
    await browser.submit({ email: 'new@example.com' }, '/account/email');
    assert.match(browser.text, /new@example\.com/);
    const first = await server.codeFor('new@example.com');
    const early = await browser.submit({}, '/account/email/code/resend');
    assert.equal(early.status, 429);
    assert.match(early.text, /data-countdown="30"/);
    server.clock.advance(31);
    const sent = await browser.submit({}, '/account/email/code/resend');
    assert.equal(sent.status, 200);
    assert.match(sent.text, /new code is on its way/);
    assert.match(sent.text, /data-wait="30"/);
    assert.equal((await server.mails('new@example.com')).length, 2);
    const newest = await server.codeFor('new@example.com');
    if (newest !== first)
      assert.equal((await browser.submit({ code: first }, '/account/email/code?')).status, 422, 'the first code works');
    await browser.submit({ code: newest }, '/account/email/code?');
    assert.match(browser.text, /Your email was changed/);
  });

  it('counts what is asked for an address that is somebody’s like any other', async () => {
    await using server = await start();
    const { email } = await makeUser(server);
    const { email: taken } = await makeUser(server);
    await changeSettings(server, { productionLimits: true });
    const browser = await atAccount(server, email);
    const statuses = async (wanted: string) => {
      const answers = [];
      for (let round = 0; round < 4; round++) {
        await browser.open('/account/email');
        answers.push((await browser.submit({ email: wanted }, '/account/email')).status);
      }
      return answers;
    };
    const free = await statuses('new@example.com');
    assert.equal(free.at(-1), 429);
    assert.deepEqual(await statuses(taken), free);
  });

  it('takes the new address from nobody but whom it was sealed for', async () => {
    await using server = await start();
    const victim = await makeUser(server);
    const attacker = await makeUser(server);
    const theirs = await atAccount(server, attacker.email);
    await theirs.open('/account/email');
    await theirs.submit({ email: 'attacker@example.com' }, '/account/email');
    const browser = await atAccount(server, victim.email);
    await browser.open(theirs.path);
    assert.match(browser.path, /^\/account\/email\?/);
    await browser.open('/account/email/code?wish=v1.nonsense');
    assert.match(browser.path, /^\/account\/email\?/);
    const { hidden } = browser.form('/account/email');
    server.clock.advance(31);
    await browser.post(theirs.form('/account/email/code/resend').action, hidden);
    assert.match(browser.path, /^\/account\/email\?/);
    assert.equal((await server.mails('attacker@example.com')).length, 1);
  });

  it('changes the address with a code from the new inbox, and tells nobody whose address is taken', async () => {
    await using server = await start();
    const { id, email } = await makeUser(server);
    const { email: taken } = await makeUser(server);
    const browser = await atAccount(server, email);
    await browser.open('/account/email');
    assert.equal((await browser.submit({ email: 'nonsense' }, '/account/email')).status, 422);
    assert.equal((await browser.submit({ email: email.toUpperCase() }, '/account/email')).status, 422);
    const pagesFor = async (wanted: string) => {
      await browser.open('/account/email');
      await browser.submit({ email: wanted }, '/account/email');
      const pages = [plain(browser, wanted)];
      const code = wanted === taken ? '000000' : await server.codeFor(wanted);
      const wrong = code === '000000' ? '111111' : '000000';
      await browser.submit({ code: wrong }, '/account/email/code?');
      pages.push(plain(browser, wanted));
      await browser.submit({}, '/account/email/code/resend');
      pages.push(plain(browser, wanted));
      server.clock.advance(31);
      await browser.submit({}, '/account/email/code/resend');
      return [...pages, plain(browser, wanted)];
    };
    const whenTaken = await pagesFor(taken);
    assert.deepEqual(await server.mails(taken), []);
    assert.deepEqual(await pagesFor('new@example.com'), whenTaken);
    const code = await server.codeFor('new@example.com');
    await browser.submit({ code }, '/account/email/code?');
    assert.match(browser.text, /Your email was changed/);
    const { json: user } = await server.api('GET', `/user_management/users/${id}`);
    assert.deepEqual([user.email, user.email_verified], ['new@example.com', true]);
    assert.match((await server.mails(email))[0]?.subject ?? '', /was changed/i);
  });

  it('lets a wish for an address that is somebody’s end the wish before it, and cost as many tries, like any other', async (t) => {
    await using server = await start();
    const { services } = server.running;
    const enqueue = t.mock.method(services.jobs, 'enqueue');
    const { email: taken } = await makeUser(server);
    const left = async (wanted: string) => {
      const { id, email } = await makeUser(server);
      const browser = await atAccount(server, email);
      const ask = async (address: string) => {
        await browser.open('/account/email');
        await browser.submit({ email: address }, '/account/email');
      };
      const own = `${email.split('@')[0]}@elsewhere.example`;
      await ask(own);
      const code = await server.codeFor(own);
      const before = enqueue.mock.callCount();
      await ask(wanted);
      const queued = enqueue.mock.callCount() - before;
      await browser.submit({ code }, '/account/email/code?');
      const { json } = await server.api('GET', `/user_management/users/${id}`);
      const codes = sql<{ tries: number }>`select tries from one_time_codes where owner_id = ${id}`;
      const tries = (await services.db.all(codes)).map((row) => row.tries);
      return [json.email === email, queued, tries];
    };
    const whenFree = await left('nobodys@example.com');
    assert.deepEqual(whenFree, [true, 1, [1]]);
    assert.deepEqual(await left(taken), whenFree);
    assert.deepEqual(await server.mails(taken), []);
  });

  it('lists where somebody is signed in, and signs out there, one or all', async () => {
    await using server = await start();
    const { email } = await makeUser(server);
    const { browser: second } = await signIn(server, email);
    const { refresh_token: app } = await newSession(server, second);
    const { json: api } = await server.token({ grant_type: 'password', email, password: goodPassword });
    const { browser: third } = await signIn(server, email);
    const browser = await atAccount(server, email);
    const devices = () => [...browser.text.matchAll(/name="device" value="([^"]+)"/g)].map(([, id]) => id ?? '');
    assert.equal(devices().length, 3);
    const oneOff = devices().find((id) => id.startsWith('session_')) ?? '';
    await browser.submit({ device: oneOff }, '/account/devices/sign-out');
    assert.equal((await server.token(byRefresh(api.refresh_token))).json.error, 'invalid_grant');
    assert.equal(devices().length, 2);
    await browser.submit({}, '/account/devices/sign-out-others');
    assert.equal(devices().length, 0);
    assert.equal((await server.token(byRefresh(app))).json.error, 'invalid_grant', 'an app opened there goes on');
    for (const gone of [second, third]) {
      await gone.open('/account');
      assert.match(gone.path, /^\/sign-in/);
    }
    await browser.submit({}, '/account/sign-out');
    assert.match(browser.path, /^\/sign-in/);
  });

  it('signs out the apps too whose browser has forgotten the person, and more devices than a list shows', async () => {
    await using server = await start();
    const { services } = server.running;
    const { id: userId, email } = await makeUser(server);
    const { browser: first } = await signIn(server, email);
    let { refresh_token: app } = await newSession(server, first);
    // The app is used every day, our pages are not.
    for (let day = 0; day < 8; day++) {
      server.clock.advance(24 * 60 * 60);
      app = (await server.token(byRefresh(app))).json.refresh_token;
    }
    const many = 60;
    const { client } = await getEnvironment(services, server.environmentId);
    await services.db.transaction(async (tx) => {
      for (let count = 0; count < many; count++)
        await createSession(services, tx, systemTenant(server.environmentId), {
          userId,
          client,
          browserSessionId: null,
          organizationId: null,
          authenticationMethod: 'Password',
          proven: { password: server.clock.now().getTime() },
          impersonator: null,
          authenticatedAt: server.clock.now(),
          ipAddress: null,
          userAgent: null,
        });
    });
    const browser = await atAccount(server, email);
    await browser.submit({}, '/account/devices/sign-out-others');
    assert.equal((await server.token(byRefresh(app))).json.error, 'invalid_grant');
    const { live } = await services.db.one<{ live: number }>(sql`
      select count(*) as live from sessions where user_id = ${userId} and ended_at is null`);
    assert.equal(Number(live), 0);
    await browser.open('/account');
    assert.match(browser.path, /^\/account/, 'this browser goes on');
  });

  it('lists an app alone when the browser it was opened in has forgotten the person', async () => {
    await using server = await start();
    const { email } = await makeUser(server);
    const { browser: first } = await signIn(server, email);
    let { refresh_token: app } = await newSession(server, first);
    for (let day = 0; day < 8; day++) {
      server.clock.advance(24 * 60 * 60);
      app = (await server.token(byRefresh(app))).json.refresh_token;
    }
    const browser = await atAccount(server, email);
    const [, device = ''] = /name="device" value="(session_[^"]+)"/.exec(browser.text) ?? [];
    await browser.submit({ device }, '/account/devices/sign-out');
    assert.equal((await server.token(byRefresh(app))).json.error, 'invalid_grant');
  });

  it('turns two-step verification on, with codes for the day the phone is gone, and off again', async () => {
    await using server = await start();
    const { email } = await makeUser(server);
    const browser = await atAccount(server, email);
    const stale = browser.clone();
    await browser.open(link(browser, '/account/second-step'));
    const app = appOnPage(server, browser);
    assert.equal((await browser.submit({ code: app.wrong() }, '/account/second-step')).status, 422);
    await browser.submit({ code: app.code() }, '/account/second-step');
    const first = recoveryCodesOn(browser);
    assert.equal(first.length, 10);
    await stale.open('/account');
    assert.match(stale.path, /^\/sign-in/, 'the cookie from before goes on');
    await browser.submit({}, '/account/recovery-codes/saved');
    assert.match(browser.text, /Two-step verification is on/);
    assert.match(browser.text, /10 left/);

    await browser.open(link(browser, '/account/recovery-codes'));
    await browser.submit({}, '/account/recovery-codes');
    // They are shown this once; a menu that opens another page would lose them.
    assert.doesNotMatch(browser.text, /action="\/language"/);
    const second = recoveryCodesOn(browser);
    assert.equal(second.filter((code) => first.includes(code)).length, 0);

    server.clock.advance(11 * 60);
    await browser.open('/account/second-step/remove');
    await browser.submit({ email }, '/sign-in?');
    await browser.submit({ password: goodPassword }, '/sign-in/password');
    assert.match(browser.path, /^\/mfa/, 'the password alone opens what turns the second step off');
    await browser.submit({ code: app.code() }, '/mfa?');
    assert.match(browser.path, /^\/account\/second-step\/remove/);
    await browser.submit({}, '/account/second-step/remove');
    assert.match(browser.text, /Two-step verification is off/);
    assert.ok((await signIn(server, email)).code, 'a second step is still asked for');
  });

  it('asks for the second step before it changes anything, also of who signed in before there was one', async () => {
    await using server = await start();
    const { id, email } = await makeUser(server);
    const thief = await atAccount(server, email);
    const forms = [];
    for (const path of ['/account/password', '/account/second-step']) {
      await thief.open(path);
      forms.push(thief.form(path));
    }
    const { challengeId, app } = await enrollAtApi(server, id);
    await server.api('POST', `/auth/challenges/${challengeId}/verify`, { code: app.code() });
    for (const { action, hidden } of forms) {
      await thief.post(action, { ...hidden, password: newPassword, code: '123456' });
      assert.match(thief.path, /^\/sign-in/, action);
    }
    server.clock.advance(60);
    await thief.submit({ email }, '/sign-in?');
    await thief.submit({ password: goodPassword }, '/sign-in/password');
    assert.match(thief.path, /^\/mfa/);
  });

  it('sets no password that an operator’s has overtaken', async () => {
    await using server = await start();
    for (let round = 0; round < 4; round++) {
      const { id, email } = await makeUser(server);
      const thief = await atAccount(server, email);
      await thief.open('/account/password');
      const { action, hidden } = thief.form('/account/password');
      const password = `${goodPassword} of the operator`;
      const changing = server.api('PUT', `/user_management/users/${id}`, { password });
      await setTimeout(10 * round);
      await thief.post(action, { ...hidden, password: newPassword });
      const change = await changing;
      assert.equal(change.status, 200, change.text);
      const answer = await server.token({ grant_type: 'password', email, password });
      assert.equal(answer.status, 200, `round ${round}: ${answer.text}`);
      await thief.open('/account');
      assert.match(thief.path, /^\/sign-in/, `round ${round}`);
    }
  });

  it('keeps two-step verification on where everybody has to have it', async () => {
    await using server = await start();
    const { email, app } = await makeProtected(server);
    const browser = server.browser();
    await browser.open('/account');
    await browser.submit({ email }, '/sign-in?');
    await browser.submit({ password: goodPassword }, '/sign-in/password');
    await browser.submit({ code: app.code() }, '/mfa?');
    await browser.open('/account/second-step/remove');
    const { action, hidden } = browser.form('/account/second-step/remove');
    await changeSettings(server, { mfa: 'required' });
    await browser.post(action, hidden);
    await browser.open('/account');
    assert.match(browser.text, /asks everybody for it/);
    assert.ok(!browser.text.includes('/account/second-step/remove'));
  });

  it('keeps it on for members of an organization that asks for it', async () => {
    await using server = await start();
    const { id, email, app } = await makeProtected(server);
    const { services } = server.running;
    const { id: organizationId } = await makeOrganization(server);
    await makeMember(server, id, organizationId);
    const browser = server.browser();
    await browser.open('/account');
    await browser.submit({ email }, '/sign-in?');
    await browser.submit({ password: goodPassword }, '/sign-in/password');
    await browser.submit({ code: app.code() }, '/mfa?');
    await browser.open('/account/second-step/remove');
    const { action, hidden } = browser.form('/account/second-step/remove');
    await updatePolicy(services, systemTenant(server.environmentId), organizationId, { mfa: 'required' });
    await browser.post(action, hidden);
    const factors = await server.api('GET', `/user_management/users/${id}/auth_factors`);
    assert.equal(factors.json.data.length, 1);
    assert.match(browser.text, /asks everybody for it/);
    await browser.open('/account/second-step/remove');
    assert.match(browser.path, /^\/account\?/, 'the page is still there');
  });

  it('removes a passkey, but never the last way in', async () => {
    await using server = await start();
    const { id, email } = await makeUser(server);
    for (let n = 0; n < 2; n++) await givePasskey(server, id, new SoftAuthenticator(server.url));
    const browser = await atAccount(server, email);
    const [first = '', second = ''] = [...browser.text.matchAll(/href="(\/account\/passkeys\/remove\?[^"]*)"/g)].map(
      ([, url = '']) => url.replaceAll('&amp;', '&'),
    );
    const forms = [];
    for (const url of [first, second]) {
      await browser.open(url);
      forms.push(browser.form('/account/passkeys/remove'));
    }
    await changeSettings(server, { passwordSignIn: false, magicAuthSignIn: false });
    const answers = await Promise.all(forms.map(({ action, hidden }) => browser.clone().post(action, hidden)));
    const left = await selectPasskeysOfUser(server.running.services.db, systemTenant(server.environmentId), id);
    assert.equal(left.length, 1, 'both at the same time leave nothing');
    assert.equal(answers.filter(({ status }) => status === 422).length, 1);
    await browser.open('/account');
    await browser.open(link(browser, '/account/passkeys/remove'));
    assert.match(browser.text, /only way you can sign in/);
    assert.doesNotMatch(browser.text, /<form[^>]*action="\/account\/passkeys/);
  });

  it('disconnects a provider, but never the last way in', async () => {
    await using server = await start();
    const { id, email } = await makeUser(server);
    const { services } = server.running;
    const tenant = systemTenant(server.environmentId);
    for (const provider of ['GoogleOAuth', 'GitHubOAuth'] as const) {
      await services.db.transaction((tx) =>
        linkIdentity(services, tx, tenant, id, provider, { subject: `${provider}-1`, email, isEmailProven: true }),
      );
      // The page lists them in the order they came.
      server.clock.advance(1);
    }
    const browser = await atAccount(server, email);
    await browser.open(link(browser, '/account/connected/remove'));
    await browser.submit({}, '/account/connected/remove');
    assert.match(browser.text, /was disconnected/);
    const left = async () => (await server.api('GET', `/user_management/users/${id}/identities`)).json.length;
    assert.equal(await left(), 1);
    const [notice] = await server.mails(email);
    assert.match(notice?.subject ?? '', /^Google was disconnected/);
    assert.match(notice?.text ?? '', /does not sign you in to/);
    assert.match(notice?.html ?? '', /Google was disconnected/);
    await browser.open(link(browser, '/account/connected/remove'));
    await changeSettings(server, { passwordSignIn: false, magicAuthSignIn: false });
    const refused = await browser.submit({}, '/account/connected/remove');
    assert.equal(refused.status, 422);
    assert.match(refused.text, /only way you can sign in/);
    for (const page of [
      refused,
      await browser.open(link(await atAccount(server, email, browser), '/account/connected/remove')),
    ]) {
      assert.match(page.text, /only way you can sign in/);
      assert.doesNotMatch(page.text, /<form[^>]*action="\/account\/connected/);
    }
    assert.equal(await left(), 1);
  });

  it('touches nothing of another person, of another environment, or for a form that is not its own', async () => {
    await using server = await start();
    const victim = await makeUser(server);
    const attacker = await makeUser(server);
    const { browser: theirs } = await signIn(server, victim.email);
    const { services } = server.running;
    const [row] = await services.db.all(sql<{ id: string }>`
      select id from browser_sessions where user_id = ${victim.id}`);
    const browser = await atAccount(server, attacker.email);
    const { hidden } = browser.form('/account/sign-out');
    await browser.post('/account/devices/sign-out', { ...hidden, device: row?.id ?? '' });
    await theirs.open('/account');
    assert.match(theirs.path, /^\/account/);

    const own = await atAccount(server, victim.email, theirs);
    const forged = { ...own.form('/account/sign-out').hidden, csrf: hidden.csrf ?? '' };
    assert.equal((await own.post('/account/sign-out', forged)).status, 403);
    const { hidden: real } = (await atAccount(server, victim.email, own)).form('/account/sign-out');
    const crossSite = await own.post('/account/sign-out', real, { 'sec-fetch-site': 'cross-site' });
    assert.equal(crossSite.status, 403);

    const other = await otherEnvironment(server);
    await own.open(`/account?client_id=${other.clientId}`);
    assert.match(own.path, /^\/sign-in/, 'the sign-in of one environment opens the account of another');
    assert.equal((await own.open('/account?client_id=client_nobody')).status, 400);
  });
});

onEachEngine('a new password of one’s own', (start) => {
  it('is judged while it is typed, for the page of whoever is signed in and for nobody else (UI 17)', async () => {
    await using server = await start();
    const { email } = await makeUser(server);
    const browser = await atAccount(server, email);
    await browser.open('/.well-known/change-password');
    assert.match(browser.path, /^\/account\/password\?client_id=/);
    const { action, hidden } = browser.form('/account/password');
    const path = action.replace('/account/password', '/account/password-strength');
    const ask = (password: string, csrf = hidden.csrf ?? '', from = browser.clone()) =>
      from.post(path, { csrf, password });
    assert.equal((await ask('wp7Lz!q92mKe')).json.is_accepted, true);
    assert.equal((await ask('qwertyuiop')).json.is_accepted, false);
    assert.equal((await ask(email)).json.is_accepted, false);
    assert.equal((await ask('wp7Lz!q92mKe', 'forged')).status, 403);
    assert.equal((await ask('wp7Lz!q92mKe', hidden.csrf ?? '', server.browser())).status, 401);
  });
});
