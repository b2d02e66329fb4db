import assert from 'node:assert/strict';
import { it } from 'node:test';
import { systemTenant } from '../../src/core/index.ts';
import { PolicyChange } from '../../src/organizations/policy.schema.ts';
import { updatePolicy } from '../../src/organizations/policy.ts';
import { goodPassword, onEachEngine, type TestBrowser, type TestServer } from '../harness.ts';
import { startOidcProvider } from '../oidc-provider.ts';
import { byPassword, bySelection, makeMember, makeOrganization } from './organization-steps.ts';
import { type Connected, connect, throughProvider } from './sso-steps.ts';
import { byCode, byRefresh, codeOf, makeUser } from './steps.ts';

const setPolicy = (server: TestServer, { organization }: Connected, policy: object) =>
  updatePolicy(
    server.running.services,
    systemTenant(server.environmentId),
    organization.id,
    PolicyChange.parse(policy),
  );

onEachEngine('an organization that lets its guests in otherwise', (start) => {
  it('asks at every door for what is theirs, and of its own people for its sign-on', async () => {
    await using server = await start();
    await using provider = await startOidcProvider();
    const acme = await connect(server, provider);
    const guest = await makeUser(server, { email: 'grace@partner.com' });
    const own = await makeUser(server, { email: 'ada@acme.com' });
    for (const { id } of [guest, own]) await makeMember(server, id, acme.organization.id);
    const before = (await server.token(byPassword(guest.email))).json;
    await setPolicy(server, acme, { sign_in_methods: ['SSO'], guest_sign_in_methods: ['MagicAuth'] });

    const byMail = async (email: string) => {
      await server.api('POST', '/user_management/magic_auth', { email });
      const code = await server.codeFor(email);
      return server.token({ grant_type: 'urn:workos:oauth:grant-type:magic-auth:code', email, code });
    };
    const { json: inside } = await byMail(guest.email);
    assert.equal(inside.organization_id, acme.organization.id);
    assert.equal((await server.token(byRefresh(inside.refresh_token))).status, 200);
    assert.equal((await byMail(own.email)).json.error, 'sso_required');

    const other = await makeOrganization(server, 'Other');
    await makeMember(server, guest.id, other.id);
    const { json: several } = await server.token(byPassword(guest.email));
    const { json: again } = await server.token(byPassword(guest.email));
    const inOther = await server.token(bySelection(again.pending_authentication_token, other.id));
    const refusals = {
      refresh: await server.token(byRefresh(before.refresh_token)),
      selection: await server.token(bySelection(several.pending_authentication_token, acme.organization.id)),
      switch: await server.token(byRefresh(inOther.json.refresh_token, { organization_id: acme.organization.id })),
    };
    for (const [name, { status, json }] of Object.entries(refusals))
      assert.deepEqual([status, json.error], [400, 'organization_authentication_methods_required'], name);

    const browser = server.browser();
    await browser.open(server.authorizeUrl({ organization_id: acme.organization.id }));
    await browser.submit({ email: guest.email }, '/sign-in?');
    await browser.submit({ password: goodPassword }, '/sign-in/password');
    assert.match(browser.path, /^\/sign-in\/method/);
    assert.doesNotMatch(browser.text, /Continue with Acme/);

    // Whoever's domain it proves is a guest no more, in the sessions that exist as well.
    const domain_data = ['acme.com', 'partner.com'].map((domain) => ({ domain, state: 'verified' }));
    await server.api('PUT', `/organizations/${acme.organization.id}`, { domain_data });
    assert.equal((await server.token(byRefresh(inside.refresh_token))).json.error, 'sso_required');
  });
});

/** A person who knows the password, at a page of their account, although their address is led to the provider. */
async function towardsByPassword(server: TestServer, path: string, email: string): Promise<TestBrowser> {
  const browser = server.browser();
  await browser.open(path);
  const attempt = /attempt=\w+/.exec(browser.path)?.[0];
  await browser.submit({ email }, '/sign-in?');
  await browser.open(`/sign-in/password?${attempt}`);
  await browser.submit({ password: goodPassword }, '/sign-in/password?');
  return browser;
}

onEachEngine('the sign-on of an organization, against a stolen password', (start) => {
  it('is shown before anything is changed that opens the organization, and makes no way into another', async () => {
    await using server = await start();
    await using provider = await startOidcProvider();
    const acme = await connect(server, provider);
    const own = await makeUser(server, { email: 'ada@acme.com' });
    await makeMember(server, own.id, acme.organization.id);
    await setPolicy(server, acme, { sign_in_methods: ['SSO', 'Passkey'], mfa: 'required' });
    for (const path of ['/account/passkeys/add', '/account/email', '/account/second-step']) {
      const thief = await towardsByPassword(server, path, own.email);
      assert.match(thief.path, /^\/sign-in\/method/, path);
      await thief.open(path);
      assert.match(thief.path, /^\/sign-in\?/, path);
    }
    const guest = await makeUser(server, { email: 'grace@partner.com' });
    await makeMember(server, guest.id, acme.organization.id);
    const browser = await towardsByPassword(server, '/account/passkeys/add', guest.email);
    assert.match(browser.text, /Acme[^<]* asks for another way to sign in/);
    assert.doesNotMatch(browser.text, /Create a passkey/);
    await browser.open('/account');
    const { hidden } = browser.form('/account/sign-out');
    for (const path of ['/account/passkeys/options', '/account/passkeys/add']) {
      const answer = await browser.clone().post(`${path}?client_id=${server.clientId}`, { ...hidden, step: 'account' });
      assert.equal(answer.json?.challenge, undefined, path);
      assert.doesNotMatch(answer.text, /Create a passkey/, path);
    }
  });

  it('is asked of whoever was one of its own people, whatever address they take, and when its domain goes', async () => {
    await using server = await start();
    await using provider = await startOidcProvider();
    const acme = await connect(server, provider);
    const people = [
      await makeUser(server, { email: 'ada@acme.com' }),
      await makeUser(server, { email: 'bob@acme.com' }),
    ];
    for (const { id } of people) await makeMember(server, id, acme.organization.id);
    await setPolicy(server, acme, { sign_in_methods: ['SSO'], guest_sign_in_methods: ['Password'] });
    const refusal = async (email: string) => (await server.token(byPassword(email))).json.error;
    await server.api('PUT', `/user_management/users/${people[0]?.id}`, {
      email: 'ada@private.example',
      email_verified: true,
    });
    assert.equal(await refusal('ada@private.example'), 'sso_required');
    await server.api('PUT', `/organizations/${acme.organization.id}`, {
      domain_data: [{ domain: 'other.example', state: 'verified' }],
    });
    assert.equal(await refusal('bob@acme.com'), 'sso_required');
    // Where no domain is proved, nobody can be told from a guest.
    const later = await makeUser(server, { email: 'eve@elsewhere.example' });
    await makeMember(server, later.id, acme.organization.id);
    assert.equal((await server.token(byPassword(later.email))).status, 200);
    await server.api('PUT', `/organizations/${acme.organization.id}`, { domain_data: [] });
    assert.equal(await refusal(later.email), 'sso_required');
  });
});

onEachEngine('an organization that takes only its own sign-on', (start) => {
  it('says sso_required, with its connections, to every grant, refresh and switch', async () => {
    await using server = await start();
    await using provider = await startOidcProvider();
    const acme = await connect(server, provider);
    const user = await makeUser(server, { email: 'grace@example.com' });
    await makeMember(server, user.id, acme.organization.id);
    const before = (await server.token(byPassword(user.email))).json;
    await setPolicy(server, acme, { sign_in_methods: ['SSO'] });

    const refusals: Record<string, { status: number; json: Record<string, unknown> }> = {
      password: await server.token(byPassword(user.email)),
      refresh: await server.token(byRefresh(before.refresh_token)),
    };
    await server.api('POST', '/user_management/magic_auth', { email: user.email });
    refusals.magicAuth = await server.token({
      grant_type: 'urn:workos:oauth:grant-type:magic-auth:code',
      email: user.email,
      code: await server.codeFor(user.email),
    });
    const other = await makeOrganization(server, 'Other');
    await makeMember(server, user.id, other.id);
    const { json: several } = await server.token(byPassword(user.email));
    assert.equal(several.code, 'organization_selection_required');
    refusals.selection = await server.token(bySelection(several.pending_authentication_token, acme.organization.id));
    const { json: again } = await server.token(byPassword(user.email));
    const inOther = await server.token(bySelection(again.pending_authentication_token, other.id));
    assert.equal(inOther.json.organization_id, other.id);
    refusals.switch = await server.token(
      byRefresh(inOther.json.refresh_token, { organization_id: acme.organization.id }),
    );
    for (const [name, { status, json }] of Object.entries(refusals)) {
      assert.deepEqual(
        [status, json.error, json.email, json.connection_ids],
        [400, 'sso_required', user.email, [acme.connectionId]],
        `${name}: ${JSON.stringify(json)}`,
      );
      const url = json.authkit_redirect_url;
      // A whole address where nothing is under way; a sign-in that is has its token instead.
      if (name === 'refresh' || name === 'switch') assert.match(String(url), /organization_id=org_/, name);
      else assert.equal(typeof json.pending_authentication_token, 'string', name);
    }
  });

  it('names its connections beside the other ways it takes', async () => {
    await using server = await start();
    await using provider = await startOidcProvider();
    const acme = await connect(server, provider);
    const user = await makeUser(server, { email: 'grace@example.com' });
    await makeMember(server, user.id, acme.organization.id);
    await setPolicy(server, acme, { sign_in_methods: ['SSO', 'MagicAuth'] });
    const { json } = await server.token(byPassword(user.email));
    assert.equal(json.error, 'organization_authentication_methods_required');
    assert.deepEqual(json.sso_connection_ids, [acme.connectionId]);
    await setPolicy(server, acme, { sign_in_methods: ['MagicAuth'] });
    assert.deepEqual((await server.token(byPassword(user.email))).json.sso_connection_ids, []);
  });

  it('leads somebody who proved a password at our pages to its provider, and lets no other one’s answer in', async () => {
    await using server = await start();
    await using provider = await startOidcProvider();
    const acme = await connect(server, provider);
    const other = await connect(server, provider, { name: 'Other', domain: 'example.com' });
    const user = await makeUser(server, { email: 'grace@partner.com' });
    await makeMember(server, user.id, acme.organization.id);
    await setPolicy(server, acme, { sign_in_methods: ['SSO'] });
    const browser = server.browser();
    await browser.open(server.authorizeUrl());
    await browser.submit({ email: user.email }, '/sign-in?');
    await browser.submit({ password: goodPassword }, '/sign-in/password');
    assert.match(browser.path, /^\/sign-in\/method/);
    assert.match(browser.text, /Continue with Acme/);
    provider.person = { sub: 'grace-1', email: 'grace@partner.com' };
    await throughProvider(browser, provider, await browser.submit({}, '/sign-in/sso'));
    assert.match(browser.path, /^\/verify-email/, 'a guest proves the inbox, once');
    const finished = await browser.submit({ code: await server.codeFor(user.email) });
    const { json } = await server.token(byCode(codeOf(finished)));
    assert.deepEqual([json.organization_id, json.authentication_method], [acme.organization.id, 'SSO']);

    // Signed on at another organization's provider, which speaks for the address, they still have to go to Acme's.
    const ada = await makeUser(server, { email: 'ada@example.com' });
    await makeMember(server, ada.id, acme.organization.id);
    provider.person = { sub: 'ada-1', email: 'ada@example.com' };
    const hers = server.browser();
    await hers.open(server.authorizeUrl({ organization_id: acme.organization.id }));
    const back = await throughProvider(hers, provider, await hers.submit({ email: ada.email }, '/sign-in?'));
    assert.equal(back.location, null);
    assert.match(hers.path, /^\/sign-in\/method/);
    assert.notEqual(other.connectionId, acme.connectionId);
  });

  it('keeps a form of the provider step from skipping anything', async () => {
    await using server = await start();
    await using provider = await startOidcProvider();
    const acme = await connect(server, provider);
    const idle = await connect(server, provider, { name: 'Idle', domain: 'idle.com' });
    await server.api('DELETE', `/connections/${idle.connectionId}`);
    const browser = server.browser();
    await browser.open(server.authorizeUrl({ organization_id: acme.organization.id }));
    await browser.submit({ email: 'grace@example.com' }, '/sign-in?');
    const { action, hidden } = browser.form('/sign-in/sso');
    const forged = await server.browser().post(action, hidden);
    assert.equal(forged.status, 400, 'another browser');
    assert.equal((await browser.post(action, { ...hidden, csrf: 'x' })).status, 403);
    await browser.post(action, { ...hidden, connection_id: idle.connectionId });
    assert.match(browser.path, /^\/sign-in\?/, 'a connection that is no more');
    await browser.post(action, { ...hidden, step: 'organization' });
    assert.match(browser.path, /^\/sign-in/, 'a step that is not due');
  });
});
