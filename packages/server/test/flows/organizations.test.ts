import assert from 'node:assert/strict';
import { it } from 'node:test';
import { systemTenant } from '../../src/core/index.ts';
import { updatePolicy } from '../../src/organizations/policy.ts';
import { callbackUri, claimsOf, onEachEngine, type TestServer } from '../harness.ts';
import {
  byPassword,
  bySelection,
  makeInvitation,
  makeMember,
  makeMemberOf,
  makeOrganization,
  membershipsOf,
} from './organization-steps.ts';
import { byCode, byRefresh, changeSettings, codeOf, makeUser, otherEnvironment, signIn } from './steps.ts';

const path = '/user_management/organization_memberships';

/** What a token says of the organization. */
function placeOf(token: string) {
  const { org_id, role, roles, permissions } = claimsOf(token);
  return { org_id, role, roles, permissions };
}

const setPolicy = (server: TestServer, id: string, change: Parameters<typeof updatePolicy>[3]) =>
  updatePolicy(server.running.services, systemTenant(server.environmentId), id, change);

onEachEngine('signing in to an organization at the API', (start) => {
  it('goes to the only one there is, and the tokens say in which role', async () => {
    await using server = await start();
    const user = await makeUser(server);
    const acme = await makeOrganization(server);
    const membership = await makeMember(server, user.id, acme.id, { role_slugs: ['admin', 'billing'] });
    const { json } = await server.token(byPassword(user.email));
    assert.equal(json.organization_id, acme.id);
    const place = { org_id: acme.id, role: 'admin', roles: ['admin', 'billing'], permissions: [] };
    assert.deepEqual(placeOf(json.access_token), place);

    await server.api('PUT', `${path}/${membership.id}`, { role_slug: 'viewer' });
    const refreshed = (await server.token(byRefresh(json.refresh_token))).json;
    assert.equal(refreshed.organization_id, acme.id);
    assert.deepEqual(placeOf(refreshed.access_token), { ...place, role: 'viewer', roles: ['viewer'] });

    const loner = await makeUser(server);
    const alone = (await server.token(byPassword(loner.email))).json;
    assert.equal('organization_id' in alone, false);
    assert.deepEqual(Object.keys(claimsOf(alone.access_token)).includes('org_id'), false);
  });

  it('asks which one when there are several, and takes only one of these', async () => {
    await using server = await start();
    const { user, organizations } = await makeMemberOf(server, ['Globex', 'Acme']);
    const foreign = await makeOrganization(server, 'Initech');
    const asked = await server.token(byPassword(user.email));
    const { pending_authentication_token: token, ...rest } = asked.json;
    const [globex, acme] = organizations;
    assert.equal(asked.status, 403);
    assert.deepEqual(rest, {
      code: 'organization_selection_required',
      message: 'The user must choose an organization to finish their authentication.',
      user: (await server.api('GET', `/user_management/users/${user.id}`)).json,
      organizations: [
        { id: acme.id, name: 'Acme' },
        { id: globex.id, name: 'Globex' },
      ],
    });
    for (const id of [foreign.id, 'org_unknown', user.id]) {
      const { status, json } = await server.token(bySelection(token, id));
      assert.deepEqual([status, json.error], [400, 'organization_membership_not_found'], id);
    }
    const other = await otherEnvironment(server);
    const stolen = { client_id: other.clientId, client_secret: other.apiKey };
    const elsewhere = await server.token({ ...bySelection(token, acme.id), ...stolen });
    assert.equal(elsewhere.json.code, 'invalid_pending_authentication_token');

    const answers = await Promise.all(Array.from({ length: 6 }, () => server.token(bySelection(token, acme.id))));
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, ...Array(5).fill(400)]);
    const { json } = answers.find(({ status }) => status === 200) as (typeof answers)[number];
    assert.equal(json.organization_id, acme.id);
    assert.equal(placeOf(json.access_token).org_id, acme.id);
    assert.equal((await server.token(bySelection(token, globex.id))).json.code, 'invalid_pending_authentication_token');
  });

  it('takes nobody along who was deactivated while they chose', async () => {
    await using server = await start();
    const { user, organizations } = await makeMemberOf(server, ['Acme', 'Globex', 'Initech']);
    const { json } = await server.token(byPassword(user.email));
    const [acme] = organizations;
    const memberships = await membershipsOf(server, `user_id=${user.id}&organization_id=${acme.id}`);
    await server.api('PUT', `${path}/${memberships[0].id}/deactivate`);
    const chosen = await server.token(bySelection(json.pending_authentication_token, acme.id));
    assert.deepEqual([chosen.status, chosen.json.error], [400, 'organization_membership_not_found']);
  });

  it('sends whoever has to use the organization’s own sign-on there, at a sign-in as at a switch', async () => {
    await using server = await start();
    const { user, organizations } = await makeMemberOf(server, ['Acme', 'Globex']);
    const [acme, globex] = organizations;
    await setPolicy(server, acme.id, { sign_in_methods: ['SSO'] });
    const half = await server.token(byPassword(user.email));
    const refused = await server.token(bySelection(half.json.pending_authentication_token, acme.id));
    const { pending_authentication_token: pending, ...body } = refused.json;
    const message = 'User must authenticate using one of the matching connections.';
    assert.deepEqual(
      [refused.status, body],
      [
        400,
        {
          error: 'sso_required',
          error_description: message,
          code: 'sso_required',
          message,
          email: user.email,
          connection_ids: [],
        },
      ],
    );
    assert.match(pending, /^\w{43,}$/);
    const again = await server.token(byPassword(user.email));
    const done = await server.token(bySelection(again.json.pending_authentication_token, globex.id));
    const { json } = await server.token({
      grant_type: 'refresh_token',
      refresh_token: done.json.refresh_token,
      organization_id: acme.id,
    });
    const back = new URL(json.authkit_redirect_url);
    assert.deepEqual(
      [json.error, back.searchParams.get('organization_id'), back.searchParams.get('redirect_uri')],
      ['sso_required', acme.id, callbackUri],
    );
  });

  it('follows what the organization demands, also when it is chosen', async () => {
    await using server = await start();
    const { user, organizations } = await makeMemberOf(server, ['Acme', 'Globex']);
    const [acme, globex] = organizations;
    await setPolicy(server, acme.id, { sign_in_methods: ['Passkey', 'GoogleOAuth'] });
    await setPolicy(server, globex.id, { mfa: 'required' });
    const choose = async (id: string) =>
      server.token(bySelection((await server.token(byPassword(user.email))).json.pending_authentication_token, id));
    const method = await choose(acme.id);
    assert.deepEqual(
      [method.status, method.json.error, method.json.email, method.json.sso_connection_ids, method.json.auth_methods],
      [
        400,
        'organization_authentication_methods_required',
        user.email,
        [],
        {
          apple_oauth: false,
          github_oauth: false,
          google_oauth: true,
          magic_auth: false,
          microsoft_oauth: false,
          password: false,
        },
      ],
    );
    const factor = await choose(globex.id);
    assert.deepEqual([factor.status, factor.json.code], [403, 'mfa_enrollment']);
  });

  it('joins by a proved domain on the way in', async () => {
    await using server = await start();
    const acme = await makeOrganization(server, 'Acme', { domain_data: [{ domain: 'acme.com', state: 'verified' }] });
    const user = await makeUser(server, { email: 'grace@acme.com' });
    assert.equal((await server.token(byPassword(user.email))).json.organization_id, acme.id);
    await setPolicy(server, acme.id, { join_by_domain: false });
    const late = await makeUser(server, { email: 'ada@acme.com' });
    assert.equal('organization_id' in (await server.token(byPassword(late.email))).json, false);
  });
});

onEachEngine('switching the organization by refresh', (start) => {
  it('moves the session for good, to where the person is a member', async () => {
    await using server = await start();
    const { user, organizations } = await makeMemberOf(server, ['Acme', 'Globex']);
    const [acme, globex] = organizations;
    const foreign = await makeOrganization(server, 'Initech');
    const { json: asked } = await server.token(byPassword(user.email));
    let { json: tokens } = await server.token(bySelection(asked.pending_authentication_token, acme.id));
    const refresh = async (organization_id: string | null) => {
      const answer = await server.token(byRefresh(tokens.refresh_token, { organization_id }));
      if (answer.status === 200) tokens = answer.json;
      return answer;
    };
    assert.equal((await refresh(null)).json.organization_id, acme.id);
    assert.equal((await refresh(globex.id)).json.organization_id, globex.id);
    assert.equal(placeOf(tokens.access_token).org_id, globex.id);
    const refused = await refresh(foreign.id);
    assert.deepEqual([refused.status, refused.json.error], [400, 'organization_membership_not_found']);
    const unknown = await refresh('org_01ARZ3NDEKTSV4RRFFQ69G5FAV');
    assert.deepEqual([unknown.status, unknown.json.error], [400, 'organization_not_found']);
    // Neither refusal spent the token or moved the session.
    assert.equal((await refresh(null)).json.organization_id, globex.id);
  });

  it('says where to sign in again when the organization demands more', async () => {
    await using server = await start();
    const { user, organizations } = await makeMemberOf(server, ['Acme', 'Globex', 'Initech']);
    const [acme, globex, initech] = organizations;
    await setPolicy(server, globex.id, { mfa: 'required' });
    await setPolicy(server, initech.id, { sign_in_methods: ['Passkey'] });
    const { json: asked } = await server.token(byPassword(user.email));
    const { json: tokens } = await server.token(bySelection(asked.pending_authentication_token, acme.id));
    for (const [id, error] of [
      [globex.id, 'mfa_enrollment'],
      [initech.id, 'organization_authentication_methods_required'],
    ] as const) {
      const { status, json } = await server.token(byRefresh(tokens.refresh_token, { organization_id: id }));
      assert.deepEqual([status, json.error], [400, error]);
      const again = new URL(json.authkit_redirect_url);
      assert.equal(again.pathname, '/user_management/authorize');
      assert.equal(again.searchParams.get('organization_id'), id);
    }
    // What is demanded later holds for sessions of before.
    await setPolicy(server, acme.id, { mfa: 'required' });
    assert.equal((await server.token(byRefresh(tokens.refresh_token))).json.error, 'mfa_enrollment');
    await setPolicy(server, acme.id, { mfa: 'inherit' });
    assert.equal((await server.token(byRefresh(tokens.refresh_token))).status, 200);
  });

  it('leaves nobody in an organization that they are being put out of at the same moment', async () => {
    await using server = await start();
    for (let round = 0; round < 5; round++) {
      const { user, organizations } = await makeMemberOf(server, ['Acme', 'Globex']);
      const [acme, globex] = organizations;
      const { json: asked } = await server.token(byPassword(user.email));
      const { json: tokens } = await server.token(bySelection(asked.pending_authentication_token, acme.id));
      const [membership] = await membershipsOf(server, `user_id=${user.id}&organization_id=${globex.id}`);
      const [switched] = await Promise.all([
        server.token(byRefresh(tokens.refresh_token, { organization_id: globex.id })),
        server.api('PUT', `${path}/${membership.id}/deactivate`),
      ]);
      if (switched.status !== 200) continue;
      const { status, json } = await server.token(byRefresh(switched.json.refresh_token));
      assert.ok(status !== 200 || json.organization_id !== globex.id, JSON.stringify(json));
    }
  });
});

onEachEngine('an invitation_token at the API', (start) => {
  it('makes the person a member with the password, and signs them in there', async () => {
    await using server = await start();
    const { user, organizations } = await makeMemberOf(server, ['Acme', 'Globex']);
    const { token, organization_id } = await makeInvitation(server, user.email, {
      organization_id: (await makeOrganization(server, 'Initech')).id,
      role_slug: 'admin',
    });
    const wrong = await server.token(byPassword(user.email, { invitation_token: token, password: 'wrong' }));
    assert.equal(wrong.json.code, 'invalid_credentials');
    const { status, json } = await server.token(byPassword(user.email, { invitation_token: token }));
    assert.deepEqual([status, json.organization_id, placeOf(json.access_token).role], [200, organization_id, 'admin']);
    const again = await server.token(byPassword(user.email, { invitation_token: token }));
    assert.deepEqual([again.status, again.json.error], [400, 'invitation_invalid']);
    assert.equal(organizations.length, 2);
  });

  it('is refused for another address, and for one that nobody has proved', async () => {
    await using server = await start();
    await changeSettings(server, { requireEmailVerification: false });
    const { id: organization_id } = await makeOrganization(server);
    const other = await makeUser(server, { email: 'mallory@example.org' });
    const { token } = await makeInvitation(server, 'ada@gmail.com', { organization_id });
    const refused = await server.token(byPassword(other.email, { invitation_token: token }));
    assert.deepEqual([refused.status, refused.json.error], [400, 'invitation_cannot_be_used_for_email']);
    const unproved = await makeUser(server, { email: 'ada@gmail.com', email_verified: false });
    const first = await server.token(byPassword(unproved.email, { invitation_token: token }));
    assert.deepEqual([first.status, first.json.code], [403, 'email_verification_required']);
    assert.deepEqual(await membershipsOf(server, `organization_id=${organization_id}&`), []);
    for (const invitation_token of ['x', `${token}x`]) {
      const { json } = await server.token(byPassword(other.email, { invitation_token }));
      assert.equal(json.error, 'invitation_invalid');
    }
  });

  it('comes with a code too; a refusal leaves the code good', async () => {
    await using server = await start();
    const user = await makeUser(server);
    const { id: organization_id } = await makeOrganization(server);
    const { token, id } = await makeInvitation(server, user.email, { organization_id });
    const { code } = await signIn(server, user.email);
    const refused = await server.token(byCode(code, { invitation_token: 'unknown' }));
    assert.deepEqual([refused.status, refused.json.error], [400, 'invitation_invalid']);
    const { status, json } = await server.token(byCode(code, { invitation_token: token }));
    assert.deepEqual([status, json.organization_id], [200, organization_id]);
    assert.equal((await server.api('GET', `/user_management/invitations/${id}`)).json.accepted_user_id, user.id);
    const policed = await makeOrganization(server, 'Strict');
    await setPolicy(server, policed.id, { mfa: 'required' });
    const strict = await makeInvitation(server, user.email, { organization_id: policed.id });
    const second = await signIn(server, user.email);
    const kept = await server.token(byCode(second.code, { invitation_token: strict.token }));
    assert.deepEqual(
      [kept.status, kept.json.organization_id],
      [200, organization_id],
      'a member, but not in there yet',
    );
    assert.equal((await membershipsOf(server, `user_id=${user.id}`)).length, 2);
  });

  it('works once, of any number of codes and passwords at once', async () => {
    await using server = await start();
    const { id: organization_id } = await makeOrganization(server);
    const { token } = await makeInvitation(server, 'ada@acme.com', { organization_id });
    const users = await Promise.all(
      Array.from({ length: 4 }, (_, index) => makeUser(server, { email: `person${index}@acme.com` })),
    );
    const answers = await Promise.all(
      users.map(async ({ email }, index) => {
        if (index % 2) return server.token(byPassword(email, { invitation_token: token }));
        return server.token(byCode((await signIn(server, email)).code, { invitation_token: token }));
      }),
    );
    const accepted = answers.filter(({ status, json }) => status === 200 && json.organization_id === organization_id);
    assert.equal(accepted.length, 1);
    assert.equal((await membershipsOf(server, `organization_id=${organization_id}`)).length, 1);
  });
});

onEachEngine('organization_id at the authorization endpoint', (start) => {
  it('decides where the person goes, and is told to the app when there is none', async () => {
    await using server = await start();
    const { user, organizations } = await makeMemberOf(server, ['Acme', 'Globex']);
    const [acme, globex] = organizations;
    const at = (organization_id: string) => ({ authorize: { organization_id } });
    const { browser, code } = await signIn(server, user.email, at(globex.id));
    assert.equal((await server.token(byCode(code))).json.organization_id, globex.id);
    const silent = await browser.open(server.authorizeUrl({ organization_id: acme.id }));
    assert.equal((await server.token(byCode(codeOf(silent)))).json.organization_id, acme.id);
    const unknown = await server.browser().open(server.authorizeUrl({ organization_id: 'org_unknown' }));
    assert.equal(unknown.location?.searchParams.get('error'), 'organization_invalid');
  });

  it('gives no session to whoever was put out between the code and its exchange', async () => {
    await using server = await start();
    const { user } = await makeMemberOf(server, ['Acme']);
    const { code } = await signIn(server, user.email);
    const [membership] = await membershipsOf(server, `user_id=${user.id}`);
    await server.api('DELETE', `${path}/${membership.id}`);
    const { status, json } = await server.token(byCode(code));
    assert.deepEqual([status, json.error], [400, 'organization_membership_not_found']);
  });
});

onEachEngine('an invitation_token with a code by mail', (start) => {
  const byMail = (server: TestServer, email: string, code: string, more: Record<string, string> = {}) =>
    server.token({ grant_type: 'urn:workos:oauth:grant-type:magic-auth:code', email, code, ...more });

  it('lets the invited address in where sign-up is closed, and makes it a member', async () => {
    await using server = await start();
    await changeSettings(server, { signUp: 'invite_only', magicAuthSignIn: true });
    const { id: organization_id } = await makeOrganization(server);
    const { token } = await makeInvitation(server, 'ada@acme.com', { organization_id });
    const ask = (email: string, more: object = {}) =>
      server.api('POST', '/user_management/magic_auth', { email, ...more });
    for (const [email, more, error] of [
      ['ada@acme.com', {}, 'sign_up_not_allowed'],
      ['bob@acme.com', { invitation_token: token }, 'sign_up_not_allowed'],
      ['ada@acme.com', { invitation_token: `${token}x` }, 'invitation_invalid'],
    ] as const) {
      const { status, json } = await ask(email, more);
      assert.deepEqual([status, json.error], [400, error], email);
    }
    const { json: sent } = await ask('ada@acme.com', { invitation_token: token });
    const wrong = await byMail(server, 'ada@acme.com', sent.code, { invitation_token: 'unknown' });
    assert.equal(wrong.json.error, 'invitation_invalid');
    const { status, json } = await byMail(server, 'ada@acme.com', sent.code, { invitation_token: token });
    assert.deepEqual([status, json.organization_id], [200, organization_id]);
  });
});
