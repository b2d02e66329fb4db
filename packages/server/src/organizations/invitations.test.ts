import assert from 'node:assert/strict';
import { it } from 'node:test';
import { changeSettings, eventsNamed, makeUser, otherEnvironment } from '../../test/flows/steps.ts';
import { type Answer, onEachEngine, type TestServer } from '../../test/harness.ts';
import { sql, systemTenant } from '../core/index.ts';
import { findUser, type UserRow } from '../users/index.ts';
import { acceptInvitation, findOpenInvitation } from './index.ts';

const path = '/user_management/invitations';
const memberships = '/user_management/organization_memberships';
const codeOf = ({ status, json }: Answer): unknown[] => [status, json.code];
const days = (count: number): number => count * 24 * 60 * 60;

async function organization(server: TestServer, name = 'Acme'): Promise<string> {
  return (await server.api('POST', '/organizations', { name })).json.id;
}

async function invite(server: TestServer, body: object) {
  const answer = await server.api('POST', path, body);
  assert.equal(answer.status, 201, answer.text);
  return answer.json;
}

/** As a sign-in accepts. */
async function accept(server: TestServer, token: string, userId: string) {
  const { services } = server.running;
  const tenant = systemTenant(server.environmentId);
  return services.db.transaction(async (tx) =>
    acceptInvitation(services, tx, tenant, token, (await findUser(tx, tenant, userId)) as UserRow),
  );
}

onEachEngine('invitations', (start) => {
  it('are mailed, found by id and token, and shown without the token in events', async () => {
    await using server = await start();
    const organization_id = await organization(server, 'Evil.example');
    const inviter = await makeUser(server, { first_name: 'Grace', last_name: 'http://evil.example' });
    const body = { email: 'Ada@Example.com', organization_id, inviter_user_id: inviter.id, role_slug: 'admin' };
    const invitation = await invite(server, { ...body, locale: 'de' });
    const { token, accept_invitation_url, ...shown } = invitation;
    assert.match(token, /^[0-9A-Za-z]{43}$/);
    assert.equal(accept_invitation_url, `${server.url}/invite?invitation_token=${token}`);
    assert.deepEqual(shown, {
      object: 'invitation',
      id: invitation.id,
      email: 'Ada@example.com',
      state: 'pending',
      accepted_at: null,
      revoked_at: null,
      expires_at: new Date(Date.parse(shown.created_at) + days(7) * 1000).toISOString(),
      organization_id,
      inviter_user_id: inviter.id,
      accepted_user_id: null,
      role_slug: 'admin',
      created_at: shown.created_at,
      updated_at: shown.created_at,
    });
    assert.deepEqual((await server.api('GET', `${path}/${invitation.id}`)).json, invitation);
    assert.deepEqual((await server.api('GET', `${path}/by_token/${token}`)).json, invitation);
    for (const wrong of [`${token}x`, token.slice(1), token.toLowerCase()])
      assert.equal((await server.api('GET', `${path}/by_token/${wrong}`)).status, 404, wrong);
    assert.deepEqual(await eventsNamed(server, 'invitation.created'), [shown]);
    const [mail] = await server.mails('Ada@example.com');
    assert.ok(mail?.text.includes(accept_invitation_url));
    assert.deepEqual(mail?.text.match(/https?:\/\/\S+/g), [accept_invitation_url], 'names are no links');
    assert.equal(mail?.html.match(/<a /g)?.length, 1);
    assert.ok(!/evil\.example/.test(`${mail?.text}${mail?.html}`), 'nor do they look like one');
    const { rows } = { rows: await server.running.services.db.all(sql`select * from invitations`) };
    assert.ok(!JSON.stringify(rows).includes(token), 'the database does not hold the token');
  });

  it('are one per address and organization while they are open', async () => {
    await using server = await start();
    const organization_id = await organization(server);
    const ask = (body: object) => server.api('POST', path, body);
    const made = await Promise.all(
      Array.from({ length: 6 }, (_, index) =>
        ask({ email: index % 2 ? 'ADA@acme.com' : 'ada@acme.com', organization_id }),
      ),
    );
    assert.deepEqual(made.map(({ status }) => status).sort(), [201, ...Array(5).fill(400)]);
    assert.deepEqual(codeOf(made.find(({ status }) => status === 400) as Answer), [
      400,
      'email_already_invited_to_organization',
    ]);
    await invite(server, { email: 'ada@acme.com' });
    assert.deepEqual(codeOf(await ask({ email: 'ada@acme.com' })), [400, 'email_already_invited']);
    await invite(server, { email: 'ada@acme.com', organization_id: await organization(server, 'Globex') });
    server.clock.advance(days(7));
    assert.equal((await ask({ email: 'ada@acme.com', organization_id })).status, 201, 'the first has expired');
    const states = (await server.api('GET', `${path}?email=ADA@acme.com&organization_id=${organization_id}`)).json.data;
    assert.deepEqual(
      states.map(({ state }: { state: string }) => state),
      ['pending', 'expired'],
    );
    assert.equal((await server.api('GET', path)).json.data.length, 4);
  });

  it('are refused where they make no sense', async () => {
    await using server = await start();
    const organization_id = await organization(server);
    const member = await makeUser(server);
    await server.api('POST', memberships, { user_id: member.id, organization_id });
    const cases: [object, number, string][] = [
      [{ email: 'no address' }, 422, 'invalid_request_parameters'],
      [{ email: 'a@b.com, c@d.com' }, 422, 'invalid_request_parameters'],
      [{ email: 'a@b.com', role_slug: 'No Role' }, 422, 'invalid_request_parameters'],
      [{ email: 'a@b.com', expires_in_days: 0 }, 400, 'expires_in_days_too_short'],
      [{ email: 'a@b.com', expires_in_days: 31 }, 400, 'expires_in_days_too_long'],
      [{ email: 'a@b.com', expires_in_days: 1.5 }, 422, 'invalid_request_parameters'],
      [{ email: 'a@b.com', organization_id: 'org_unknown' }, 404, 'entity_not_found'],
      [{ email: 'a@b.com', inviter_user_id: 'user_unknown' }, 404, 'entity_not_found'],
      [{ email: member.email.toUpperCase() }, 400, 'user_already_exists'],
      [{ email: member.email, organization_id }, 400, 'user_already_organization_member'],
    ];
    for (const [body, status, code] of cases)
      assert.deepEqual(codeOf(await server.api('POST', path, body)), [status, code], JSON.stringify(body));
    assert.deepEqual((await server.api('GET', path)).json.data, []);
    assert.equal((await server.mails()).length, 0);
    const { expires_at, created_at } = await invite(server, { email: 'a@b.com', expires_in_days: 30 });
    assert.equal(Date.parse(expires_at) - Date.parse(created_at), days(30) * 1000);
  });

  it('make a user who is there a pending member, until they accept or it is revoked', async () => {
    await using server = await start();
    const organization_id = await organization(server);
    const user = await makeUser(server, { email: 'ada@acme.com' });
    const pending = async () =>
      (await server.api('GET', `${memberships}?user_id=${user.id}&statuses=pending`)).json.data;
    const invitation = await invite(server, { email: 'ada@acme.com', organization_id, role_slug: 'admin' });
    const [membership] = await pending();
    assert.deepEqual([membership.role.slug, membership.status], ['admin', 'pending']);
    for (const what of ['deactivate', 'reactivate'])
      assert.deepEqual(codeOf(await server.api('PUT', `${memberships}/${membership.id}/${what}`)), [
        400,
        `cannot_${what}_pending_organization_membership`,
      ]);
    assert.deepEqual(codeOf(await server.api('POST', memberships, { user_id: user.id, organization_id })), [
      400,
      'cannot_reactivate_pending_organization_membership',
    ]);
    const revoked = await server.api('POST', `${path}/${invitation.id}/revoke`);
    assert.deepEqual([revoked.status, revoked.json.state], [200, 'revoked']);
    assert.deepEqual(await pending(), []);
    for (const what of ['revoke', 'accept'])
      assert.deepEqual(codeOf(await server.api('POST', `${path}/${invitation.id}/${what}`)), [
        400,
        'invite_not_pending',
      ]);
    assert.deepEqual(codeOf(await server.api('POST', `${path}/${invitation.id}/resend`, {})), [400, 'invite_revoked']);
    assert.deepEqual((await accept(server, invitation.token, user.id)).outcome, 'invalid');
    assert.equal((await eventsNamed(server, 'invitation.revoked')).length, 1);
  });

  it('are taken back with the pending membership', async () => {
    await using server = await start();
    const organization_id = await organization(server);
    const user = await makeUser(server, { email: 'ada@acme.com' });
    const { id, token } = await invite(server, { email: user.email, organization_id });
    const [pending] = (await server.api('GET', `${memberships}?user_id=${user.id}&statuses=pending`)).json.data;
    await server.api('DELETE', `${memberships}/${pending.id}`);
    assert.equal((await server.api('GET', `${path}/${id}`)).json.state, 'revoked');
    assert.equal((await accept(server, token, user.id)).outcome, 'invalid');
    assert.equal((await eventsNamed(server, 'invitation.revoked')).length, 1);
  });

  it('are accepted by the application for the user with that address', async () => {
    await using server = await start();
    const organization_id = await organization(server);
    const { id } = await invite(server, { email: 'ada@acme.com', organization_id, role_slug: 'admin' });
    const ask = () => server.api('POST', `${path}/${id}/accept`, '', { 'content-type': 'application/json' });
    assert.deepEqual(codeOf(await ask()), [400, 'invalid_invite'], 'nobody has that address');
    const user = await makeUser(server, { email: 'ADA@acme.com' });
    const { status, json } = await ask();
    assert.deepEqual([status, json.state, json.accepted_user_id], [200, 'accepted', user.id]);
    assert.deepEqual(codeOf(await ask()), [400, 'invite_has_accepted_user_id']);
    assert.deepEqual(codeOf(await server.api('POST', `${path}/${id}/resend`)), [400, 'invite_accepted']);
    const [membership] = (await server.api('GET', `${memberships}?user_id=${user.id}`)).json.data;
    assert.deepEqual([membership.status, membership.role.slug], ['active', 'admin']);
    assert.equal((await eventsNamed(server, 'invitation.accepted')).length, 1);

    const other = await invite(server, { email: 'mallory@acme.com', organization_id });
    await makeUser(server, { email: 'mallory@acme.com', email_verified: false });
    await changeSettings(server, { requireEmailVerification: false });
    const refused = await server.api('POST', `${path}/${other.id}/accept`);
    assert.deepEqual(codeOf(refused), [400, 'invalid_invite'], 'anybody could have made that account');
  });

  it('are mailed again as they are, and not too often', async () => {
    await using server = await start({ stagingLimitFactor: 1 });
    const invitation = await invite(server, { email: 'ada@acme.com' });
    server.clock.advance(days(1));
    const strange = await server.api('POST', `${path}/${invitation.id}/resend`, { locale: 'fr_FR' });
    assert.equal(strange.status, 422, 'no language is written like that');
    const again = await server.api('POST', `${path}/${invitation.id}/resend`, { locale: 'fr' });
    assert.deepEqual([again.status, again.json], [200, invitation]);
    const mails = await server.mails('ada@acme.com');
    assert.equal(mails.filter(({ text }) => text.includes(invitation.token)).length, 2);
    assert.equal((await eventsNamed(server, 'invitation.resent')).length, 1);
    for (let count = 0; count < 2; count++) await server.api('POST', `${path}/${invitation.id}/resend`);
    const refused = await server.api('POST', `${path}/${invitation.id}/resend`);
    assert.deepEqual([refused.status, Number(refused.headers.get('retry-after')) > 0], [429, true]);
    server.clock.advance(days(7));
    assert.deepEqual(codeOf(await server.api('POST', `${path}/${invitation.id}/resend`)), [400, 'invite_expired']);
    assert.equal((await server.api('GET', `${path}/${invitation.id}`)).json.state, 'expired');
  });

  it('belong to their environment', async () => {
    await using server = await start();
    const other = await otherEnvironment(server);
    const { id, token } = await invite(server, { email: 'ada@acme.com' });
    const foreign = { authorization: `Bearer ${other.apiKey}` };
    for (const [method, at] of [
      ['GET', `${path}/${id}`],
      ['GET', `${path}/by_token/${token}`],
      ['POST', `${path}/${id}/accept`],
      ['POST', `${path}/${id}/resend`],
      ['POST', `${path}/${id}/revoke`],
    ] as const)
      assert.equal((await server.api(method, at, undefined, foreign)).status, 404, at);
    assert.deepEqual((await server.api('GET', path, undefined, foreign)).json.data, []);
    const { db, now } = server.running.services;
    assert.equal(await findOpenInvitation({ db, now }, systemTenant(other.environmentId), token), null);
    assert.equal((await findOpenInvitation({ db, now }, systemTenant(server.environmentId), token))?.id, id);
  });
});

onEachEngine('accepting an invitation', (start) => {
  it('takes the invited address, or a company’s other addresses, once somebody has proved it', async () => {
    await using server = await start();
    const organization_id = await organization(server);
    const outcome = async (invited: string, fields: Record<string, unknown>): Promise<string> => {
      const { token, id } = await invite(server, { email: invited, organization_id });
      const user = await makeUser(server, fields);
      const result = (await accept(server, token, user.id)).outcome;
      await server.api('POST', `${path}/${id}/revoke`);
      await server.api('DELETE', `/user_management/users/${user.id}`);
      return result;
    };
    assert.equal(await outcome('ada@acme.com', { email: 'ADA@acme.com' }), 'accepted');
    assert.equal(await outcome('ada@acme.com', { email: 'grace@acme.com' }), 'accepted');
    assert.equal(await outcome('ada@gmail.com', { email: 'ada@gmail.com' }), 'accepted');
    assert.equal(await outcome('ada@gmail.com', { email: 'mallory@gmail.com' }), 'other_email');
    assert.equal(await outcome('ada@acme.com', { email: 'mallory@example.com' }), 'other_email');
    assert.equal(await outcome('ada@acme.com', { email: 'mallory@sub.acme.com' }), 'other_email');
    assert.equal(await outcome('ada@acme.com', { email: 'ada@acme.com', email_verified: false }), 'other_email');
    assert.equal(await outcome('ada@acme.com', { email: 'grace@acme.com', email_verified: false }), 'other_email');
  });

  it('works once: of any number at once one gets in, and only while it is open', async () => {
    await using server = await start();
    const organization_id = await organization(server);
    const { token } = await invite(server, { email: 'a@acme.com', organization_id, role_slug: 'admin' });
    const users = await Promise.all(
      Array.from({ length: 6 }, (_, index) => makeUser(server, { email: `person${index}@acme.com` })),
    );
    const outcomes = await Promise.all(users.map(({ id }) => accept(server, token, id)));
    assert.deepEqual(outcomes.map(({ outcome }) => outcome).sort(), ['accepted', ...Array(5).fill('invalid')]);
    const members = (await server.api('GET', `${memberships}?organization_id=${organization_id}`)).json.data;
    assert.deepEqual(
      members.map(({ role }: { role: { slug: string } }) => role.slug),
      ['admin'],
    );
    assert.equal((await eventsNamed(server, 'invitation.accepted')).length, 1);
    const late = await invite(server, { email: 'b@acme.com', organization_id, expires_in_days: 1 });
    server.clock.advance(days(1));
    assert.equal((await accept(server, late.token, users[5]?.id ?? '')).outcome, 'invalid', 'expired');
    for (const wrong of ['', 'x', `${late.token}x`])
      assert.equal((await accept(server, wrong, users[5]?.id ?? '')).outcome, 'invalid');
  });

  it('brings back a member who was deactivated, with the new role', async () => {
    await using server = await start();
    const organization_id = await organization(server);
    const user = await makeUser(server, { email: 'ada@acme.com' });
    const { json } = await server.api('POST', memberships, { user_id: user.id, organization_id });
    await server.api('PUT', `${memberships}/${json.id}/deactivate`);
    const { token } = await invite(server, { email: 'ada@acme.com', organization_id, role_slug: 'admin' });
    assert.equal((await server.api('GET', `${memberships}/${json.id}`)).json.status, 'inactive');
    await accept(server, token, user.id);
    const after = (await server.api('GET', `${memberships}/${json.id}`)).json;
    assert.deepEqual([after.status, after.role.slug], ['active', 'admin']);
  });

  it('makes nobody a member of an organization that is gone', async () => {
    await using server = await start();
    const organization_id = await organization(server);
    const user = await makeUser(server, { email: 'ada@acme.com' });
    const { token } = await invite(server, { email: 'ada@acme.com', organization_id });
    await Promise.all([
      server.api('DELETE', `/organizations/${organization_id}`),
      accept(server, token, user.id).catch(() => null),
    ]);
    const rows = await server.running.services.db.all(sql`
      select id from organization_memberships union all select id from invitations`);
    assert.deepEqual(rows, []);
  });

  it('is over with the account it was for', async () => {
    await using server = await start();
    const organization_id = await organization(server);
    const inviter = await makeUser(server);
    const user = await makeUser(server, { email: 'ada@acme.com' });
    const taken = await invite(server, { email: 'x@acme.com', organization_id, inviter_user_id: inviter.id });
    await accept(server, taken.token, user.id);
    await invite(server, { email: 'ada@acme.com', organization_id: await organization(server, 'Globex') });
    const stays = await invite(server, { email: 'b@acme.com', organization_id, inviter_user_id: inviter.id });
    await server.api('DELETE', `/user_management/users/${user.id}`);
    await server.api('DELETE', `/user_management/users/${inviter.id}`);
    const left = (await server.api('GET', path)).json.data;
    assert.deepEqual(
      left.map(({ id, inviter_user_id }: Record<string, unknown>) => [id, inviter_user_id]),
      [[stays.id, null]],
    );
  });
});
