import assert from 'node:assert/strict';
import { it } from 'node:test';
import { systemTenant } from '../../src/core/index.ts';
import { PolicyChange } from '../../src/organizations/policy.schema.ts';
import { updatePolicy } from '../../src/organizations/policy.ts';
import { goodPassword, onEachEngine, type TestServer } from '../harness.ts';
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
