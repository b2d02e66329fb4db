import assert from 'node:assert/strict';
import { it } from 'node:test';
import { systemTenant } from '../../src/core/index.ts';
import { deactivateConnection, deleteConnection, updateConnection } from '../../src/sso/connections.ts';
import { claimsOf, goodPassword, onEachEngine, type TestServer } from '../harness.ts';
import { startOidcProvider } from '../oidc-provider.ts';
import { makeInvitation, makeMember, makeOrganization, membershipsOf } from './organization-steps.ts';
import { connect, departureOf, selecting, signInByAddress, signInByConnection } from './sso-steps.ts';
import { byCode, byRefresh, changeSettings, codeOf, eventsNamed, makeUser } from './steps.ts';

const ada = { sub: 'ada-1', email: 'ada@acme.com', given_name: 'Ada', family_name: 'Lovelace', groups: ['maths'] };

const tenantOf = (server: TestServer) => systemTenant(server.environmentId);

onEachEngine('signing in at an organization’s identity provider', (start) => {
  it('leads a work address to its provider and back to the app, as a new member', async () => {
    await using server = await start();
    await using provider = await startOidcProvider();
    const { organization, connectionId } = await connect(server, provider);
    provider.person = ada;
    const { done } = await signInByAddress(server, provider, 'ada@ACME.com', { authorize: { state: 'x' } });
    assert.equal(done.location?.searchParams.get('state'), 'x');
    const { status, json } = await server.token(byCode(codeOf(done)));
    assert.equal(status, 200);
    assert.deepEqual(
      [json.authentication_method, json.organization_id, json.user.email, json.user.email_verified],
      ['SSO', organization.id, 'ada@acme.com', true],
    );
    assert.deepEqual([json.user.first_name, json.user.last_name], ['Ada', 'Lovelace']);
    const [membership] = await membershipsOf(server, `user_id=${json.user.id}`);
    assert.deepEqual([membership.status, membership.organization_id], ['active', organization.id]);
    assert.equal(provider.asked?.get('login_hint'), 'ada@acme.com');
    assert.equal(provider.asked?.get('code_challenge_method'), 'S256');
    const sso = { organization_id: organization.id, connection_id: connectionId, session_id: null };
    const [started] = await eventsNamed(server, 'authentication.sso_started');
    const [succeeded] = await eventsNamed(server, 'authentication.sso_succeeded');
    assert.deepEqual([started?.sso, succeeded?.sso, succeeded?.user_id], [sso, sso, json.user.id]);
  });

  it('leads a work address there from the form that signs up, too, and makes no account of its own', async () => {
    await using server = await start();
    await using provider = await startOidcProvider();
    await connect(server, provider);
    provider.person = ada;
    const browser = server.browser();
    await browser.open(server.authorizeUrl({ screen_hint: 'sign-up' }));
    const answer = await browser.submit({ email: ada.email, password: goodPassword }, '/sign-up');
    assert.equal(departureOf(answer).origin, new URL(provider.issuer).origin);
    assert.deepEqual((await server.api('GET', '/user_management/users')).json.data, []);
  });

  it('knows people by the provider’s own name for them, and follows what it calls them', async () => {
    await using server = await start();
    await using provider = await startOidcProvider();
    const { connectionId } = await connect(server, provider);
    provider.person = ada;
    const first = await server.token(byCode(codeOf((await signInByAddress(server, provider, ada.email)).done)));
    provider.person = { ...ada, email: 'ada.king@acme.com', family_name: 'King' };
    const { done } = await signInByConnection(server, provider, { connection_id: connectionId });
    const { json } = await server.token(byCode(codeOf(done)));
    assert.deepEqual(
      [json.user.id, json.user.email, json.user.last_name],
      [first.json.user.id, 'ada@acme.com', 'King'],
    );
    // Somebody else with that address at the provider is somebody else only where nobody has it here.
    provider.person = { sub: 'grace-1', email: 'grace@acme.com' };
    const other = await signInByConnection(server, provider, { connection_id: connectionId });
    assert.notEqual((await server.token(byCode(codeOf(other.done)))).json.user.id, json.user.id);
  });

  it('reads a thin ID token’s address from userinfo', async () => {
    await using server = await start();
    await using provider = await startOidcProvider();
    const { connectionId } = await connect(server, provider);
    provider.person = { sub: 'ada-1' };
    provider.userInfo = { email: 'ada@acme.com', given_name: 'Ada' };
    const { done } = await signInByConnection(server, provider, { connection_id: connectionId });
    assert.equal((await server.token(byCode(codeOf(done)))).json.user.email, 'ada@acme.com');
  });

  it('goes by the domain alone: a known and an unknown address are led there alike, and others are not', async () => {
    await using server = await start();
    await using provider = await startOidcProvider();
    await connect(server, provider);
    await makeUser(server, { email: 'known@acme.com' });
    for (const email of ['known@acme.com', 'unknown@acme.com']) {
      const browser = server.browser();
      await browser.open(server.authorizeUrl());
      const leaving = await browser.submit({ email }, '/sign-in?');
      assert.equal(departureOf(leaving).origin, provider.issuer, email);
    }
    const browser = server.browser();
    await browser.open(server.authorizeUrl());
    await browser.submit({ email: 'ada@sub.acme.com' }, '/sign-in?');
    assert.match(browser.path, /^\/sign-in\/password/);
  });

  it('takes a connection, or an organization alone, from the app, and tells it what is wrong with them', async () => {
    await using server = await start();
    await using provider = await startOidcProvider();
    const { organization, connectionId } = await connect(server, provider);
    const idle = await connect(server, provider, { name: 'Idle', domain: 'idle.com' });
    await deactivateConnection(server.running.services, tenantOf(server), idle.connectionId);
    provider.person = ada;
    const selectors: Record<string, string>[] = [{ connection_id: connectionId }, { organization_id: organization.id }];
    for (const selector of selectors) {
      const { done } = await signInByConnection(server, provider, selector);
      const { json } = await server.token(byCode(codeOf(done)));
      assert.equal(json.organization_id, organization.id);
    }
    const errors: [Record<string, string>, string][] = [
      [{ connection_id: 'conn_none' }, 'connection_invalid'],
      [{ connection_id: idle.connectionId }, 'connection_unlinked'],
      [{ organization_id: 'org_none' }, 'organization_invalid'],
      [{ organization_id: idle.organization.id }, 'organization_invalid'],
      [{ connection_id: connectionId, provider: 'GoogleOAuth' }, 'ambiguous_connection_selector'],
      [{ connection_id: connectionId, organization_id: organization.id }, 'ambiguous_connection_selector'],
      [{}, 'invalid_connection_selector'],
    ];
    for (const [selector, error] of errors) {
      const { location } = await server.browser().open(selecting(server, { ...selector, state: 's' }));
      assert.deepEqual([location?.searchParams.get('error'), location?.searchParams.get('state')], [error, 's'], error);
    }
  });

  it('tells the app, or the person at our page, when the provider says no, fails, or is away', async () => {
    await using server = await start();
    const provider = await startOidcProvider();
    const { connectionId } = await connect(server, provider);
    provider.person = null;
    const refused = await signInByConnection(server, provider, { connection_id: connectionId });
    assert.equal(refused.done.location?.searchParams.get('error'), 'access_denied');
    const { browser } = await signInByAddress(server, provider, ada.email);
    assert.match(browser.path, /^\/sign-in\?/);
    assert.match(browser.text, /Acme did not let you in/);
    provider.person = ada;
    provider.lies = { nonce: 'another' };
    const failed = await signInByConnection(server, provider, { connection_id: connectionId });
    assert.equal(failed.done.location?.searchParams.get('error'), 'oauth_failed');
    const departure = departureOf(await server.browser().open(selecting(server, { connection_id: connectionId })));
    assert.equal(departure.origin, provider.issuer);
    await provider[Symbol.asyncDispose]();
    const failures = await eventsNamed(server, 'authentication.sso_failed');
    assert.deepEqual(
      failures.map(({ error }) => (error as { code: string }).code),
      ['access_denied', 'access_denied', 'oauth_failed'],
    );
  });

  it('believes an address only of a domain that the organization has proved', async () => {
    await using server = await start();
    await using provider = await startOidcProvider();
    const { connectionId } = await connect(server, provider);
    const victim = await makeUser(server, { email: 'victim@example.com' });
    provider.person = { sub: 'mallory', email: 'victim@example.com' };
    const { done } = await signInByConnection(server, provider, { connection_id: connectionId });
    assert.equal(done.location?.searchParams.get('error'), 'profile_not_allowed_outside_organization');
    // A domain that is claimed and not proved is nobody's.
    const pending = await connect(server, provider, {
      name: 'Claims',
      domain: null,
      more: { domains: ['example.com'] },
    });
    const claimed = await signInByConnection(server, provider, { connection_id: pending.connectionId });
    assert.equal(claimed.done.location?.searchParams.get('error'), 'profile_not_allowed_outside_organization');
    assert.deepEqual(await membershipsOf(server, `user_id=${victim.id}`), []);
  });

  it('lets a guest in by a code to their inbox, into that organization alone', async () => {
    await using server = await start();
    await using provider = await startOidcProvider();
    const { organization, connectionId } = await connect(server, provider);
    const bob = await makeUser(server, { email: 'bob@example.com' });
    await makeMember(server, bob.id, organization.id);
    const elsewhere = await connect(server, provider, { name: 'Elsewhere', domain: 'elsewhere.com' });
    await makeMember(server, bob.id, elsewhere.organization.id);
    provider.person = { sub: 'bob-1', email: 'bob@example.com' };
    const { browser, done } = await signInByConnection(server, provider, { connection_id: connectionId });
    // An app that names the connection asks for what is missing itself.
    const stepUp = await server.token(byCode(codeOf(done)));
    assert.equal(stepUp.json.code, 'email_verification_required');
    const finished = await server.token({
      grant_type: 'urn:workos:oauth:grant-type:email-verification:code',
      code: await server.codeFor('bob@example.com'),
      pending_authentication_token: stepUp.json.pending_authentication_token,
    });
    assert.deepEqual([finished.status, finished.json.organization_id], [200, organization.id], finished.text);
    assert.equal(finished.json.authentication_method, 'SSO');
    const switched = await server.token(
      byRefresh(finished.json.refresh_token, { organization_id: elsewhere.organization.id }),
    );
    assert.equal(switched.json.error, 'organization_authentication_methods_required', switched.text);
    // Known from now on, without a code.
    const again = await signInByConnection(server, provider, { connection_id: connectionId }, browser);
    const { json } = await server.token(byCode(codeOf(again.done)));
    assert.deepEqual([json.user?.id, json.organization_id], [bob.id, organization.id]);
    // The account is theirs and not the organization's, and the other organization is another's.
    const account = await browser.open(`/account?client_id=${server.clientId}`);
    assert.doesNotMatch(account.text, /bob@example\.com/);
    const other = await browser.open(server.authorizeUrl({ organization_id: elsewhere.organization.id }));
    assert.equal(other.location, null);
    assert.match(browser.path, /^\/sign-in\/method/);
  });

  it('lets an invited guest in, and nobody who was not asked', async () => {
    await using server = await start();
    await using provider = await startOidcProvider();
    const { organization, connectionId } = await connect(server, provider);
    const invitation = await makeInvitation(server, 'guest@example.com', { organization_id: organization.id });
    provider.person = { sub: 'guest-1', email: 'guest@example.com' };
    const without = await signInByConnection(server, provider, { connection_id: connectionId });
    assert.equal(without.done.location?.searchParams.get('error'), 'profile_not_allowed_outside_organization');
    const selector = { connection_id: connectionId, invitation_token: invitation.token };
    const { done } = await signInByConnection(server, provider, selector);
    const stepUp = await server.token(byCode(codeOf(done)));
    assert.equal(stepUp.json.code, 'email_verification_required', stepUp.text);
    const finished = await server.token({
      grant_type: 'urn:workos:oauth:grant-type:email-verification:code',
      code: await server.codeFor('guest@example.com'),
      pending_authentication_token: stepUp.json.pending_authentication_token,
    });
    assert.deepEqual([finished.status, finished.json.organization_id], [200, organization.id], finished.text);
  });

  it('empties an account that somebody made before with an address they had not proved', async () => {
    await using server = await start();
    await using provider = await startOidcProvider();
    const { connectionId } = await connect(server, provider);
    await changeSettings(server, { requireEmailVerification: false });
    await server.create.user({ email: ada.email, password: goodPassword });
    const mallory = await server.token({ grant_type: 'password', email: ada.email, password: goodPassword });
    assert.equal(mallory.status, 200);
    provider.person = ada;
    const { done } = await signInByConnection(server, provider, { connection_id: connectionId });
    assert.equal((await server.token(byCode(codeOf(done)))).json.user.id, mallory.json.user.id);
    assert.equal((await server.token(byRefresh(mallory.json.refresh_token))).json.error, 'invalid_grant');
    const password = await server.token({ grant_type: 'password', email: ada.email, password: goodPassword });
    assert.equal(password.json.code, 'invalid_credentials');
  });

  it('makes members only where the organization wants it', async () => {
    await using server = await start();
    await using provider = await startOidcProvider();
    const { organization, connectionId } = await connect(server, provider);
    await makeUser(server, { email: ada.email });
    await setPolicy(server, organization.id, { join_by_sso: false, join_by_domain: false });
    provider.person = ada;
    const browser = server.browser();
    const { done } = await signInByConnection(server, provider, { connection_id: connectionId }, browser);
    const { json } = await server.token(byCode(codeOf(done)));
    assert.equal(json.error, 'organization_membership_not_found');
  });

  it('lets its own people in without a second factor of ours, and asks for it elsewhere', async () => {
    await using server = await start();
    await using provider = await startOidcProvider();
    const { organization, connectionId } = await connect(server, provider);
    const other = await connect(server, provider, { name: 'Other', domain: 'other.com' });
    const user = await makeUser(server, { email: ada.email });
    await makeMember(server, user.id, other.organization.id);
    await changeSettings(server, { mfa: 'required' });
    provider.person = ada;
    const { done } = await signInByConnection(server, provider, { connection_id: connectionId });
    const { json } = await server.token(byCode(codeOf(done)));
    assert.equal(json.organization_id, organization.id);
    const switched = await server.token(byRefresh(json.refresh_token, { organization_id: other.organization.id }));
    assert.equal(switched.json.error, 'mfa_enrollment', switched.text);
  });

  it('ends what hangs from a connection when it is switched off or deleted, and from its organization', async () => {
    await using server = await start();
    await using provider = await startOidcProvider();
    const { services } = server.running;
    const ends: ((id: string, organizationId: string) => Promise<unknown>)[] = [
      (id) => deactivateConnection(services, tenantOf(server), id),
      (id) => deleteConnection(services, tenantOf(server), id),
      (_id, organizationId) => server.api('DELETE', `/organizations/${organizationId}`),
    ];
    for (const [index, end] of ends.entries()) {
      const domain = `acme${index}.com`;
      const { organization, connectionId } = await connect(server, provider, { domain });
      provider.person = { sub: 'ada-1', email: `ada@${domain}` };
      const { browser, done } = await signInByConnection(server, provider, { connection_id: connectionId });
      const { json } = await server.token(byCode(codeOf(done)));
      const waiting = codeOf(await browser.open(server.authorizeUrl()));
      const underWay = await server.browser().open(selecting(server, { connection_id: connectionId }));
      await end(connectionId, organization.id);
      assert.equal((await server.token(byRefresh(json.refresh_token))).json.error, 'invalid_grant');
      assert.equal((await server.token(byCode(waiting))).json.error, 'invalid_grant');
      await browser.open(server.authorizeUrl({ prompt: 'none' })).then(({ location }) => {
        assert.equal(location?.searchParams.get('error'), 'login_required');
      });
      const late = await browser.open((await provider.answer(departureOf(underWay))).href);
      assert.equal(late.status, 400);
    }
    const [deactivated] = await eventsNamed(server, 'connection.deactivated');
    assert.equal(deactivated?.state, 'inactive');
    assert.equal((await eventsNamed(server, 'connection.deleted')).length, 2);
  });

  it('does not finish a sign-in whose connection was switched off on the way', async () => {
    await using server = await start();
    await using provider = await startOidcProvider();
    const { connectionId } = await connect(server, provider, { more: { allow_profiles_outside_organization: true } });
    provider.person = { sub: 'guest-1', email: 'guest@example.com' };
    const { browser } = await signInByAddress(server, provider, ada.email);
    assert.match(browser.path, /^\/verify-email/);
    await deactivateConnection(server.running.services, tenantOf(server), connectionId);
    await browser.submit({ code: await server.codeFor('guest@example.com') });
    assert.doesNotMatch(browser.path, /code=/);
    assert.equal((await eventsNamed(server, 'session.created')).length, 0);
  });

  it('gives the roles that the groups of its people are mapped to, from each sign-on on', async () => {
    await using server = await start();
    await using provider = await startOidcProvider();
    const { organization, connectionId } = await connect(server, provider);
    const map = (...groupRoles: { group: string; role: string }[]) =>
      updateConnection(server.running.services, tenantOf(server), connectionId, { groupRoles });
    await map({ group: 'Admins', role: 'admin' }, { group: 'Engineering', role: 'engineer' });
    const comeWith = async (...groups: string[]) => {
      provider.person = { ...ada, groups };
      const { done } = await signInByConnection(server, provider, { connection_id: connectionId });
      const { json } = await server.token(byCode(codeOf(done)));
      const { role, roles } = claimsOf(json.access_token);
      const [membership] = await membershipsOf(server, `user_id=${json.user.id}`);
      assert.deepEqual(
        membership.roles,
        (roles as string[]).map((slug) => ({ slug })),
      );
      assert.equal(role, (roles as string[])[0]);
      return { roles, membership };
    };
    const told = async (what: string) =>
      (await eventsNamed(server, `organization_membership.${what}`)).map(({ roles }) =>
        (roles as { slug: string }[]).map(({ slug }) => slug).join(),
      );
    const { roles, membership } = await comeWith('Everyone', 'Engineering', 'Admins');
    assert.deepEqual([roles, membership.organization_id], [['admin', 'engineer'], organization.id]);
    assert.deepEqual([await told('created'), await told('updated')], [['admin,engineer'], []]);

    const byHand = { role_slug: 'owner' };
    await server.api('PUT', `/user_management/organization_memberships/${membership.id}`, byHand);
    assert.deepEqual((await comeWith('Engineering')).roles, ['engineer'], 'what is mapped counts');
    assert.deepEqual((await comeWith('Engineering')).roles, ['engineer']);
    assert.deepEqual((await comeWith('engineering', 'Engineering ')).roles, ['member'], 'letter by letter');
    assert.deepEqual(await told('updated'), ['owner', 'engineer', 'member'], 'nothing is told where nothing changed');

    await map();
    await server.api('PUT', `/user_management/organization_memberships/${membership.id}`, byHand);
    assert.deepEqual((await comeWith('Admins')).roles, ['owner'], 'where nothing is mapped, it stays as it was given');
  });

  it('gives roles in its own organization alone, to active members alone, and to nobody it may not let in', async () => {
    await using server = await start();
    await using provider = await startOidcProvider();
    const { organization, connectionId } = await connect(server, provider);
    const groupRoles = [{ group: 'Admins', role: 'admin' }];
    await updateConnection(server.running.services, tenantOf(server), connectionId, { groupRoles });
    const user = await makeUser(server, { email: ada.email });
    const other = await makeOrganization(server, 'Other');
    await makeMember(server, user.id, other.id, { role_slug: 'viewer' });
    const here = await makeMember(server, user.id, organization.id, { role_slug: 'viewer' });
    await server.api('PUT', `/user_management/organization_memberships/${here.id}/deactivate`);
    const stranger = await makeUser(server, { email: 'eve@partner.example' });
    await makeMember(server, stranger.id, other.id, { role_slug: 'viewer' });
    for (const person of [ada, { sub: 'eve', email: stranger.email }]) {
      provider.person = { ...person, groups: ['Admins'] };
      const { done } = await signInByConnection(server, provider, { connection_id: connectionId });
      const code = done.location?.searchParams.get('code');
      const answer = code ? await server.token(byCode(code)) : done;
      assert.equal(answer.json?.access_token ?? null, null);
    }
    const all = await Promise.all([user.id, stranger.id].map((id) => membershipsOf(server, `user_id=${id}`)));
    assert.deepEqual(
      all
        .flat()
        .map(({ organization_id: id, status, role }) => `${id === other.id ? 'other' : 'acme'} ${status} ${role.slug}`)
        .sort(),
      ['acme inactive viewer', 'other active viewer', 'other active viewer'],
    );
  });
});

async function setPolicy(server: TestServer, organizationId: string, policy: object): Promise<void> {
  const { updatePolicy } = await import('../../src/organizations/policy.ts');
  const { PolicyChange } = await import('../../src/organizations/policy.schema.ts');
  await updatePolicy(server.running.services, tenantOf(server), organizationId, PolicyChange.parse(policy));
}
