/** Who was invited and has not accepted is a pending member, for as long as there is something to accept. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { changeSettings, eventsNamed } from '../../test/flows/steps.ts';
import { onEachEngine, type TestServer } from '../../test/harness.ts';
import { keepHouse } from '../keep-house.ts';

const memberships = '/user_management/organization_memberships';
const invitations = '/user_management/invitations';
const every = 'statuses=active,inactive,pending';
const eightDays = 8 * 24 * 3600;

async function invited(server: TestServer) {
  const alice = await server.create.user({ email: 'alice@corp.example', email_verified: true });
  const { json: organization } = await server.api('POST', '/organizations', { name: 'Corp' });
  const body = { email: alice.email, organization_id: organization.id };
  const { json: invitation } = await server.api('POST', invitations, body);
  const wanted = { user_id: alice.id, organization_id: organization.id };
  const listed = async (): Promise<{ id: string; status: string; roles: { slug: string }[] }[]> =>
    (await server.api('GET', `${memberships}?user_id=${alice.id}&${every}`)).json.data;
  const statuses = async (): Promise<string[]> => (await listed()).map(({ status }) => status);
  assert.deepEqual(await statuses(), ['pending']);
  return {
    alice,
    organization,
    invitation,
    listed,
    statuses,
    add: () => server.api('POST', memberships, wanted),
    invite: (more = {}) => server.api('POST', invitations, { ...body, ...more }),
  };
}

/** What was told of memberships: how many came, were changed, and went. */
async function told(server: TestServer): Promise<number[]> {
  const names = ['created', 'updated', 'deleted'].map((what) => `organization_membership.${what}`);
  return Promise.all(names.map(async (name) => (await eventsNamed(server, name)).length));
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

  it('becomes the active one by the invitation that made it', async () => {
    await using server = await start();
    const { invitation, listed } = await invited(server);
    const [before] = await listed();
    assert.equal((await server.api('POST', `${invitations}/${invitation.id}/accept`)).status, 200);
    const [after, ...more] = await listed();
    assert.deepEqual([after?.id, after?.status, more], [before?.id, 'active', []]);
    assert.deepEqual(await told(server), [1, 1, 0]);
  });

  it('is nowhere once the invitation has run out, and nobody can do anything with it', async () => {
    await using server = await start();
    const { alice, organization, listed } = await invited(server);
    const [{ id } = { id: '' }] = await listed();
    server.clock.advance(eightDays);
    for (const query of [`user_id=${alice.id}`, `organization_id=${organization.id}`])
      assert.deepEqual((await server.api('GET', `${memberships}?${query}&${every}`)).json.data, [], query);
    for (const [method, path] of [
      ['GET', id],
      ['PUT', id],
      ['PUT', `${id}/deactivate`],
      ['PUT', `${id}/reactivate`],
      ['DELETE', id],
    ] as const)
      assert.equal(
        (await server.api(method, `${memberships}/${path}`, method === 'PUT' ? {} : undefined)).status,
        404,
        `${method} ${path}`,
      );
  });

  it('is told to have ended when its invitation has run out, once', async () => {
    await using server = await start();
    const { services } = server.running;
    const { listed } = await invited(server);
    const [{ id } = { id: '' }] = await listed();
    await keepHouse(services);
    assert.deepEqual(await told(server), [1, 0, 0], 'it goes on as long as the invitation');
    server.clock.advance(eightDays);
    await Promise.all([keepHouse(services), keepHouse(services)]);
    assert.deepEqual(await told(server), [1, 0, 1]);
    assert.deepEqual(
      (await eventsNamed(server, 'organization_membership.deleted')).map((data) => [data.id, data.status]),
      [[id, 'pending']],
    );
  });

  it('takes no place in a page, and a list goes on after one that was on it', async () => {
    await using server = await start();
    const { json: organization } = await server.api('POST', '/organizations', { name: 'Corp' });
    const add = async (n: number) => {
      const { id, email } = await server.create.user({ email: `n${n}@corp.example`, email_verified: true });
      server.clock.advance(1);
      const isMember = n % 2 === 1;
      const wanted = isMember ? { user_id: id } : { email, expires_in_days: 1 };
      const answer = await server.api('POST', isMember ? memberships : invitations, {
        ...wanted,
        organization_id: organization.id,
      });
      assert.equal(answer.status, 201, answer.text);
      return email;
    };
    for (let n = 1; n <= 6; n++) await add(n);
    const list = async (more: string) =>
      (await server.api('GET', `${memberships}?organization_id=${organization.id}&${every}&order=asc&${more}`)).json;
    const emailsOf = (page: { data: { user: { email: string } }[] }) => page.data.map(({ user }) => user.email);
    const first = await list('limit=2');
    assert.deepEqual(emailsOf(first), ['n1@corp.example', 'n2@corp.example']);
    server.clock.advance(2 * 24 * 3600);
    assert.deepEqual(emailsOf(await list('limit=2')), ['n1@corp.example', 'n3@corp.example']);
    const next = await list(`limit=2&after=${first.list_metadata.after}`);
    assert.deepEqual(emailsOf(next), ['n3@corp.example', 'n5@corp.example']);
  });

  it('keeps nobody from being added or invited again once the invitation has run out, and says what happened', async () => {
    await using server = await start();
    const { listed, statuses, add, invite } = await invited(server);
    const [first] = await listed();
    server.clock.advance(eightDays);
    const again = await invite({ role_slug: 'admin' });
    assert.equal(again.status, 201, again.text);
    const [second, ...more] = await listed();
    assert.deepEqual([second?.status, second?.roles, more], ['pending', [{ slug: 'admin' }], []]);
    assert.notEqual(second?.id, first?.id);
    assert.deepEqual(await told(server), [2, 0, 1]);
    server.clock.advance(eightDays);
    assert.deepEqual([(await add()).status, await statuses()], [201, ['active']]);
    assert.deepEqual((await listed())[0]?.roles, [{ slug: 'member' }], 'what was offered once is no role of theirs');
    assert.deepEqual(await told(server), [3, 0, 2]);
  });

  it('is no way in for the link of an invitation that has run out', async () => {
    await using server = await start();
    const { alice, invitation, statuses } = await invited(server);
    await changeSettings(server, { sessionMaxSeconds: 40 * 24 * 3600 });
    server.clock.advance(eightDays);
    await server.api('PUT', `/user_management/users/${alice.id}`, { password: 'a fine phrase 7' });
    const answer = await server.token({
      grant_type: 'password',
      email: alice.email,
      password: 'a fine phrase 7',
      invitation_token: invitation.token,
    });
    assert.equal(answer.json.code, 'invitation_invalid');
    assert.deepEqual(await statuses(), []);
  });

  it('ends with the address that was invited, and its invitation goes on for whoever has that', async () => {
    await using server = await start();
    const { alice, invitation, statuses, add } = await invited(server);
    await server.api('PUT', `/user_management/users/${alice.id}`, { email: 'alice@elsewhere.example' });
    assert.deepEqual(await statuses(), []);
    assert.equal((await server.api('GET', `${invitations}/${invitation.id}`)).json.state, 'pending');
    assert.equal((await server.api('POST', `${invitations}/${invitation.id}/revoke`)).status, 200);
    assert.deepEqual([(await add()).status, await statuses()], [201, ['active']]);
    assert.deepEqual(await told(server), [2, 0, 1]);
  });

  it('ends with its invitation, and takes it along', async () => {
    await using server = await start();
    const { invitation, listed, statuses, invite } = await invited(server);
    assert.equal((await server.api('POST', `${invitations}/${invitation.id}/revoke`)).status, 200);
    assert.deepEqual(await statuses(), []);
    const again = (await invite()).json;
    assert.equal((await server.api('DELETE', `${memberships}/${(await listed())[0]?.id}`)).status, 200);
    assert.equal((await server.api('GET', `${invitations}/${again.id}`)).json.state, 'revoked');
  });

  it('is made once and ended once by an invitation and a clean-up at the same time', async () => {
    await using server = await start();
    const { statuses, invite } = await invited(server);
    server.clock.advance(eightDays);
    const [one, two] = await Promise.all([invite(), invite(), keepHouse(server.running.services)]);
    assert.deepEqual([one.status, two.status].sort(), [201, 400]);
    assert.deepEqual(await statuses(), ['pending']);
    assert.deepEqual(await told(server), [2, 0, 1]);
  });
});
