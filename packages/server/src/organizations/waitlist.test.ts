import assert from 'node:assert/strict';
import { it } from 'node:test';
import { eventsNamed, makeUser, otherEnvironment } from '../../test/flows/steps.ts';
import { type Answer, onEachEngine } from '../../test/harness.ts';

const list = '/user_management/waitlists/default/entries';
const entries = '/user_management/waitlist_entries';
const codeOf = ({ status, json }: Answer): unknown[] => [status, json.code];

onEachEngine('the waitlist', (start) => {
  it('takes an address once, and is answered as it is afterwards', async () => {
    await using server = await start();
    const fields = { additional_fields: { company: 'Acme' } };
    const made = await Promise.all(
      Array.from({ length: 5 }, () => server.api('POST', list, { email: 'Ada@Acme.com', ...fields })),
    );
    const [{ json: entry }] = made as [Answer];
    assert.deepEqual(new Set(made.map(({ status }) => status)), new Set([201]));
    assert.deepEqual(new Set(made.map(({ json }) => json.id)).size, 1);
    assert.deepEqual(entry, {
      object: 'waitlist_user',
      id: entry.id,
      email: 'Ada@acme.com',
      state: 'pending',
      approved_at: null,
      waitlist_id: server.environmentId.replace('environment_', 'waitlist_'),
      additional_fields: { company: 'Acme' },
      created_at: entry.created_at,
      updated_at: entry.created_at,
    });
    assert.deepEqual(await eventsNamed(server, 'waitlist_user.created'), [entry]);
    assert.deepEqual((await server.api('GET', `${list}?state=pending&email=ADA@acme.com`)).json.data, [entry]);
    assert.deepEqual((await server.api('GET', `${list}?state=denied`)).json.data, []);
    assert.equal((await server.api('POST', list, { email: 'no address' })).status, 422);
    const user = await makeUser(server);
    assert.equal((await server.api('POST', list, { email: user.email })).status, 422, 'has an account');
    const told = { email: 'alan@acme.com', send_confirmation_email: true };
    for (let count = 0; count < 2; count++) await server.api('POST', list, told);
    const mails = await server.mails('alan@acme.com');
    assert.deepEqual(
      mails.map(({ subject }) => subject),
      ['You are on the waitlist for Your app'],
    );
    assert.equal((await server.mails('Ada@acme.com')).length, 0);
    await server.api(
      'DELETE',
      `${entries}/${(await server.api('GET', `${list}?email=alan@acme.com`)).json.data[0].id}`,
    );
    const byId = `/user_management/waitlists/${entry.waitlist_id}/entries`;
    assert.deepEqual((await server.api('GET', byId)).json.data, [entry]);
    assert.equal((await server.api('GET', '/user_management/waitlists/waitlist_other/entries')).status, 404);
  });

  it('lets somebody in by an invitation, mailed once however often it is approved', async () => {
    await using server = await start();
    const { json: entry } = await server.api('POST', list, { email: 'ada@acme.com' });
    const made = await Promise.all(
      Array.from({ length: 5 }, () => server.api('POST', `${entries}/${entry.id}/approve`)),
    );
    assert.deepEqual(made.map(({ status }) => status).sort(), [200, ...Array(4).fill(422)]);
    const approved = made.find(({ status }) => status === 200)?.json;
    assert.deepEqual([approved.state, typeof approved.approved_at], ['approved', 'string']);
    const [invitation, ...more] = (await server.api('GET', '/user_management/invitations')).json.data;
    assert.deepEqual([invitation.email, invitation.organization_id, more.length], ['ada@acme.com', null, 0]);
    assert.equal((await server.mails('ada@acme.com')).length, 1);
    assert.deepEqual(codeOf(await server.api('POST', `${entries}/${entry.id}/deny`)), [
      422,
      'waitlist_entry_not_pending',
    ]);
    assert.equal((await eventsNamed(server, 'waitlist_user.approved')).length, 1);
    assert.equal((await server.api('DELETE', `${entries}/${entry.id}`)).status, 204);
    assert.equal((await server.api('DELETE', `${entries}/${entry.id}`)).status, 404);
    assert.equal((await server.api('GET', `/user_management/invitations/${invitation.id}`)).json.state, 'pending');
  });

  it('turns somebody down without a word, and may change its mind', async () => {
    await using server = await start();
    const { json: entry } = await server.api('POST', list, { email: 'ada@acme.com' });
    assert.equal((await server.api('POST', `${entries}/${entry.id}/deny`)).json.state, 'denied');
    assert.equal((await server.mails('ada@acme.com')).length, 0);
    assert.equal((await eventsNamed(server, 'waitlist_user.denied')).length, 1);
    assert.equal((await server.api('POST', `${entries}/${entry.id}/deny`)).status, 422);
    assert.equal((await server.api('POST', `${entries}/${entry.id}/approve`)).json.state, 'approved');
    const other = await otherEnvironment(server);
    const foreign = { authorization: `Bearer ${other.apiKey}` };
    assert.deepEqual((await server.api('GET', list, undefined, foreign)).json.data, []);
    for (const what of ['approve', 'deny'])
      assert.equal((await server.api('POST', `${entries}/${entry.id}/${what}`, undefined, foreign)).status, 404);
    await makeUser(server, { email: 'ada@acme.com' }).then(({ id }) =>
      server.api('DELETE', `/user_management/users/${id}`),
    );
    assert.deepEqual((await server.api('GET', list)).json.data, [], 'goes with the account');
  });
});
