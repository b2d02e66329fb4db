/** Addresses to which nothing goes any more, and the kinds of mail that an application sends itself. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, it } from 'node:test';
import { onEachEngine, type TestBrowser, type TestServer } from '../harness.ts';
import { type MailServer, startMailServer } from '../smtp.ts';
import { asOperator, becomeOwner, changeSettings, eventsNamed, makeUser, otherEnvironment } from './steps.ts';

onEachEngine('suppressed addresses', (start) => {
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
  });
  after(async () => {
    await server[Symbol.asyncDispose]();
    await smtp[Symbol.asyncDispose]();
  });

  const call = (method: string, path: string, body?: unknown, environmentId = server.environmentId) =>
    asOperator({ url: server.url, environmentId }, owner, method, `/dashboard/api${path}`, { body });
  const useProvider = async () => {
    const provider = { preset: 'smtp', host: '127.0.0.1', port: smtp.port, security: 'none', enabled: true };
    const saved = await call('PUT', '/mail_provider', { ...provider, from_address: 'welcome@acme.example' });
    assert.equal(saved.status, 200, JSON.stringify(saved.json));
  };
  const magicCode = async (email: string) => {
    const made = await server.api('POST', '/user_management/magic_auth', { email });
    assert.equal(made.status, 201, made.text);
    await server.running.services.jobs.idle();
    return made.json;
  };
  const listed = async () => (await call('GET', '/suppressed_addresses')).json.data;
  const arrived = () => smtp.received.flatMap(({ to }) => to);

  it('are those whose mail server refused them for good, until somebody allows them again', async () => {
    await useProvider();
    smtp.refused.set('Gone@example.com', '550 5.1.1 No such user here');
    await magicCode('Gone@example.com');
    const [entry, ...more] = await listed();
    assert.deepEqual(more, []);
    const { id, created_at: _, ...told } = entry;
    assert.deepEqual(told, {
      object: 'suppressed_address',
      email: 'gone@example.com',
      reason: 'refused',
      detail: 'The mail server refused the recipient’s address. It said: 550 5.1.1 No such user here',
    });
    assert.deepEqual(await eventsNamed(server, 'suppressed_address.created'), [entry]);
    // It is not tried again, in whatever spelling, although the mail server would take it now.
    smtp.refused.clear();
    assert.deepEqual((await call('GET', '/mail_failures')).json.data, []);
    await magicCode('GONE@example.com');
    assert.deepEqual(arrived(), []);
    assert.equal((await call('POST', '/mail_provider/test', { to: 'gone@EXAMPLE.com' })).json.problem, 'suppressed');

    assert.equal((await call('DELETE', `/suppressed_addresses/${id}`)).status, 204);
    assert.equal((await call('DELETE', `/suppressed_addresses/${id}`)).status, 404);
    assert.deepEqual(await eventsNamed(server, 'suppressed_address.deleted'), [entry]);
    await magicCode('gone@example.com');
    assert.deepEqual(arrived(), ['Gone@example.com']);
  });

  it('are not those that were refused for our own sake, or only for now', async () => {
    await useProvider();
    const lines = [
      '550 5.7.1 Relay access denied',
      '554 5.7.1 Message rejected by policy',
      '550 relay not permitted',
      '550 5.1.8 Sender domain unknown',
      '552 5.2.2 Mailbox full',
      '451 4.7.1 Try again later',
      '421 4.3.2 Shutting down',
    ];
    for (const [index, line] of lines.entries()) {
      smtp.refused.set(`a${index}@example.com`, line);
      await magicCode(`a${index}@example.com`);
    }
    assert.deepEqual(await listed(), []);
    assert.equal((await call('GET', '/mail_failures')).json.data.length, lines.length);
  });

  it('are added by operators too, once each, and found by a part of them', async () => {
    const add = (email: string, note?: string) => call('POST', '/suppressed_addresses', { email, note });
    const added = await add('Complains@Example.com', 'Asked us to stop');
    assert.equal(added.status, 201);
    assert.deepEqual(
      [added.json.email, added.json.reason, added.json.detail],
      ['complains@example.com', 'operator', 'Asked us to stop'],
    );
    assert.equal((await add('complains@example.com', 'again')).json.id, added.json.id);
    assert.equal((await eventsNamed(server, 'suppressed_address.created')).length, 1);
    await add('other_one@example.com');
    const find = async (search: string) =>
      (await call('GET', `/suppressed_addresses?search=${encodeURIComponent(search)}`)).json.data.map(
        ({ email }: { email: string }) => email,
      );
    assert.deepEqual(await find('COMPLAINS'), ['complains@example.com']);
    assert.deepEqual(await find('other_'), ['other_one@example.com']);
    assert.deepEqual(await find('%'), []);
    for (const email of ['', 'nobody', 'a@b, c@d', 'a b@c.example'])
      assert.equal((await add(email)).status, 422, email);
    await magicCode('complains@example.com');
    assert.deepEqual(await server.mails('complains@example.com'), []);
  });

  it('are of one environment each', async () => {
    const added = await call('POST', '/suppressed_addresses', { email: 'ada@example.com' });
    const other = await otherEnvironment(server);
    assert.deepEqual((await call('GET', '/suppressed_addresses', undefined, other.environmentId)).json.data, []);
    assert.equal(
      (await call('DELETE', `/suppressed_addresses/${added.json.id}`, undefined, other.environmentId)).status,
      404,
    );
    await server.api(
      'POST',
      '/user_management/magic_auth',
      { email: 'ada@example.com' },
      { authorization: `Bearer ${other.apiKey}` },
    );
    await server.running.services.jobs.idle();
    assert.equal((await server.mails('ada@example.com')).length, 1);
  });

  it('learn nothing of it on our pages: those answer everybody alike', async () => {
    const [ada, grace] = [await makeUser(server), await makeUser(server)];
    await call('POST', '/suppressed_addresses', { email: ada.email });
    const ask = async (email: string) => {
      const browser = server.browser();
      await browser.open('/forgot-password');
      const { status } = await browser.submit({ email });
      await server.running.services.jobs.idle();
      // The address stands there in the clear and sealed, never twice the same.
      const page = browser.text.replaceAll(email, '…').replaceAll(/nonce(-|=")[\w-]+|(?<=[?;&]sent=)[^"&]+/g, '');
      return { status, page };
    };
    const answers = [await ask(ada.email), await ask(grace.email), await ask('nobody@example.com')];
    assert.deepEqual(answers[0], answers[1]);
    assert.deepEqual(answers[0], answers[2]);
    assert.deepEqual([(await server.mails(ada.email)).length, (await server.mails(grace.email)).length], [0, 1]);
  });

  it('leaves to the application what it sends itself, and the API hands it code and link', async () => {
    await changeSettings(server, { sendMagicAuthMails: false, sendVerificationMails: false });
    const { email, id } = await makeUser(server, { email_verified: false });
    const made = await magicCode(email);
    const again = await server.api('GET', `/user_management/magic_auth/${made.id}`);
    assert.match(again.json.code, /^\d{6}$/);
    await server.api('POST', `/user_management/users/${id}/email_verification/send`);
    await server.running.services.jobs.idle();
    assert.deepEqual(await server.mails(email), []);
    const event = (await eventsNamed(server, 'email_verification.created')).at(-1);
    const verification = await server.api('GET', `/user_management/email_verification/${event?.id}`);
    const confirmed = await server.api('POST', `/user_management/users/${id}/email_verification/confirm`, {
      code: verification.json.code,
    });
    assert.equal(confirmed.status, 200, confirmed.text);
    // No event carries what lets somebody in.
    const told = JSON.stringify([event, ...(await eventsNamed(server, 'magic_auth.created'))]);
    assert.doesNotMatch(told, new RegExp(`${made.code}|${verification.json.code}`));

    await server.api('POST', '/user_management/password_reset', { email });
    await server.api('POST', '/user_management/invitations', { email: 'new@example.com' });
    await server.running.services.jobs.idle();
    assert.deepEqual([(await server.mails(email)).length, (await server.mails('new@example.com')).length], [1, 1]);
    await changeSettings(server, { sendPasswordResetMails: false, sendInvitationMails: false });
    const reset = await server.api('POST', '/user_management/password_reset', { email });
    const invitation = await server.api('POST', '/user_management/invitations', { email: 'newer@example.com' });
    await server.running.services.jobs.idle();
    assert.deepEqual([(await server.mails(email)).length, (await server.mails('newer@example.com')).length], [1, 0]);
    assert.match(reset.json.password_reset_url, /\/reset-password\?token=/);
    assert.match(invitation.json.accept_invitation_url, /\/invite\?invitation_token=/);
  });
});
