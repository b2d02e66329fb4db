import assert from 'node:assert/strict';
import { it } from 'node:test';
import { systemTenant } from '../../src/core/index.ts';
import { findUser, hashPassword, holdPassword, passwordSince, setPassword } from '../../src/users/index.ts';
import { callbackUri, goodPassword, onEachEngine, type TestServer } from '../harness.ts';

const newPassword = 'another perfectly fine passphrase';

onEachEngine('a password changed while somebody signs in', (start) => {
  it('is no proof any more once the change is acknowledged', async () => {
    await using server = await start();
    const { db } = server.running.services;
    const tenant = systemTenant(server.environmentId);
    const { id } = await server.create.user({ password: goodPassword });
    const user = await findUser(db, tenant, id);
    assert.ok(user);
    const since = await passwordSince(db, tenant, id);
    const holds = (email = user.email) => db.transaction((tx) => holdPassword(tx, tenant, { id, email }, since));
    assert.equal(await holds(), true);
    assert.equal(await holds('somebody@example.com'), false);
    server.clock.advance(1);
    const hash = await hashPassword(newPassword);
    await db.transaction((tx) => setPassword(tx, tenant, id, hash, server.running.services.now()));
    assert.equal(await holds(), false);
  });

  it('leaves no session of the old one, whichever request is faster', async () => {
    await using server = await start();
    for (let round = 0; round < 12; round++) {
      const { id, email } = await server.create.user({ password: goodPassword, email_verified: true });
      const [code] = await Promise.all([
        signIn(server, email),
        server.api('PUT', `/user_management/users/${id}`, { password: newPassword }),
      ]);
      if (code !== null) await server.token({ grant_type: 'authorization_code', code });
      const { data } = (await server.api('GET', `/user_management/users/${id}/sessions`)).json;
      const live = data.filter(({ status }: { status: string }) => status === 'active');
      assert.deepEqual(live, [], `round ${round}`);
    }
  });
});

onEachEngine('an account whose way in is changed over the API', (start) => {
  it('has its person told: of an address at the old and the new inbox, of a password, and of nothing else', async () => {
    await using server = await start();
    const { id, email: old } = await server.create.user({ password: goodPassword, email_verified: true });
    const change = (body: object) => server.api('PUT', `/user_management/users/${id}`, body);
    const subjects = async (to: string) => (await server.mails(to)).map(({ subject }) => subject);
    await change({ first_name: 'Ada', email: old.toUpperCase() });
    assert.deepEqual(await subjects(old), []);
    await change({ email: 'moved@example.com' });
    for (const to of [old, 'moved@example.com']) assert.match((await subjects(to)).join(), /address/i, to);
    // Nobody had proved that one: it may be a stranger's inbox, who learns of no other address.
    await change({ email: 'again@example.com' });
    assert.equal((await subjects('moved@example.com')).length, 1);
    assert.equal((await subjects('again@example.com')).length, 1);
    await change({ password: newPassword });
    assert.match((await subjects('again@example.com'))[0] ?? '', /password/i);
    // Refused, so not told.
    assert.equal((await change({ password: 'short' })).status, 400);
    // As a hash passwords move here from elsewhere.
    const hash = '$2b$10$CwTycUXWue0Thq9StjUM0uJ8VYyGS/UkUB0JqS5k8rF4c2b1N9y1e';
    assert.equal((await change({ password_hash: hash, password_hash_type: 'bcrypt' })).status, 200);
    assert.equal((await subjects('again@example.com')).length, 2);
  });
});

/** The code at the callback, or null when the sign-in did not get there. */
async function signIn(server: TestServer, email: string): Promise<string | null> {
  const browser = server.browser();
  await browser.open(server.authorizeUrl());
  await browser.submit({ email });
  const { location } = await browser.submit({ password: goodPassword });
  return location?.href.startsWith(callbackUri) ? location.searchParams.get('code') : null;
}
