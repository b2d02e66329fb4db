/** Mail by an environment's own mail server: what arrives, what is said when nothing does, and what is never lost. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, it } from 'node:test';
import { sql } from '../../src/core/index.ts';
import { onEachEngine, type TestBrowser, type TestServer } from '../harness.ts';
import { type MailServer, startMailServer, startRudeServer } from '../smtp.ts';
import { asOperator, becomeOwner, eventsNamed, otherEnvironment } from './steps.ts';

const password = 'p4ss-of-the-mail-server';

onEachEngine('an own mail provider', (start) => {
  let server: TestServer;
  let owner: TestBrowser;
  let smtp: MailServer;

  before(async () => {
    smtp = await startMailServer();
  });
  beforeEach(async () => {
    await server?.[Symbol.asyncDispose]();
    server = await start();
    owner = await becomeOwner(server);
    smtp.received.length = 0;
    smtp.refused.clear();
    smtp.login = { user: 'mailer', password };
    smtp.refusesSender = null;
  });
  after(async () => {
    await server[Symbol.asyncDispose]();
    await smtp[Symbol.asyncDispose]();
  });

  const call = (method: string, path: string, body?: unknown) =>
    asOperator(server, owner, method, `/dashboard/api${path}`, { body });
  const ours = (more: Record<string, unknown> = {}) => ({
    preset: 'smtp',
    host: '127.0.0.1',
    port: smtp.port,
    security: 'none',
    username: 'mailer',
    password,
    from_address: 'welcome@acme.example',
    from_name: 'Acme Ltd',
    reply_to: 'help@acme.example',
    enabled: true,
    ...more,
  });
  const save = async (more: Record<string, unknown> = {}) => {
    const saved = await call('PUT', '/mail_provider', ours(more));
    assert.equal(saved.status, 200, JSON.stringify(saved.json));
    return saved.json;
  };
  const invite = async (email: string) => {
    const sent = await server.api('POST', '/user_management/invitations', { email });
    assert.equal(sent.status, 201, sent.text);
    await settled();
  };
  const settled = () => server.running.services.jobs.idle();
  /** After that the next try is half a minute away, so whatever leaves before was asked for. */
  const failThrice = async () => {
    for (const seconds of [1, 5]) {
      server.clock.advance(seconds);
      await settled();
    }
  };
  const failures = async () => (await call('GET', '/mail_failures')).json.data;
  const test = async (to = 'ada@example.com') => (await call('POST', '/mail_provider/test', { to })).json;

  it('sends in the environment’s name, and the mailbox of a development server keeps a copy', async () => {
    assert.equal((await call('GET', '/mail_provider')).json.provider, null);
    const saved = await save();
    const { updated_at: _, ...shown } = saved.provider;
    assert.deepEqual(shown, {
      preset: 'smtp',
      host: '127.0.0.1',
      port: smtp.port,
      security: 'none',
      username: 'mailer',
      has_password: true,
      from_address: 'welcome@acme.example',
      from_name: 'Acme Ltd',
      reply_to: 'help@acme.example',
      enabled: true,
    });
    await invite('ada@example.com');
    const [mail, ...more] = smtp.received;
    assert.ok(mail);
    assert.deepEqual(more, []);
    assert.deepEqual(
      { from: mail.from, to: mail.to, user: mail.user },
      { from: 'welcome@acme.example', to: ['ada@example.com'], user: 'mailer' },
    );
    assert.match(mail.source, /^From: Acme Ltd <welcome@acme\.example>$/m);
    assert.match(mail.source, /^Reply-To: help@acme\.example$/m);
    assert.match(mail.source, /^Message-ID: <mail_[0-9A-Z]{26}@acme\.example>$/m);
    assert.equal((await server.mails('ada@example.com')).length, 1);
    assert.equal(saved.keeps_copies, true);
    // Without a name of its own it is from the app.
    await call('PUT', '/mail_provider', ours({ from_name: null }));
    await invite('grace@example.com');
    assert.match(smtp.received.at(-1)?.source ?? '', /^From: Your app <welcome@acme\.example>$/m);
  });

  it('keeps the password to itself, sealed', async () => {
    const saved = await save();
    const shown = JSON.stringify([
      saved,
      (await call('GET', '/mail_provider')).json,
      (await call('GET', '/events')).json,
    ]);
    assert.doesNotMatch(shown, new RegExp(password));
    const rows = await server.running.services.db.all(sql<Record<string, unknown>>`select * from mail_providers`);
    assert.equal(rows.length, 1);
    assert.doesNotMatch(JSON.stringify(rows), new RegExp(password));
    assert.equal(
      (await eventsNamed(server, 'environment.updated')).some(({ part }) => part === 'mail_provider'),
      true,
    );
  });

  it('keeps the password only for the server and the user it was entered for', async () => {
    await save();
    assert.equal((await call('PUT', '/mail_provider', ours({ password: undefined, from_name: 'Acme' }))).status, 200);
    await using thief = await startMailServer();
    for (const change of [
      { port: thief.port },
      { host: 'localhost' },
      { username: 'thief' },
      { security: 'starttls' },
    ]) {
      const refused = await call('PUT', '/mail_provider', ours({ password: undefined, ...change }));
      assert.equal(refused.status, 422, JSON.stringify(change));
      assert.equal(refused.json.errors[0].code, 'password_required');
    }
    assert.equal((await call('GET', '/mail_provider')).json.provider.port, smtp.port);
  });

  it('is the server’s own again when it is switched off or deleted', async () => {
    await save({ enabled: false });
    await invite('ada@example.com');
    await save();
    assert.equal((await call('DELETE', '/mail_provider')).status, 204);
    assert.equal((await call('DELETE', '/mail_provider')).status, 404);
    await invite('grace@example.com');
    assert.deepEqual(smtp.received, []);
    assert.equal((await server.mails()).filter(({ to }) => to !== 'owner@example.com').length, 2);
  });

  it('is nobody else’s', async () => {
    await save();
    const other = await otherEnvironment(server);
    const seen = await asOperator(
      { url: server.url, environmentId: other.environmentId },
      owner,
      'GET',
      '/dashboard/api/mail_provider',
    );
    assert.equal(seen.json.provider, null);
    const sent = await server.api(
      'POST',
      '/user_management/invitations',
      { email: 'eve@example.com' },
      { authorization: `Bearer ${other.apiKey}` },
    );
    assert.equal(sent.status, 201);
    await settled();
    assert.deepEqual(smtp.received, []);
  });

  it('sends a test message and tells what the server said', async () => {
    assert.equal((await call('POST', '/mail_provider/test', { to: 'ada@example.com' })).status, 404);
    await save({ enabled: false });
    assert.deepEqual(await test(), {
      object: 'test_message',
      outcome: 'accepted',
      problem: null,
      message: '250 queued as 4711',
    });
    assert.deepEqual(
      smtp.received.map(({ to }) => to),
      [['ada@example.com']],
    );
    assert.equal((await call('POST', '/mail_provider/test', { to: 'a@b.example, c@d.example' })).status, 422);
  });

  it('says in clear words why a test message was refused', async () => {
    const refusal = async (to?: string) => {
      const { outcome, problem, message } = await test(to);
      assert.equal(outcome, 'refused');
      return { problem, message };
    };
    await save({ password: 'wrong' });
    assert.deepEqual(await refusal(), {
      problem: 'login',
      message: 'The mail server refused user name or password. It said: 535 5.7.8 Authentication credentials invalid',
    });
    await save();
    smtp.refused.set('gone@example.com', '550 5.1.1 No such user');
    assert.deepEqual(await refusal('gone@example.com'), {
      problem: 'recipient',
      message: 'The mail server refused the recipient’s address. It said: 550 5.1.1 No such user',
    });
    smtp.refusesSender = '553 5.7.1 Sender not verified';
    assert.equal((await refusal()).problem, 'sender');
    await using rude = await startRudeServer();
    await save({ port: rude.port });
    assert.equal((await refusal()).problem, 'broken_off');
    await using untrusted = await startMailServer({ secure: true });
    await save({ port: untrusted.port, security: 'tls' });
    assert.equal((await refusal()).problem, 'tls');
    await save({ security: 'starttls' });
    assert.equal((await refusal()).problem, 'tls');
    await rude[Symbol.asyncDispose]();
    await save({ port: rude.port });
    assert.equal((await refusal()).problem, 'unreachable');
    // A test is a test: nothing waits to be tried again, and nobody is on the list of refused addresses.
    assert.deepEqual(await failures(), []);
    assert.deepEqual((await call('GET', '/suppressed_addresses')).json.data, []);
  });

  it('loses no mail by a wrong setting: the reason is shown, and all of it leaves once it is right', async () => {
    await save({ password: 'wrong' });
    await invite('ada@example.com');
    await invite('grace@example.com');
    await failThrice();
    const [failure, other] = await failures();
    const { id, created_at, tried_at, ...told } = failure;
    assert.match(id, /^mail_/);
    assert.ok(created_at <= tried_at);
    assert.equal(other.email, 'ada@example.com');
    assert.deepEqual(told, {
      object: 'mail_failure',
      email: 'grace@example.com',
      template: 'invitation',
      reason: 'login',
      message: 'The mail server refused user name or password. It said: 535 5.7.8 Authentication credentials invalid',
      tries: 3,
      state: 'retrying',
    });
    assert.deepEqual(smtp.received, []);
    await save();
    await settled();
    assert.deepEqual(smtp.received.flatMap(({ to }) => to).sort(), ['ada@example.com', 'grace@example.com']);
    assert.deepEqual(await failures(), []);
    // The copies are not made again by every try.
    assert.equal((await server.mails('ada@example.com')).length, 1);
  });

  it('tries again for more than an hour, and after that when somebody asks', async () => {
    await save();
    smtp.login = { user: 'mailer', password: 'changed meanwhile' };
    await invite('ada@example.com');
    for (const seconds of [1, 5, 30, 120, 600, 3600]) {
      server.clock.advance(seconds);
      await settled();
    }
    const [{ tries, state }] = await failures();
    assert.deepEqual({ tries, state }, { tries: 7, state: 'given_up' });
    server.clock.advance(7200);
    await settled();
    assert.deepEqual((await failures())[0].tries, 7);
    smtp.login = { user: 'mailer', password };
    assert.equal((await call('POST', '/mail_failures/retry')).status, 202);
    await settled();
    assert.deepEqual(
      smtp.received.map(({ to }) => to),
      [['ada@example.com']],
    );
    assert.deepEqual(await failures(), []);
  });

  it('drops a code that would come too late, and forgets its failure', async () => {
    await save({ password: 'wrong' });
    await server.api('POST', '/user_management/magic_auth', { email: 'ada@example.com' });
    await settled();
    assert.equal((await failures()).length, 1);
    server.clock.advance(601);
    await settled();
    assert.deepEqual(await failures(), []);
    assert.deepEqual(smtp.received, []);
  });
});

onEachEngine('the host of a mail provider', (start) => {
  const ours = {
    preset: 'smtp',
    security: 'starttls',
    port: 587,
    username: 'mailer',
    password,
    from_address: 'welcome@acme.example',
    enabled: true,
  };

  it('leads into no private network that the configuration does not name, now or later', async () => {
    await using smtp = await startMailServer();
    let leads = ['127.0.0.1'];
    await using server = await start({ outboundNetworks: [], resolveAddresses: async () => leads });
    const owner = await becomeOwner(server);
    const put = (more: Record<string, unknown>) =>
      asOperator(server, owner, 'PUT', '/dashboard/api/mail_provider', { body: { ...ours, ...more } });
    const hosts = [
      '127.0.0.1',
      'localhost',
      'smtp.example.com',
      '::1',
      '169.254.169.254',
      '::ffff:10.0.0.1',
      '0x7f000001',
    ];
    for (const host of hosts) {
      const refused = await put({ host });
      assert.equal(refused.status, 422, host);
      assert.equal(refused.json.errors[0].code, 'host_private', host);
    }
    leads = ['8.8.8.8', '10.0.0.1'];
    assert.equal((await put({ host: 'smtp.example.com' })).status, 422);
    leads = ['8.8.8.8'];
    for (const port of [22, 80, 443, 6379, smtp.port])
      assert.equal((await put({ host: 'smtp.example.com', port })).json.errors[0].code, 'port_not_for_mail', `${port}`);
    assert.equal((await put({ host: 'smtp.example.com', security: 'none' })).json.errors[0].code, 'security_required');
    assert.equal((await put({ host: 'smtp.example.com' })).status, 200);
    // The name is made to lead inside afterwards.
    leads = ['127.0.0.1'];
    const sent = await asOperator(server, owner, 'POST', '/dashboard/api/mail_provider/test', {
      body: { to: 'a@b.example' },
    });
    assert.equal(sent.json.problem, 'host');
    await server.api('POST', '/user_management/invitations', { email: 'ada@example.com' });
    await server.running.services.jobs.idle();
    const { json } = await asOperator(server, owner, 'GET', '/dashboard/api/mail_failures');
    assert.deepEqual(
      json.data.map(({ reason }: { reason: string }) => reason),
      ['host'],
    );
    assert.deepEqual(smtp.received, []);
  });

  it('is a host and nothing more', async () => {
    await using server = await start();
    const owner = await becomeOwner(server);
    for (const body of [
      { ...ours, host: 'smtp.example.com:25' },
      { ...ours, host: 'user@smtp.example.com' },
      { ...ours, host: 'https://smtp.example.com' },
      { ...ours, host: 'smtp.example.com\r\nRCPT TO:<eve@evil.example>' },
      { ...ours, host: '127.0.0.1', from_name: 'Acme\r\nBcc: eve@evil.example' },
      { ...ours, host: '127.0.0.1', from_address: 'a@b.example, eve@evil.example' },
      { ...ours, host: '127.0.0.1', username: 'mailer\r\nQUIT' },
      { ...ours, host: '127.0.0.1', reply_to: 'Eve <eve@evil.example>' },
    ]) {
      const refused = await asOperator(server, owner, 'PUT', '/dashboard/api/mail_provider', { body });
      assert.equal(refused.status, 422, JSON.stringify(body));
    }
  });
});
