/** Organizations through the official Node SDK, unmodified, told nothing but where we answer. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import * as newest from '@workos-inc/node';
import * as eighth from 'workos-node-8';
import { onEachEngine, type TestServer } from '../harness.ts';

/** The older line has the same names for everything used here. */
const lines = { 'version 11': newest, 'version 8': eighth as unknown as typeof newest };

function workosOf(server: TestServer, sdk: typeof newest): newest.WorkOS {
  const { hostname, port } = new URL(server.url);
  return new sdk.WorkOS(server.apiKey, {
    clientId: server.clientId,
    apiHostname: hostname,
    port: Number(port),
    https: false,
  });
}

for (const [line, sdk] of Object.entries(lines)) {
  onEachEngine(`organizations by the official SDK, ${line}`, (start) => {
    it('are made and run', async () => {
      await using server = await start();
      const { organizations, userManagement } = workosOf(server, sdk);
      const acme = await organizations.createOrganization({
        name: 'Acme',
        externalId: 'crm-1',
        metadata: { tier: 'gold' },
        domainData: [{ domain: 'acme.com', state: 'verified' as newest.DomainDataState }],
      });
      assert.deepEqual([acme.name, acme.domains[0]?.state, acme.metadata], ['Acme', 'verified', { tier: 'gold' }]);
      assert.equal((await organizations.getOrganizationByExternalId('crm-1')).id, acme.id);
      const renamed = await organizations.updateOrganization({ organization: acme.id, name: 'Acme Ltd' });
      assert.equal(renamed.name, 'Acme Ltd');
      const listed = await organizations.listOrganizations({ domains: ['acme.com', 'other.com'] });
      assert.deepEqual(
        listed.data.map(({ id }) => id),
        [acme.id],
      );

      const user = await userManagement.createUser({ email: 'grace@acme.com', emailVerified: true });
      const ids = { userId: user.id, organizationId: acme.id };
      const membership = await userManagement.createOrganizationMembership({ ...ids, roleSlug: 'admin' });
      assert.deepEqual([membership.status, membership.role], ['active', { slug: 'admin' }]);
      await userManagement.deactivateOrganizationMembership(membership.id);
      const inactive = await userManagement.listOrganizationMemberships({
        organizationId: acme.id,
        statuses: ['active', 'inactive'],
      });
      assert.deepEqual(
        inactive.data.map(({ id, status }) => [id, status]),
        [[membership.id, 'inactive']],
      );
      await userManagement.reactivateOrganizationMembership(membership.id);
      assert.equal((await userManagement.listUsers({ organizationId: acme.id })).data[0]?.id, user.id);
      await userManagement.deleteOrganizationMembership(membership.id);
      await assert.rejects(userManagement.getOrganizationMembership(membership.id), { status: 404 });

      const sent = await userManagement.sendInvitation({ email: 'grace@acme.com', organizationId: acme.id });
      assert.deepEqual([sent.state, (await userManagement.findInvitationByToken(sent.token)).id], ['pending', sent.id]);
      // The SDK sends an empty body under a JSON content type.
      assert.equal((await userManagement.acceptInvitation(sent.id)).state, 'accepted');
      const other = await userManagement.sendInvitation({ email: 'alan@acme.com', expiresInDays: 2 });
      assert.equal((await userManagement.resendInvitation(other.id)).id, other.id);
      assert.equal((await userManagement.revokeInvitation(other.id)).state, 'revoked');
      await organizations.deleteOrganization(acme.id);
      await assert.rejects(organizations.getOrganization(acme.id), { status: 404 });
    });
  });
}

onEachEngine('the waitlist by the official SDK', (start) => {
  it('is run by it', async () => {
    await using server = await start();
    const { userManagement } = workosOf(server, newest);
    const entry = await userManagement.createWaitlistEntry('default', { email: 'ada@acme.com' });
    assert.deepEqual([entry.state, entry.email], ['pending', 'ada@acme.com']);
    const [waitlist, ...others] = (await userManagement.listWaitlists()).data;
    assert.deepEqual([waitlist?.object, waitlist?.id, others], ['waitlist', entry.waitlistId, []]);
    for (const id of ['default', waitlist?.id ?? '']) assert.deepEqual(await userManagement.getWaitlist(id), waitlist);
    await assert.rejects(userManagement.getWaitlist('waitlist_of_others'), { status: 404 });
    const list = async (query: string) => server.api('GET', `/user_management/waitlists${query}`);
    assert.deepEqual((await list(`?after=${waitlist?.id}`)).json.data, []);
    assert.equal((await list('?after=waitlist_of_others')).status, 422);
    const { data } = await userManagement.listWaitlistEntries('default', { state: 'pending' });
    assert.deepEqual(data, [entry]);
    assert.equal((await userManagement.approveWaitlistEntry(entry.id)).state, 'approved');
    assert.ok((await userManagement.listInvitations({ email: 'ada@acme.com' })).data[0]);
    const second = await userManagement.createWaitlistEntry('default', { email: 'alan@acme.com' });
    assert.equal((await userManagement.denyWaitlistEntry(second.id)).state, 'denied');
    await userManagement.deleteWaitlistEntry(second.id);
    assert.equal((await userManagement.listWaitlistEntries('default')).data.length, 1);
  });
});
