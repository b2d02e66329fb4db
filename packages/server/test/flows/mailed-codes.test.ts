/** Codes and links that go out by mail, over the API: who gets them, what they are good for, and how often. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { askForReset } from '../../src/authentication/index.ts';
import { sql, systemTenant } from '../../src/core/index.ts';
import { type Answer, goodPassword, onEachEngine, type TestServer } from '../harness.ts';
import { changeSettings, eventsNamed, makeUser, otherEnvironment, signIn } from './steps.ts';

const other = (code: string): string => (code === '000000' ? '000001' : '000000');
const newPassword = 'another perfectly fine passphrase';
const codeOf = ({ status, json }: Answer) => [status, json?.code ?? json?.error];
const post = (server: TestServer, path: string, body: unknown) => server.api('POST', `/user_management/${path}`, body);

onEachEngine('POST /user_management/magic_auth', (start) => {
  it('answers with the code it mails, and makes an account for an address nobody has', async () => {
    await using server = await start();
    const { status, json } = await post(server, 'magic_auth', { email: 'Ada@example.com', ip_address: null });
    assert.equal(status, 201);
    const [user] = (await server.api('GET', '/user_management/users?email=ada@example.com')).json.data;
    assert.deepEqual(json, {
      object: 'magic_auth',
      id: json.id,
      user_id: user.id,
      email: 'Ada@example.com',
      expires_at: json.expires_at,
      created_at: json.created_at,
      updated_at: json.created_at,
      code: await server.codeFor('Ada@example.com'),
    });
    assert.equal(user.email_verified, false);
    assert.match(json.id, /^magic_auth_[0-9A-Z]{26}$/);
    assert.equal(Date.parse(json.expires_at) - Date.parse(json.created_at), 600_000);
    const [mail] = await server.mails('Ada@example.com');
    assert.match(mail?.subject ?? '', new RegExp(`^${json.code} is your sign-in code`));
    assert.ok(mail?.text.trimEnd().endsWith(`@localhost #${json.code}`));

    const again = await server.api('GET', `/user_management/magic_auth/${json.id}`);
    assert.deepEqual([again.status, again.json], [200, json]);
    const { code: _, ...shown } = json;
    assert.deepEqual(await eventsNamed(server, 'magic_auth.created'), [shown]);

    const second = (await post(server, 'magic_auth', { email: 'ada@EXAMPLE.com' })).json;
    assert.equal(second.user_id, user.id);
    // Whoever asks again, the code that is in somebody's inbox goes on working.
    assert.deepEqual((await server.api('GET', `/user_management/magic_auth/${json.id}`)).json, json);
  });

  it('refuses what the environment does not offer', async () => {
    await using server = await start();
    const { email } = await makeUser(server);
    await changeSettings(server, { signUp: 'invite_only' });
    const closed = await post(server, 'magic_auth', { email: 'stranger@example.com' });
    assert.deepEqual(codeOf(closed), [400, 'sign_up_not_allowed']);
    assert.equal(closed.json.error, 'sign_up_not_allowed');
    assert.equal((await post(server, 'magic_auth', { email })).status, 201);
    await changeSettings(server, { magicAuthSignIn: false });
    const off = await post(server, 'magic_auth', { email });
    assert.deepEqual([off.status, off.json.error], [400, 'authentication_method_not_allowed']);
    const nonsense = await post(server, 'magic_auth', { email: 'nonsense' });
    assert.deepEqual([nonsense.status, nonsense.json.errors[0].field], [422, 'email']);
  });

  it('gives one account to an address that asks many times at once', async () => {
    await using server = await start();
    const asked = await Promise.all(
      Array.from({ length: 10 }, () => post(server, 'magic_auth', { email: 'ada@example.com' })),
    );
    assert.deepEqual([...new Set(asked.map(({ status }) => status))], [201]);
    assert.equal(new Set(asked.map(({ json }) => json.user_id)).size, 1);
  });
});

onEachEngine('GET /user_management/email_verification/{id}', (start) => {
  it('hands the code out to an application that mails it itself', async () => {
    await using server = await start();
    const { id, email } = await makeUser(server, { email_verified: false });
    await post(server, `users/${id}/email_verification/send`, {});
    const [created] = await eventsNamed(server, 'email_verification.created');
    const { status, json } = await server.api('GET', `/user_management/email_verification/${created?.id}`);
    assert.deepEqual([status, json], [200, { ...created, code: await server.codeFor(email) }]);
    const other = await otherEnvironment(server);
    const foreign = await server.api('GET', `/user_management/email_verification/${created?.id}`, undefined, {
      authorization: `Bearer ${other.apiKey}`,
    });
    assert.equal(foreign.status, 404);
    // The id of one kind of code opens no other kind.
    assert.equal((await server.api('GET', `/user_management/magic_auth/${created?.id}`)).status, 404);
  });
});

onEachEngine('password reset', (start) => {
  const ask = (server: TestServer, email: string) => post(server, 'password_reset', { email });
  const confirm = (server: TestServer, token: string, password = newPassword) =>
    post(server, 'password_reset/confirm', { token, new_password: password });

  it('mails the link it answers with, and sets the password once', async () => {
    await using server = await start();
    const { email, id } = await makeUser(server, { email_verified: false });
    const { status, json } = await ask(server, email.toUpperCase());
    assert.equal(status, 201);
    assert.deepEqual(json, {
      object: 'password_reset',
      id: json.id,
      user_id: id,
      email,
      expires_at: json.expires_at,
      created_at: json.created_at,
      password_reset_token: json.password_reset_token,
      password_reset_url: `${server.url}/reset-password?token=${json.password_reset_token}`,
    });
    assert.equal(Date.parse(json.expires_at) - Date.parse(json.created_at), 3_600_000);
    assert.ok(json.password_reset_token.length >= 43);
    assert.ok((await server.mails(email))[0]?.text.includes(json.password_reset_url));
    assert.deepEqual((await server.api('GET', `/user_management/password_reset/${json.id}`)).json, json);
    // Asking changes nothing: anybody can.
    assert.ok((await signIn(server, (await makeUser(server)).email)).code);

    const done = await confirm(server, json.password_reset_token);
    assert.equal(done.status, 200);
    assert.deepEqual(Object.keys(done.json), ['user']);
    assert.equal(done.json.user.email_verified, true);
    assert.match((await server.mails(email))[0]?.subject ?? '', /password .*was changed/);
    const again = await confirm(server, json.password_reset_token, goodPassword);
    assert.deepEqual(
      [...codeOf(again), again.json.errors[0].code],
      [400, 'password_reset_error', 'password_reset_token_used'],
    );
    const { password_reset_token: _token, password_reset_url: _url, ...shown } = json;
    assert.deepEqual(await eventsNamed(server, 'password_reset.created'), [shown]);
    assert.deepEqual(await eventsNamed(server, 'password_reset.succeeded'), [shown]);
  });

  it('leads to a page of the app where there is one, but for links that a hosted page asked for', async () => {
    await using server = await start();
    await changeSettings(server, { passwordResetUrl: 'https://app.example.com/reset?from=mail' });
    const { email } = await makeUser(server);
    const { json } = await ask(server, email);
    assert.equal(json.password_reset_url, `https://app.example.com/reset?from=mail&token=${json.password_reset_token}`);
    const [mail] = await server.mails(email);
    assert.ok(mail?.text.includes(json.password_reset_url));
    assert.equal(mail?.text.includes(`${server.url}/reset-password`), false);
    assert.deepEqual((await server.api('GET', `/user_management/password_reset/${json.id}`)).json, json);

    await askForReset(server.running.services, systemTenant(server.environmentId), {
      email,
      locale: null,
      attemptId: null,
    });
    assert.ok((await server.mails(email))[0]?.text.includes(`${server.url}/reset-password?token=`));
  });

  it('ends every session of the user', async () => {
    await using server = await start();
    const { user, browser, refreshToken } = await server.signedUp('ada@example.com');
    const { json } = await ask(server, 'ada@example.com');
    await confirm(server, json.password_reset_token);
    const refreshed = await server.token({ grant_type: 'refresh_token', refresh_token: refreshToken });
    assert.equal(refreshed.json.error, 'invalid_grant');
    assert.equal((await browser.open(server.authorizeUrl())).location, null);
    const { data } = (await server.api('GET', `/user_management/users/${user.id}/sessions`)).json;
    assert.ok(data.every(({ status }: { status: string }) => status !== 'active'));
  });

  it('of N at once with one link sets one password', async () => {
    await using server = await start();
    const { email } = await makeUser(server);
    const { json } = await ask(server, email);
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, n) => confirm(server, json.password_reset_token, `${newPassword} number ${n}`)),
    );
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, ...Array(7).fill(400)]);
    assert.equal((await eventsNamed(server, 'password_reset.succeeded')).length, 1);
  });

  it('keeps the link when the password is refused', async () => {
    await using server = await start();
    const { email } = await makeUser(server);
    const { json } = await ask(server, email);
    const weak = await confirm(server, json.password_reset_token, 'password');
    assert.deepEqual([...codeOf(weak), weak.json.errors.length > 0], [400, 'password_reset_error', true]);
    assert.equal((await confirm(server, json.password_reset_token)).status, 200);
  });

  it('takes the newest link alone, however many were asked for at once, and none once it was used', async () => {
    await using server = await start();
    const { email } = await makeUser(server);
    const sent = await Promise.all(Array.from({ length: 4 }, async () => (await ask(server, email)).json));
    const inForce: string[] = [];
    for (const { id } of sent)
      if ((await server.api('GET', `/user_management/password_reset/${id}`)).status === 200) inForce.push(id);
    assert.equal(inForce.length, 1);
    const older = sent.filter(({ id }) => id !== inForce[0]);
    for (const { password_reset_token } of older) {
      const refused = await confirm(server, password_reset_token);
      assert.deepEqual(
        [...codeOf(refused), refused.json.errors[0].code],
        [400, 'password_reset_error', 'password_reset_token_superseded'],
      );
    }
    const answers = await Promise.all(
      sent.map((link, n) => confirm(server, link.password_reset_token, `${newPassword} number ${n}`)),
    );
    assert.deepEqual(
      answers.map(({ status }) => status).filter((status) => status === 200),
      [200],
    );
    assert.equal((await eventsNamed(server, 'password_reset.succeeded')).length, 1);
    for (const link of sent) assert.ok((await confirm(server, link.password_reset_token)).status >= 400);
  });

  it('lets one of two win: a link that is used, and a newer one that is asked for', async () => {
    await using server = await start();
    for (let n = 0; n < 4; n++) {
      const { email } = await makeUser(server);
      const first = (await ask(server, email)).json.password_reset_token;
      const [used, newer] = await Promise.all([confirm(server, first), ask(server, email)]);
      // Whichever came first: the newer one works after it, unless the new password has put it out of force.
      assert.ok([200, 400].includes(used.status), used.text);
      const then = await confirm(server, newer.json.password_reset_token, `${newPassword} again`);
      assert.ok(used.status === 400 ? then.status === 200 : [200, 404].includes(then.status), then.text);
      assert.ok((await confirm(server, first)).status >= 400);
    }
  });

  it('takes a link for an hour, in its own environment', async () => {
    await using server = await start();
    const { email } = await makeUser(server);
    const second = (await ask(server, email)).json.password_reset_token;
    for (const changed of [`${second}x`, second.slice(0, -1), second.toLowerCase(), ` ${second}`])
      assert.equal((await confirm(server, changed)).status, 404, changed);
    const elsewhere = await otherEnvironment(server);
    const foreign = await server.api(
      'POST',
      '/user_management/password_reset/confirm',
      { token: second, new_password: newPassword },
      { authorization: `Bearer ${elsewhere.apiKey}` },
    );
    assert.equal(foreign.status, 404);
    server.clock.advance(3601);
    const late = await confirm(server, second);
    assert.deepEqual(
      [...codeOf(late), late.json.errors[0].code],
      [400, 'password_reset_error', 'password_reset_token_expired'],
    );
  });

  it('is off once the password or the address was changed otherwise', async () => {
    await using server = await start();
    for (const change of [{ password: newPassword }, { email: 'moved@example.com' }]) {
      const { email, id } = await makeUser(server);
      const { json } = await ask(server, email);
      await server.api('PUT', `/user_management/users/${id}`, change);
      assert.equal((await confirm(server, json.password_reset_token)).status, 404, JSON.stringify(change));
    }
  });

  it('forgets what a stranger had set on an address before its owner came', async () => {
    await using server = await start();
    const { email, id } = await makeUser(server, { email_verified: false });
    const { json } = await ask(server, email);
    await confirm(server, json.password_reset_token);
    assert.deepEqual(await eventsNamed(server, 'user.claimed'), [{ id }]);
  });

  it('says what cannot be', async () => {
    await using server = await start();
    assert.deepEqual(codeOf(await ask(server, 'nobody@example.com')), [404, 'entity_not_found']);
    assert.deepEqual(codeOf(await ask(server, 'nonsense')), [422, 'invalid_request_parameters']);
    const { email } = await makeUser(server);
    const { json } = await ask(server, email);
    await changeSettings(server, { passwordSignIn: false });
    assert.deepEqual(codeOf(await ask(server, email)), [403, 'email_password_auth_disabled']);
    assert.deepEqual(codeOf(await confirm(server, json.password_reset_token)), [403, 'email_password_auth_disabled']);
  });
});

onEachEngine('changing the address of a user', (start) => {
  const change = (server: TestServer, id: string, what: 'send' | 'confirm', body: unknown) =>
    post(server, `users/${id}/email_change/${what}`, body);

  it('takes the code from the new inbox, tells both, and signs everybody out', async () => {
    await using server = await start();
    const { user, refreshToken } = await server.signedUp('old@example.com');
    const sent = await change(server, user.id, 'send', { new_email: 'New@example.com' });
    const { json: unchanged } = await server.api('GET', `/user_management/users/${user.id}`);
    assert.deepEqual(
      [sent.status, sent.json],
      [
        200,
        {
          object: 'email_change',
          user: unchanged,
          new_email: 'New@example.com',
          expires_at: sent.json.expires_at,
          created_at: sent.json.created_at,
        },
      ],
    );
    assert.equal(unchanged.email, 'old@example.com');
    const code = await server.codeFor('New@example.com');
    assert.deepEqual(codeOf(await change(server, user.id, 'confirm', { code: other(code) })), [
      400,
      'email_change_code_incorrect',
    ]);
    const done = await change(server, user.id, 'confirm', { code });
    const { json: changed } = await server.api('GET', `/user_management/users/${user.id}`);
    assert.deepEqual([done.status, done.json], [200, { object: 'email_change_confirmation', user: changed }]);
    assert.deepEqual([changed.email, changed.email_verified], ['New@example.com', true]);
    for (const to of ['old@example.com', 'New@example.com'])
      assert.match((await server.mails(to))[0]?.subject ?? '', /^Your address .* was changed$/, to);
    const refreshed = await server.token({ grant_type: 'refresh_token', refresh_token: refreshToken });
    assert.equal(refreshed.json.error, 'invalid_grant');
    assert.deepEqual(codeOf(await change(server, user.id, 'confirm', { code })), [
      409,
      'email_change_code_previously_used',
    ]);
  });

  it('says exactly what is in the way', async () => {
    await using server = await start();
    const { id, email } = await makeUser(server);
    const taken = await makeUser(server);
    const send = async (new_email: string) => codeOf(await change(server, id, 'send', { new_email }));
    assert.deepEqual(await send(email.toUpperCase()), [409, 'email_change_not_needed']);
    assert.deepEqual(await send(taken.email), [409, 'email_not_available']);
    assert.deepEqual(await send('nonsense'), [422, 'invalid_email']);
    assert.deepEqual(codeOf(await change(server, id, 'confirm', { code: '123456' })), [409, 'no_pending_email_change']);

    await change(server, id, 'send', { new_email: 'late@example.com' });
    const code = await server.codeFor('late@example.com');
    server.clock.advance(601);
    assert.deepEqual(codeOf(await change(server, id, 'confirm', { code })), [400, 'email_change_code_expired']);

    await change(server, id, 'send', { new_email: 'tried@example.com' });
    const right = await server.codeFor('tried@example.com');
    const guesses = [];
    for (let n = 0; n < 5; n++) guesses.push(codeOf(await change(server, id, 'confirm', { code: other(right) })));
    assert.deepEqual(guesses.at(-1), [429, 'email_change_too_many_attempts']);
    assert.deepEqual(codeOf(await change(server, id, 'confirm', { code: right })), [
      429,
      'email_change_too_many_attempts',
    ]);

    await change(server, id, 'send', { new_email: 'raced@example.com' });
    const raced = await server.codeFor('raced@example.com');
    await makeUser(server, { email: 'raced@example.com' });
    server.clock.advance(61);
    assert.deepEqual(codeOf(await change(server, id, 'confirm', { code: raced })), [409, 'email_not_available']);
  });

  it('is one change for any number of confirmations at once, and for nobody else', async () => {
    await using server = await start();
    const { id } = await makeUser(server);
    const stranger = await makeUser(server);
    await change(server, id, 'send', { new_email: 'new@example.com' });
    const code = await server.codeFor('new@example.com');
    assert.deepEqual(codeOf(await change(server, stranger.id, 'confirm', { code })), [409, 'no_pending_email_change']);
    await change(server, stranger.id, 'send', { new_email: 'strangers@example.com' });
    assert.deepEqual(codeOf(await change(server, stranger.id, 'confirm', { code })), [
      400,
      'email_change_code_incorrect',
    ]);
    const answers = await Promise.all(Array.from({ length: 9 }, () => change(server, id, 'confirm', { code })));
    assert.equal(answers.filter(({ status }) => status === 200).length, 1);
    const rows = await server.running.services.db.all(
      sql`select id from users where email_key = 'new@example.com' and id = ${id}`,
    );
    assert.equal(rows.length, 1);
  });

  it('is off when the password is changed in the meantime', async () => {
    await using server = await start();
    const { id } = await makeUser(server);
    await change(server, id, 'send', { new_email: 'new@example.com' });
    await server.api('PUT', `/user_management/users/${id}`, { password: newPassword });
    const code = await server.codeFor('new@example.com');
    assert.deepEqual(codeOf(await change(server, id, 'confirm', { code })), [409, 'no_pending_email_change']);
  });
});
