import assert from 'node:assert/strict';
import { it } from 'node:test';
import { byRefresh, eventsNamed, makeUser, otherEnvironment } from '../../test/flows/steps.ts';
import { type Answer, onEachEngine, type TestServer } from '../../test/harness.ts';
import { sql, systemTenant } from '../core/index.ts';
import { getEnvironment } from '../environments/index.ts';
import { createSession, refreshToken } from '../sessions/index.ts';
import { findUser, type UserRow } from '../users/index.ts';
import { joinByVerifiedDomain, listActiveMemberships } from './index.ts';

const path = '/user_management/organization_memberships';
const codeOf = ({ status, json }: Answer): unknown[] => [status, json.code];

async function organization(server: TestServer, fields: object = {}): Promise<{ id: string; name: string }> {
  return (await server.api('POST', '/organizations', { name: 'Acme', ...fields })).json;
}

async function member(server: TestServer, user_id: string, organization_id: string, more: object = {}) {
  const answer = await server.api('POST', path, { user_id, organization_id, ...more });
  assert.equal(answer.status, 201, answer.text);
  return answer.json;
}

/** A session of that user in that organization, as a sign-in makes one. @returns its refresh token */
async function sessionIn(server: TestServer, userId: string, organizationId: string | null): Promise<string> {
  const { services } = server.running;
  const { client } = await getEnvironment(services, server.environmentId);
  const session = await services.db.transaction((tx) =>
    createSession(services, tx, systemTenant(server.environmentId), {
      userId,
      client,
      browserSessionId: null,
      organizationId,
      authenticationMethod: 'Password',
      proven: { password: 1 },
      impersonator: null,
      authenticatedAt: services.now(),
      ipAddress: null,
      userAgent: null,
    }),
  );
  return refreshToken(services.vault, server.environmentId, session.id, 0);
}

onEachEngine('memberships', (start) => {
  it('begin, change, rest, go on and end, each with its event', async () => {
    await using server = await start();
    const user = await makeUser(server, { email: 'grace@example.com' });
    const acme = await organization(server);
    const made = await member(server, user.id, acme.id);
    assert.deepEqual(made, {
      object: 'organization_membership',
      id: made.id,
      user_id: user.id,
      organization_id: acme.id,
      organization_name: 'Acme',
      status: 'active',
      directory_managed: false,
      custom_attributes: {},
      role: { slug: 'member' },
      roles: [{ slug: 'member' }],
      user,
      created_at: made.created_at,
      updated_at: made.created_at,
    });
    assert.match(made.id, /^om_[0-9A-Z]{26}$/);
    const one = `${path}/${made.id}`;
    assert.deepEqual((await server.api('GET', one)).json, made);
    server.clock.advance(60);
    const admin = (await server.api('PUT', one, { role_slugs: ['admin', 'billing', 'admin'] })).json;
    assert.deepEqual([admin.role, admin.roles], [{ slug: 'admin' }, [{ slug: 'admin' }, { slug: 'billing' }]]);
    assert.deepEqual((await server.api('PUT', one, {})).json, admin, 'nothing to change');

    const resting = (await server.api('PUT', `${one}/deactivate`)).json;
    assert.equal(resting.status, 'inactive');
    assert.deepEqual((await server.api('PUT', `${one}/deactivate`)).json, resting);
    const back = (await server.api('PUT', `${one}/reactivate`)).json;
    assert.deepEqual([back.status, back.roles], ['active', admin.roles]);
    await server.api('PUT', `${one}/reactivate`);
    await server.api('PUT', `${one}/deactivate`);
    const again = await member(server, user.id, acme.id, { role_slug: 'viewer' });
    assert.deepEqual([again.id, again.status, again.role], [made.id, 'active', { slug: 'viewer' }]);

    const ended = await server.api('DELETE', one);
    assert.deepEqual([ended.status, ended.text], [200, '']);
    for (const [method, at] of [
      ['GET', one],
      ['DELETE', one],
      ['PUT', one],
      ['PUT', `${one}/deactivate`],
    ] as const)
      assert.deepEqual(codeOf(await server.api(method, at)), [404, 'entity_not_found'], `${method} ${at}`);
    const { user: _, ...bare } = made;
    assert.deepEqual(await eventsNamed(server, 'organization_membership.created'), [bare]);
    assert.deepEqual(
      (await eventsNamed(server, 'organization_membership.updated')).map(({ status }) => status),
      ['active', 'inactive', 'active', 'inactive', 'active'],
    );
    assert.equal((await eventsNamed(server, 'organization_membership.deleted')).length, 1);
  });

  it('are refused for who or what is not there, and for roles that are none', async () => {
    await using server = await start();
    const [user, acme] = [await makeUser(server), await organization(server)];
    const other = await otherEnvironment(server);
    const theirs = await server.api('POST', path, undefined, { authorization: `Bearer ${other.apiKey}` });
    assert.equal(theirs.status, 422);
    const ask = (body: object, headers = {}) => server.api('POST', path, body, headers);
    const ids = { user_id: user.id, organization_id: acme.id };
    assert.deepEqual(codeOf(await ask(ids, { authorization: `Bearer ${other.apiKey}` })), [404, 'entity_not_found']);
    assert.deepEqual(codeOf(await ask({ ...ids, user_id: 'user_01ARZ3NDEKTSV4RRFFQ69G5FAV' })), [
      404,
      'entity_not_found',
    ]);
    for (const role_slug of ['', 'Admin', 'a b', '-x', 'x'.repeat(65)])
      assert.deepEqual(codeOf(await ask({ ...ids, role_slug })), [422, 'invalid_role'], role_slug);
    assert.equal((await ask({ ...ids, role_slug: 'a', role_slugs: ['b'] })).status, 422);
    assert.equal((await ask({ ...ids, role_slugs: [] })).status, 422);
    const made = await Promise.all(Array.from({ length: 8 }, () => ask(ids)));
    assert.deepEqual(made.map(({ status }) => status).sort(), [201, ...Array(7).fill(400)]);
    assert.equal((await eventsNamed(server, 'organization_membership.created')).length, 1);
    const membership = made.find(({ status }) => status === 201)?.json;
    const foreign = { authorization: `Bearer ${other.apiKey}` };
    for (const method of ['GET', 'PUT', 'DELETE'])
      assert.equal((await server.api(method, `${path}/${membership.id}`, undefined, foreign)).status, 404, method);
  });

  it('are listed by user, by organization and by status, and users by organization', async () => {
    await using server = await start();
    const [grace, ada] = [await makeUser(server), await makeUser(server)];
    const [acme, globex] = [await organization(server), await organization(server, { name: 'Globex' })];
    const first = await member(server, grace.id, acme.id);
    const second = await member(server, grace.id, globex.id);
    const third = await member(server, ada.id, acme.id);
    await server.api('PUT', `${path}/${third.id}/deactivate`);
    const ids = async (query: string) =>
      (await server.api('GET', `${path}?order=asc&${query}`)).json.data.map(({ id }: { id: string }) => id);
    assert.deepEqual(codeOf(await server.api('GET', path)), [400, 'missing_user_id_or_organization_id']);
    assert.deepEqual(await ids(`user_id=${grace.id}`), [first.id, second.id]);
    assert.deepEqual(await ids(`organization_id=${acme.id}`), [first.id], 'only the active ones');
    assert.deepEqual(await ids(`organization_id=${acme.id}&statuses=active,inactive`), [first.id, third.id]);
    assert.deepEqual(await ids(`organization_id=${acme.id}&statuses=inactive&statuses=pending`), [third.id]);
    assert.deepEqual(await ids(`user_id=${grace.id}&organization_id=${globex.id}`), [second.id]);
    assert.equal((await server.api('GET', `${path}?user_id=${grace.id}&statuses=retired`)).status, 422);
    const users = async (query: string) =>
      (await server.api('GET', `/user_management/users?${query}`)).json.data.map(({ id }: { id: string }) => id);
    assert.deepEqual(await users(`organization_id=${acme.id}`), [grace.id]);
    assert.deepEqual(await users(`organization=${globex.id}`), [grace.id]);
    assert.deepEqual(await users(`organization_id=${acme.id}&email=${ada.email}`), []);
    assert.deepEqual(await users('organization_id=org_unknown'), []);
    assert.deepEqual((await users('')).sort(), [grace.id, ada.id].sort());
  });

  it('end the sessions in the organization with them, and no others', async () => {
    await using server = await start();
    const acme = await organization(server);
    const globex = await organization(server, { name: 'Globex' });
    const ends: [string, (membership: string, userId: string) => Promise<Answer>][] = [
      ['deleted', (id) => server.api('DELETE', `${path}/${id}`)],
      ['deactivated', (id) => server.api('PUT', `${path}/${id}/deactivate`)],
    ];
    const bystander = await makeUser(server);
    await member(server, bystander.id, acme.id);
    const elsewhere = await sessionIn(server, bystander.id, acme.id);
    for (const [name, end] of ends) {
      const user = await makeUser(server);
      const { id } = await member(server, user.id, acme.id);
      await member(server, user.id, globex.id);
      const [inAcme, inGlobex, inNone] = [
        await sessionIn(server, user.id, acme.id),
        await sessionIn(server, user.id, globex.id),
        await sessionIn(server, user.id, null),
      ];
      await end(id, user.id);
      assert.equal((await server.token(byRefresh(inAcme))).json.error, 'invalid_grant', name);
      for (const token of [inGlobex, inNone]) assert.equal((await server.token(byRefresh(token))).status, 200, name);
    }
    assert.equal((await server.token(byRefresh(elsewhere))).status, 200);
    const last = await sessionIn(server, bystander.id, acme.id);
    await server.api('DELETE', `/organizations/${acme.id}`);
    assert.equal((await server.token(byRefresh(last))).json.error, 'invalid_grant');
    assert.deepEqual((await server.api('GET', `${path}?user_id=${bystander.id}`)).json.data, []);
    const reasons = await server.running.services.db.all(sql<{ endReason: string }>`
      select end_reason from sessions where ended_at is not null`);
    assert.deepEqual([...new Set(reasons.map(({ endReason }) => endReason))], ['membership_ended']);
  });

  it('go with the user', async () => {
    await using server = await start();
    const [user, acme] = [await makeUser(server), await organization(server)];
    await member(server, user.id, acme.id);
    await server.api('DELETE', `/user_management/users/${user.id}`);
    assert.equal((await eventsNamed(server, 'organization_membership.deleted')).length, 1);
    assert.deepEqual((await server.api('GET', `${path}?organization_id=${acme.id}`)).json.data, []);
  });
});

onEachEngine('joining by a proved domain', (start) => {
  const join = async (server: TestServer, userId: string) => {
    const { services } = server.running;
    const tenant = systemTenant(server.environmentId);
    return services.db.transaction(async (tx) => {
      const user = (await findUser(tx, tenant, userId)) as UserRow;
      return joinByVerifiedDomain(services, tx, tenant, user);
    });
  };

  it('takes a verified address of exactly that domain, once', async () => {
    await using server = await start();
    const acme = await organization(server, { domain_data: [{ domain: 'acme.com', state: 'verified' }] });
    await organization(server, { name: 'Pending', domain_data: [{ domain: 'globex.com', state: 'pending' }] });
    const grace = await makeUser(server, { email: 'grace@ACME.com' });
    const joined = await Promise.all(Array.from({ length: 6 }, () => join(server, grace.id)));
    assert.deepEqual(new Set(joined.map((membership) => membership?.id)).size, 1);
    assert.deepEqual([joined[0]?.organizationId, joined[0]?.roles, joined[0]?.status], [acme.id, ['member'], 'active']);
    assert.equal((await eventsNamed(server, 'organization_membership.created')).length, 1);
    const others = ['ada@acme.com.example.com', 'ada@sub.acme.com', 'ada@xacme.com', 'ada@globex.com'];
    for (const email of others) assert.equal(await join(server, (await makeUser(server, { email })).id), null, email);
    const unproved = await makeUser(server, { email: 'mallory@acme.com', email_verified: false });
    assert.equal(await join(server, unproved.id), null, 'an address that nobody has proved');
    const tenant = systemTenant(server.environmentId);
    assert.deepEqual(await listActiveMemberships(server.running.services.db, tenant, grace.id), [
      {
        id: joined[0]?.id,
        organizationId: acme.id,
        organizationName: 'Acme',
        roles: ['member'],
        signInMethods: null,
        mfa: 'inherit',
        isJoinedByDomain: true,
        isJoinedBySso: true,
      },
    ]);
  });

  it('does not bring back whoever was deactivated', async () => {
    await using server = await start();
    const acme = await organization(server, { domain_data: [{ domain: 'acme.com', state: 'verified' }] });
    const grace = await makeUser(server, { email: 'grace@acme.com' });
    const { id } = await member(server, grace.id, acme.id);
    await server.api('PUT', `${path}/${id}/deactivate`);
    assert.equal(await join(server, grace.id), null);
    assert.equal((await server.api('GET', `${path}/${id}`)).json.status, 'inactive');
  });
});
