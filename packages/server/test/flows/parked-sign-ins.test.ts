/** A sign-in that somebody leaves open half-way, and what must end it. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { sql, systemTenant } from '../../src/core/index.ts';
import { signOutDevice } from '../../src/sessions/index.ts';
import { goodPassword, onEachEngine, type TestBrowser, type TestServer } from '../harness.ts';
import { afterPassword, makeProtected } from './mfa-steps.ts';
import { makeMember, makeMemberOf, makeOrganization } from './organization-steps.ts';
import { asOperator, becomeOwner, byCode, signIn, silentCode, waysIn } from './steps.ts';

/** A browser that is signed in, and a sign-in to another app in it that waits for a choice. */
async function parkedAtChoice(server: TestServer) {
  const { user, organizations } = await makeMemberOf(server, ['Acme']);
  const { browser, code } = await signIn(server, user.email);
  await server.token(byCode(code));
  // They were in Acme, which they have left since; of the two others one has to be chosen.
  const others = [await makeOrganization(server, 'Beta'), await makeOrganization(server, 'Gamma')];
  for (const { id } of others) await makeMember(server, user.id, id);
  const { data } = (await server.api('GET', `/user_management/organization_memberships?user_id=${user.id}`)).json;
  const acme = data.find((each: { organization_id: string }) => each.organization_id === organizations[0].id);
  await server.api('DELETE', `/user_management/organization_memberships/${acme.id}`);
  await browser.open(server.authorizeUrl());
  assert.match(browser.path, /^\/organization\?/, browser.path);
  return { user, browser, chosen: others[0].id as string };
}

const choose = (browser: TestBrowser, organization_id: string) => browser.submit({ organization_id }, '/organization');

onEachEngine('a sign-in that goes on from one that the browser had', (start) => {
  it('goes on while that one lasts', async () => {
    await using server = await start();
    const { browser, chosen } = await parkedAtChoice(server);
    assert.ok((await choose(browser, chosen)).location?.searchParams.get('code'));
  });

  it('ends when the person signs out, is signed out on that device, or by an operator', async () => {
    await using server = await start();
    const { services } = server.running;
    const tenant = systemTenant(server.environmentId);
    const ends: readonly ((parked: Awaited<ReturnType<typeof parkedAtChoice>>) => Promise<unknown>)[] = [
      ({ browser }) => signOutHere(browser.clone()),
      async ({ user }) => {
        const { id } = await services.db.one<{ id: string }>(sql`
          select id from browser_sessions where user_id = ${user.id} and ended_at is null`);
        await services.db.transaction((tx) => signOutDevice(services, tx, tenant, user.id, id));
      },
      async ({ user, browser, chosen }) => {
        await server.token(byCode(await silentCode(server, browser.clone(), { organization_id: chosen })));
        const { data } = (await server.api('GET', `/user_management/users/${user.id}/sessions`)).json;
        for (const { id: session_id } of data)
          await server.api('POST', '/user_management/sessions/revoke', { session_id });
      },
    ];
    for (const end of ends) {
      const parked = await parkedAtChoice(server);
      await end(parked);
      const before = await waysIn(server);
      const answer = await choose(parked.browser, parked.chosen);
      assert.equal(answer.location?.searchParams.get('code') ?? null, null);
      assert.match(parked.browser.path, /^\/sign-in\/password/);
      assert.deepEqual(await waysIn(server), before);
      // Whoever can prove who they are goes on in it.
      await parked.browser.submit({ password: goodPassword }, '/sign-in/password');
      assert.ok((await choose(parked.browser, parked.chosen)).location?.searchParams.get('code'));
    }
  });
});

const signOutHere = async (browser: TestBrowser): Promise<void> => {
  await browser.open('/account');
  await browser.submit({}, '/account/sign-out');
};

onEachEngine('a sign-in under way when an operator resets the second factors', (start) => {
  it('has proved nothing any more', async () => {
    await using server = await start();
    const { id, email, app } = await makeProtected(server);
    const [acme, beta] = [await makeOrganization(server, 'Acme'), await makeOrganization(server, 'Beta')];
    for (const organization of [acme, beta]) await makeMember(server, id, organization.id);
    const thief = await afterPassword(server, email);
    await thief.submit({ code: app.code() }, '/mfa?');
    assert.match(thief.path, /^\/organization\?/);
    const owner = await becomeOwner(server);
    const path = `/dashboard/api/users/${id}/auth_factors/reset`;
    assert.equal((await asOperator(server, owner, 'POST', path, { body: {} })).status, 204);
    const before = await waysIn(server);
    const answer = await choose(thief, acme.id);
    assert.equal(answer.location?.searchParams.get('code') ?? null, null);
    assert.match(thief.path, /^\/sign-in/);
    assert.deepEqual(await waysIn(server), before);
  });
});
