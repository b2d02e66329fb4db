/** What a browser is remembered by, and who is told of a new one. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { goodPassword, onEachEngine, type TestBrowser, type TestServer } from '../harness.ts';
import { changeSettings, eventsNamed, makeUser, signIn } from './steps.ts';

const notices = async (server: TestServer, email: string): Promise<string[]> =>
  (await server.mails(email)).filter(({ subject }) => /new device/.test(subject)).map(({ text }) => text);

const cookieOf = (browser: TestBrowser, kind: string): [string, string] | undefined =>
  [...browser.cookies].find(([name]) => name.startsWith(`authkit-${kind}-`));

onEachEngine('a browser somebody signs in with', (start) => {
  it('is told of by mail when it is a new one, and never when it is known', async () => {
    await using server = await start();
    const { browser, user } = await server.signedUp('ada@example.com');
    assert.deepEqual(await notices(server, user.email), [], 'the first device of all');
    await signIn(server, user.email, { authorize: { prompt: 'login' }, browser });
    assert.deepEqual(await notices(server, user.email), []);

    const other = await signIn(server, user.email);
    const [mail = '', ...more] = await notices(server, user.email);
    assert.deepEqual(more, []);
    assert.match(mail, /127\.0\.0\.1/);
    // Whoever was not that person gets to where the password is changed.
    await browser.open(/http\S+\/\.well-known\/change-password\?client_id=\S+/.exec(mail)?.[0] ?? assert.fail(mail));
    assert.match(browser.path, /^\/account\/password\?/);
    await signIn(server, user.email, { authorize: { prompt: 'login' }, browser: other.browser });
    assert.equal((await notices(server, user.email)).length, 1);
    const [event] = await eventsNamed(server, 'user.device_added');
    assert.deepEqual([event?.id, event?.ip_address], [user.id, '127.0.0.1']);
  });

  it('is new again with a cookie that is not ours', async () => {
    await using server = await start();
    const { browser, user } = await server.signedUp('ada@example.com');
    const [name = '', value = ''] = cookieOf(browser, 'device') ?? [];
    assert.match(value, /^\w{22}\.\w{43,44}$/);
    const thief = server.browser();
    thief.cookies.set(
      name,
      value.replace(/^./, (first) => (first === 'a' ? 'b' : 'a')),
    );
    await signIn(server, user.email, { browser: thief });
    assert.equal((await notices(server, user.email)).length, 1);
    assert.notEqual(cookieOf(thief, 'device')?.[1], thief.cookies.get('nothing'));
  });

  it('is nobody’s business where the environment says so', async () => {
    await using server = await start();
    await changeSettings(server, { newDeviceNotice: false });
    const { user } = await server.signedUp('ada@example.com');
    await signIn(server, user.email);
    assert.deepEqual(await notices(server, user.email), []);
  });

  it('may also be what an application’s server calls a device', async () => {
    await using server = await start();
    const { email } = await makeUser(server);
    const grant = (device_id: string | null) =>
      server.token({ grant_type: 'password', email, password: goodPassword, device_id, ip_address: '203.0.113.9' });
    for (const device of [null, 'phone', null, 'phone']) assert.equal((await grant(device)).status, 200);
    assert.deepEqual(await notices(server, email), []);
    assert.equal((await grant('tablet')).status, 200);
    assert.match((await notices(server, email))[0] ?? '', /203\.0\.113\.9/);
    await grant('tablet');
    assert.equal((await notices(server, email)).length, 1);
  });

  it('shows which way it was the last time, and only that', async () => {
    await using server = await start();
    const { browser } = await server.signedUp('ada@example.com');
    assert.equal(cookieOf(browser, 'method')?.[1], 'Password');
    await browser.open(server.authorizeUrl({ prompt: 'login' }));
    assert.match(browser.text, /Last used/);
    assert.doesNotMatch(browser.text, /ada@example\.com/);
    const fresh = server.browser();
    await fresh.open(server.authorizeUrl());
    assert.doesNotMatch(fresh.text, /class="badge"/);
    const [name = ''] = cookieOf(browser, 'method') ?? [];
    fresh.cookies.set(name, '<script>');
    await fresh.open(server.authorizeUrl());
    assert.doesNotMatch(fresh.text, /class="badge"/);
  });
});
