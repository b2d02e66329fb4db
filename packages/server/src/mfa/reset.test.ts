import assert from 'node:assert/strict';
import { it } from 'node:test';
import { asOperator, becomeOwner, byRefresh, eventsNamed } from '../../test/flows/steps.ts';
import { onEachEngine } from '../../test/harness.ts';

onEachEngine('an operator who resets second factors', (start) => {
  it('removes them, ends every session and tells the person', async () => {
    await using server = await start();
    const owner = await becomeOwner(server);
    const { user, refreshToken } = await server.signedUp('ada@example.com');
    const seed = 'JBSWY3DPEHPK3PXP';
    const { json } = await server.api('POST', `/user_management/users/${user.id}/auth_factors`, {
      type: 'totp',
      totp_secret: seed,
    });
    const path = `/dashboard/api/users/${user.id}/auth_factors/reset`;
    assert.equal((await asOperator(server, owner, 'POST', path)).status, 204);
    const { json: list } = await server.api('GET', `/user_management/users/${user.id}/auth_factors`);
    assert.deepEqual(list.data, []);
    const refreshed = await server.token(byRefresh(refreshToken));
    assert.deepEqual([refreshed.status, refreshed.json.error], [400, 'invalid_grant']);
    const [mail] = await server.mails(user.email);
    assert.match(mail?.subject ?? '', /^Your two-step verification was reset/);
    assert.deepEqual(await eventsNamed(server, 'authentication_factors.reset'), [
      { id: user.id, factors: [json.authentication_factor.id] },
    ]);
  });

  it('has signed in a short while ago', async () => {
    await using server = await start();
    const owner = await becomeOwner(server);
    const user = await server.create.user();
    server.clock.advance(16 * 60);
    const path = `/dashboard/api/users/${user.id}/auth_factors/reset`;
    const { status, json } = await asOperator(server, owner, 'POST', path);
    assert.deepEqual([status, json.code], [403, 'reauthentication_required']);
  });
});
