/** Who was invited and has not accepted is a pending member, for as long as there is something to accept. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { onEachEngine, type TestServer } from '../../test/harness.ts';

const memberships = '/user_management/organization_memberships';
const invitations = '/user_management/invitations';

async function invited(server: TestServer) {
  const alice = await server.create.user({ email: 'alice@corp.example', email_verified: true });
  const { json: organization } = await server.api('POST', '/organizations', { name: 'Corp' });
  const body = { email: alice.email, organization_id: organization.id };
  const { json: invitation } = await server.api('POST', invitations, body);
  const wanted = { user_id: alice.id, organization_id: organization.id };
  const statuses = async (): Promise<string[]> =>
    (await server.api('GET', `${memberships}?user_id=${alice.id}&statuses=active,inactive,pending`)).json.data.map(
      ({ status }: { status: string }) => status,
    );
  assert.deepEqual(await statuses(), ['pending']);
  return { alice, invitation, statuses, add: () => server.api('POST', memberships, wanted) };
}

onEachEngine('a pending membership', (start) => {
  it('ends when a colleague accepts the invitation, and may be made anew', async () => {
    await using server = await start();
    const { invitation, statuses, add } = await invited(server);
    assert.equal((await add()).json.code, 'cannot_reactivate_pending_organization_membership');
    const bob = await server.create.user({
      email: 'bob@corp.example',
      email_verified: true,
      password: 'a fine phrase 7',
    });
    const { status, text } = await server.token({
      grant_type: 'password',
      email: bob.email,
      password: 'a fine phrase 7',
      invitation_token: invitation.token,
    });
    assert.equal(status, 200, text);
    assert.deepEqual(await statuses(), []);
    assert.deepEqual([(await add()).status, await statuses()], [201, ['active']]);
  });

  it('keeps nobody from being added once the invitation has run out', async () => {
    await using server = await start();
    const { statuses, add } = await invited(server);
    server.clock.advance(8 * 24 * 3600);
    assert.deepEqual([(await add()).status, await statuses()], [201, ['active']]);
  });

  it('keeps nobody from being added whose address has changed, once the invitation was revoked', async () => {
    await using server = await start();
    const { alice, invitation, statuses, add } = await invited(server);
    await server.api('PUT', `/user_management/users/${alice.id}`, { email: 'alice@elsewhere.example' });
    assert.equal((await server.api('POST', `${invitations}/${invitation.id}/revoke`)).status, 200);
    assert.deepEqual([(await add()).status, await statuses()], [201, ['active']]);
  });
});
