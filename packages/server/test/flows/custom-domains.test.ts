/** Environments reached by a domain of their own: who gets one, what is there, and what a forged `Host` gets. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { after, beforeEach, it } from 'node:test';
import { forgetEverything } from '../../src/core/index.ts';
import { keepHouse } from '../../src/keep-house.ts';
import { fetchFrom } from '../at-host.ts';
import {
  answerOf,
  callbackUri,
  claimsOf,
  goodPassword,
  onEachEngine,
  TestBrowser,
  type TestServer,
} from '../harness.ts';
import { makeOrganization } from './organization-steps.ts';
import { departureOf, selecting } from './sso-steps.ts';
import {
  asOperator,
  becomeOwner,
  byCode,
  byRefresh,
  changeSettings,
  codeOf,
  eventsNamed,
  makeUser,
  otherEnvironment,
} from './steps.ts';

const name = 'auth.acme.example';

onEachEngine('custom domains', (start) => {
  let server: TestServer;
  let owner: TestBrowser;
  /** What DNS says, by name. */
  const txt = new Map<string, string>();
  const addresses = new Map<string, readonly string[]>();

  beforeEach(async () => {
    await server?.[Symbol.asyncDispose]();
    txt.clear();
    addresses.clear();
    addresses.set('localhost', ['127.0.0.1']);
    server = await start({
      resolveTxt: async (asked) => (txt.has(asked) ? [[txt.get(asked) ?? '']] : []),
      resolveAddresses: async (asked) => {
        const known = addresses.get(asked);
        if (!known) throw new Error(`ENOTFOUND ${asked}`);
        return known;
      },
    });
    owner = await becomeOwner(server);
  });
  after(() => server[Symbol.asyncDispose]());

  const call = (method: string, path: string, body?: unknown, environmentId = server.environmentId) =>
    asOperator({ url: server.url, environmentId }, owner, method, `/dashboard/api/custom_domains${path}`, { body });
  const add = async (wanted = name, environmentId = server.environmentId) => {
    const added = await call('POST', '', { name: wanted }, environmentId);
    assert.equal(added.status, 201, JSON.stringify(added.json));
    return added.json as { id: string; record: { name: string; value: string } };
  };
  const check = async ({ id }: { id: string }, environmentId = server.environmentId) =>
    (await call('POST', `/${id}/check`, undefined, environmentId)).json;
  const activate = ({ id }: { id: string }, body: object = {}, environmentId = server.environmentId) =>
    call('POST', `/${id}/activate`, body, environmentId);
  /** Proved, pointed here and in use. */
  const use = async (wanted = name, environmentId = server.environmentId) => {
    const domain = await add(wanted, environmentId);
    txt.set(domain.record.name, domain.record.value);
    addresses.set(wanted, ['127.0.0.1']);
    await check(domain, environmentId);
    const active = await activate(domain, {}, environmentId);
    assert.equal(active.status, 200, JSON.stringify(active.json));
    return active.json as { id: string; name: string; url: string };
  };
  const port = () => Number(new URL(server.url).port);
  const origin = (host = name) => `http://${host}:${port()}`;
  const through = (url: string, init?: RequestInit) => fetchFrom(port())(url, init);
  const browserAt = (host = name) => new TestBrowser(origin(host), through);
  const get = async (url: string, headers: Record<string, string> = {}) =>
    answerOf(await through(url, { headers: { accept: 'text/html', ...headers } }));
  const authorizeAt = (host: string, more: Record<string, string> = {}) =>
    server.authorizeUrl(more).replace(server.url, origin(host));

  it('are proved by a record beside the name, and used from a click on', async () => {
    const added = await add(' Auth.ACME.example ');
    assert.deepEqual(
      { ...added, id: '', created_at: '', updated_at: '', record: { ...added.record, value: '' } },
      {
        object: 'custom_domain',
        id: '',
        name,
        state: 'pending',
        url: origin(),
        record: { name: `_authkit.${name}`, value: '', found: false },
        target: { host: 'localhost', found: false },
        checked_at: null,
        created_at: '',
        updated_at: '',
      },
    );
    assert.match(added.record.value, /^authkit-domain=[0-9A-Za-z]{32}$/);
    assert.equal((await check(added)).state, 'pending');
    assert.equal((await activate(added, { anyway: true })).status, 409);
    txt.set(name, added.record.value);
    assert.equal((await check(added)).state, 'pending', 'a record at another name proves nothing');
    txt.set(added.record.name, `${added.record.value}x`);
    assert.equal((await check(added)).state, 'pending');
    txt.set(added.record.name, added.record.value);
    const verified = await check(added);
    assert.deepEqual([verified.state, verified.record.found, verified.target.found], ['verified', true, false]);
    assert.equal((await get(`${origin()}/sign-in`)).location?.href, 'http://localhost:3000/login');

    assert.equal((await activate(added)).status, 409);
    addresses.set(name, ['192.0.2.7', '127.0.0.1']);
    assert.equal((await check(added)).target.found, true);
    const active = await activate(added);
    assert.equal(active.json.state, 'active');
    const names = ['created', 'verified', 'activated', 'deactivated'] as const;
    const counted = await Promise.all(
      names.map(async (what) => (await eventsNamed(server, `custom_domain.${what}`)).length),
    );
    assert.deepEqual(counted, [1, 1, 1, 0]);
    assert.equal((await call('POST', `/${added.id}/deactivate`)).json.state, 'verified');
    assert.equal((await call('POST', `/${added.id}/deactivate`)).status, 409);
  });

  it('are found by house-keeping when their record comes later, and used behind a proxy when somebody insists', async () => {
    const added = await add();
    await keepHouse(server.running.services);
    txt.set(added.record.name, added.record.value);
    await keepHouse(server.running.services);
    assert.equal((await call('GET', '')).json.data[0].state, 'pending', 'it was looked for a moment ago');
    server.clock.advance(601);
    await keepHouse(server.running.services);
    owner = await becomeOwnerAgain();
    assert.equal((await call('GET', '')).json.data[0].state, 'verified');
    addresses.set(name, ['203.0.113.9']);
    await check(added);
    assert.equal((await activate(added)).status, 409);
    assert.equal((await activate(added, { anyway: true })).json.state, 'active');
  });
  /** Ten minutes later an operator has to prove anew who they are. */
  const becomeOwnerAgain = async () => {
    await owner.open('/dashboard/login?fresh=1');
    await owner.submit({ email: 'owner@example.com' }, '/sign-in?');
    await owner.submit({ password: goodPassword }, '/sign-in/password');
    return owner;
  };

  it('are names that somebody can own, and not the server’s', async () => {
    for (const wrong of [
      '',
      'acme',
      'co.uk',
      '127.0.0.1',
      '[::1]',
      'localhost',
      'https://auth.acme.example',
      'auth.acme.example:443',
      'auth.acme.example/x',
      'a b.example.com',
      '*.acme.example',
      'auth..acme.example',
      '-a.acme.example',
      'user@acme.example',
      `${'a'.repeat(64)}.example.com`,
    ])
      assert.equal((await call('POST', '', { name: wrong })).status, 422, wrong);
    assert.equal(((await add('bücher.example.com')) as unknown as { name: string }).name, 'xn--bcher-kva.example.com');
    assert.equal((await call('POST', '', { name: 'XN--BCHER-KVA.example.com' })).status, 409);
  });

  it('belong to the environment that proved them, however many claim one', async () => {
    const other = await otherEnvironment(server);
    const [ours, theirs] = [await add(), await add(name, other.environmentId)];
    assert.notEqual(ours.record.value, theirs.record.value);
    txt.set(theirs.record.name, theirs.record.value);
    assert.equal((await check(ours)).state, 'pending');
    assert.equal((await check(theirs, other.environmentId)).state, 'verified');
    txt.set(ours.record.name, ours.record.value);
    const refused = await call('POST', `/${ours.id}/check`);
    assert.deepEqual([refused.status, refused.json.code], [409, 'custom_domain_taken']);
    assert.equal((await activate(ours, { anyway: true })).status, 409);
    assert.equal((await call('GET', '')).json.data[0].state, 'pending');
    assert.equal((await call('DELETE', `/${theirs.id}`)).status, 404, 'nobody else’s to remove');
    assert.equal((await activate(theirs, { anyway: true }, other.environmentId)).json.state, 'active');
  });

  it('go to one of two that prove one name at the same moment', async () => {
    const other = await otherEnvironment(server);
    const [ours, theirs] = [await add(), await add(name, other.environmentId)];
    const { resolveTxt } = server.running.services;
    Object.assign(server.running.services, {
      resolveTxt: async () => [[ours.record.value], [theirs.record.value]],
    });
    await Promise.all([check(ours), check(theirs, other.environmentId)]);
    Object.assign(server.running.services, { resolveTxt });
    const states = [(await call('GET', '')).json, (await call('GET', '', undefined, other.environmentId)).json];
    assert.deepEqual(states.map(({ data }) => data[0].state).sort(), ['pending', 'verified']);
  });

  it('are not to be had by a record that was left behind', async () => {
    const active = await use();
    const old = txt.get(`_authkit.${name}`);
    assert.equal((await call('DELETE', `/${active.id}`)).status, 204);
    assert.equal((await get(`${origin()}/tls/ask?domain=${name}`)).status, 404);
    const other = await otherEnvironment(server);
    const theirs = await add(name, other.environmentId);
    const again = await add();
    assert.equal(txt.get(`_authkit.${name}`), old);
    assert.equal((await check(theirs, other.environmentId)).state, 'pending');
    assert.equal((await check(again)).state, 'pending');
    // Whoever proves it anew gets it, and what was signed in there before is of no use to them, nor they to it.
    txt.set(theirs.record.name, theirs.record.value);
    await check(theirs, other.environmentId);
    assert.equal((await activate(theirs, {}, other.environmentId)).status, 200);
    assert.equal((await get(authorizeAt(name))).status, 400);
  });

  it('carry a whole sign-in: pages, cookies, tokens and what mails link to', async () => {
    await use();
    const browser = browserAt();
    const email = 'ada@example.com';
    // The app speaks to the server's own name, and the browser is led to the domain.
    const led = await get(server.authorizeUrl({ state: 'a b/ü' }));
    assert.equal(led.status, 302);
    assert.equal(led.location?.href, authorizeAt(name, { state: 'a b/ü' }));
    assert.equal(led.headers.getSetCookie().length, 0);
    await browser.open(led.location?.href ?? '');
    assert.equal(browser.path.split('?')[0], '/sign-in');
    await browser.submit({ email }, '/sign-in?');
    await browser.open(/href="(\/sign-up\?[^"]*)"/.exec(browser.text)?.[1]?.replaceAll('&amp;', '&') ?? '');
    await browser.submit({ email, password: goodPassword });
    const done = await browser.submit({ code: await server.codeFor(email) });
    assert.equal(done.location?.origin, new URL(callbackUri).origin);
    const [mail] = await server.mails(email);
    assert.match(mail?.text ?? '', new RegExp(`@${name} #\\d{6}\\n$`));

    const exchanged = await server.token(byCode(codeOf(done)));
    assert.equal(exchanged.status, 200, exchanged.text);
    const { iss } = claimsOf(exchanged.json.access_token);
    assert.equal(iss, `${origin()}/user_management/${server.clientId}`);
    // The keys that verify it are at the domain as well as at the server's own name.
    const keys = await Promise.all(
      [origin(), server.url].map(async (at) => (await get(`${at}/sso/jwks/${server.clientId}`)).json),
    );
    assert.deepEqual(keys[0], keys[1]);
    // Wherever a token is refreshed it is issued by the same.
    const refreshed = await answerOf(
      await through(`${origin()}/user_management/authenticate`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          client_id: server.clientId,
          client_secret: server.apiKey,
          grant_type: 'refresh_token',
          refresh_token: exchanged.json.refresh_token,
        }),
      }),
    );
    assert.equal(claimsOf(refreshed.json.access_token).iss, iss);
    // The browser is signed in at the domain.
    assert.ok(codeOf(await browser.open(authorizeAt(name))));
    assert.equal((await browser.open(`/account`)).status, 200);
    assert.match(browser.text, /ada@example\.com/);
  });

  it('stand in every link that is mailed or answered, whichever host was asked', async () => {
    await use();
    const { email } = await makeUser(server);
    const links = async () => {
      const reset = await server.api('POST', '/user_management/password_reset', { email });
      const invitation = await server.api('POST', '/user_management/invitations', {
        email: `i${Math.random()}@example.com`,
      });
      const device = await answerOf(
        await through(`${server.url}/user_management/authorize/device`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ client_id: server.clientId }),
        }),
      );
      await server.running.services.jobs.idle();
      const mailed = [...(await server.mails(email)), ...(await server.mails(invitation.json.email))].flatMap(
        ({ text }) => text.match(/https?:\/\/\S+/g) ?? [],
      );
      return [
        reset.json.password_reset_url,
        invitation.json.accept_invitation_url,
        device.json.verification_uri,
        ...mailed,
      ];
    };
    const found = await links();
    assert.equal(found.length, 5);
    assert.deepEqual([...new Set(found.map((url) => new URL(url).origin))], [origin()]);
    const read = await asOperator(server, owner, 'GET', '/dashboard/api/environment');
    assert.deepEqual(
      [read.json.base_url, read.json.issuer],
      [origin(), `${origin()}/user_management/${server.clientId}`],
    );
    const providers = await asOperator(server, owner, 'GET', '/dashboard/api/social_providers');
    assert.ok(providers.json.data[0].callback_url.startsWith(`${origin()}/sso/oauth/`));
  });

  it('are where providers send people back to: simulated ones follow, and connections say so', async () => {
    await use();
    const browser = browserAt();
    await browser.open(authorizeAt(name));
    const left = await browser.submit({ provider: 'GoogleOAuth' }, '/sign-in/social');
    const link = /https?:[^"]*\/dev\/providers\/google\/[^"]*/.exec(left.text)?.[0]?.replaceAll('&amp;', '&') ?? '';
    assert.equal(new URL(link).origin, server.url);
    const provider = server.browser();
    await provider.open(link);
    const back = await provider.submit({ persona: 'verified', email: 'ada@example.com' });
    assert.ok(back.location?.href.startsWith(`${origin()}/sso/oauth/google/callback?`), `${back.location}`);
    assert.ok(codeOf(await browser.open(back.location?.href ?? '')));
    // A domain that is nobody's is no place to be sent back to.
    const stolen = new URL(link);
    stolen.searchParams.set('redirect_uri', 'http://evil.example/sso/oauth/google/callback');
    assert.equal((await get(stolen.href)).status, 422);

    const { json: organization } = await server.api('POST', '/organizations', { name: 'Acme' });
    const made = await asOperator(server, owner, 'POST', '/dashboard/api/connections', {
      body: { organization_id: organization.id, name: 'Acme', connection_type: 'GenericOIDC' },
    });
    assert.equal(made.json.redirect_uri, `${origin()}/sso/oidc/callback/${made.json.id}`);
  });

  const connectAt = async (organizationId: string, connectionType: string) => {
    const at = (path: string, method: string, body?: unknown) =>
      asOperator(server, owner, method, `/dashboard/api/connections${path}`, { body });
    const wanted = { organization_id: organizationId, name: connectionType, connection_type: connectionType };
    const { id } = (await at('', 'POST', wanted)).json;
    assert.equal((await at(`/${id}/simulated_provider`, 'PUT', { strict: false })).status, 200);
    const { status, json } = await at(`/${id}/activate`, 'PUT');
    assert.equal(status, 200, JSON.stringify(json));
    return json as { id: string; acs_url: string | null; metadata_url: string | null; redirect_uri: string | null };
  };

  it('carry a whole sign-on at an organization’s provider, by SAML and by OpenID Connect', async () => {
    await use();
    const organization = await makeOrganization(server, 'Acme', {
      domain_data: [{ domain: 'acme.com', state: 'verified' }],
    });
    for (const connectionType of ['GenericSAML', 'GenericOIDC']) {
      const connection = await connectAt(organization.id, connectionType);
      const known = connection.acs_url ?? connection.redirect_uri ?? '';
      assert.equal(new URL(known).origin, origin(), connectionType);
      const browser = browserAt();
      // The app asks at the server's own name, and the browser is led to the domain before anything begins.
      const led = await get(selecting(server, { connection_id: connection.id, state: 'mine' }));
      assert.equal(led.location?.origin, origin());
      const departure = departureOf(await browser.open(led.location?.href ?? ''));
      assert.equal(departure.origin, server.url, 'the provider is somebody else');
      const provider = server.browser();
      await provider.open(departure.href);
      const answer = await provider.submit({ persona: 'employee', email: 'ada@acme.com' });
      const landed = answer.location ?? (await postedTo(known, provider.form())).location;
      assert.equal(landed?.origin, origin(), `${connectionType} comes back to the domain`);
      const done = await browser.open(landed?.href ?? '');
      assert.equal(done.location?.searchParams.get('state'), 'mine');
      const { status, json, text } = await server.token(byCode(codeOf(done)));
      assert.equal(status, 200, text);
      assert.deepEqual(
        [json.user.email, json.organization_id, json.authentication_method, claimsOf(json.access_token).iss],
        ['ada@acme.com', organization.id, 'SSO', `${origin()}/user_management/${server.clientId}`],
      );
      assert.ok(codeOf(await browser.open(authorizeAt(name))), 'signed in at the domain');

      // Tried out from the dashboard, which is at the server's own name, it goes the same way and comes back there.
      const at = `/dashboard/api/connections/${connection.id}`;
      await provider.open((await asOperator(server, owner, 'POST', `${at}/test`)).json.url);
      const tried = await provider.submit({ persona: 'employee', email: 'ada@acme.com' });
      const shown = tried.location ? await get(tried.location.href) : await postedTo(known, provider.form());
      assert.equal(shown.location?.origin, server.url, `${tried.location}`);
      const ticket = shown.location?.searchParams.get('ticket') ?? '';
      const result = await asOperator(server, owner, 'POST', `${at}/test_result`, { body: { ticket } });
      assert.deepEqual([result.json.outcome, result.json.profile?.email], ['identified', 'ada@acme.com']);
    }
  });

  /** What the page of a SAML provider posts, which has to go where the connection said. */
  const postedTo = async (acs: string, { action, hidden }: { action: string; hidden: Record<string, string> }) => {
    assert.equal(action, acs);
    return answerOf(await through(action, { method: 'POST', body: new URLSearchParams(hidden) }));
  };

  it('take a SAML answer that was meant for them at no other name', async () => {
    await use();
    const organization = await makeOrganization(server, 'Acme', {
      domain_data: [{ domain: 'acme.com', state: 'verified' }],
    });
    const { id } = await connectAt(organization.id, 'GenericSAML');
    const browser = browserAt();
    const departure = departureOf(
      await browser.open(selecting(server, { connection_id: id }).replace(server.url, origin())),
    );
    const provider = server.browser();
    await provider.open(departure.href);
    await provider.submit({ persona: 'employee', email: 'ada@acme.com' });
    const { action, hidden } = provider.form();
    const elsewhere = await answerOf(
      await fetch(action.replace(origin(), server.url), {
        method: 'POST',
        redirect: 'manual',
        body: new URLSearchParams(hidden),
      }),
    );
    const end = elsewhere.location
      ? await browser.open(elsewhere.location.href.replace(server.url, origin()))
      : elsewhere;
    assert.equal(end.location?.searchParams.get('code') ?? null, null, end.text.slice(0, 300));
    assert.deepEqual((await server.api('GET', '/user_management/users')).json.data, []);
  });

  it('leave an impersonation at the server’s own name, where it began, with tokens as at the domain', async () => {
    await use();
    await changeSettings(server, { impersonation: true });
    const user = await makeUser(server);
    const asked = await asOperator(server, owner, 'POST', `/dashboard/api/users/${user.id}/impersonation`, {
      body: { reason: 'Ticket 4711' },
    });
    assert.equal(asked.status, 201, JSON.stringify(asked.json));
    for (const line of asked.headers.getSetCookie()) {
      const [, key = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      owner.cookies.set(key, value);
    }
    // An app that uses the domain finds nobody waiting: the operator's cookie is the dashboard's host's.
    const there = browserAt();
    await there.open(authorizeAt(name));
    assert.match(there.path, /^\/sign-in\?/);
    const page = await owner.open(server.authorizeUrl({ state: 'mine' }));
    assert.equal(page.status, 200, `${page.location}`);
    assert.match(owner.path, /^\/impersonate\?/);
    const done = await owner.submit({}, '/impersonate');
    assert.equal(done.location?.searchParams.get('state'), 'mine');
    const { json } = await server.token(byCode(codeOf(done)));
    const { act, iss } = claimsOf(json.access_token);
    assert.deepEqual(
      [json.user.id, json.authentication_method, act, iss],
      [user.id, 'Impersonation', { sub: 'owner@example.com' }, `${origin()}/user_management/${server.clientId}`],
    );
    const refreshed = await server.token(byRefresh(json.refresh_token));
    assert.deepEqual([refreshed.status, claimsOf(refreshed.json.access_token).act], [200, act]);
    // Nobody is signed in at the domain by it.
    await there.open(authorizeAt(name));
    assert.match(there.path, /^\/sign-in\?/);
  });

  it('make a mailed link work there: reset and invitation', async () => {
    await use();
    const { email } = await makeUser(server);
    const browser = browserAt();
    await browser.open('/forgot-password');
    await browser.submit({ email });
    const [mail] = await server.mails(email);
    const link = /https?:\/\/\S+reset-password\S+/.exec(mail?.text ?? '')?.[0] ?? '';
    await browser.open(link);
    assert.match((await browser.submit({ password: 'a rather different passphrase' })).text, /password/i);
    const invitation = await server.api('POST', '/user_management/invitations', { email: 'new@example.com' });
    const opened = await get(invitation.json.accept_invitation_url);
    assert.equal(opened.status, 200);
    assert.match(opened.text, /new@example\.com/);
  });

  it('show nothing of another environment, by whatever name it is asked for', async () => {
    await use();
    const other = await otherEnvironment(server);
    const theirs = (method: string, path: string, body?: unknown) =>
      server.api(method, path, body, { authorization: `Bearer ${other.apiKey}` });
    const { email, id } = (
      await theirs('POST', '/user_management/users', {
        email: 'eve@example.com',
        password: goodPassword,
        email_verified: true,
      })
    ).json;
    const reset = (await theirs('POST', '/user_management/password_reset', { email })).json;
    const invitation = (await theirs('POST', '/user_management/invitations', { email: 'invited@example.com' })).json;
    const authorizeTheirs = `/user_management/authorize?${new URLSearchParams({ client_id: other.clientId, redirect_uri: callbackUri, response_type: 'code', provider: 'authkit' })}`;
    // At the server's own name all of it is there.
    const browser = server.browser();
    await browser.open(authorizeTheirs);
    await browser.submit({ email }, '/sign-in?');
    const attempt = new URL(browser.path, server.url).searchParams.get('attempt');
    assert.equal((await browser.open(`/sign-in?attempt=${attempt}`)).status, 200);
    const cookie = [...browser.cookies].map(([key, value]) => `${key}=${value}`).join('; ');
    const withPassword = await browser
      .submit({ email }, '/sign-in?')
      .then(() => browser.submit({ password: goodPassword }, '/sign-in/password'));
    const session = await answerOf(
      await fetch(`${server.url}/user_management/authenticate`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          client_id: other.clientId,
          client_secret: other.apiKey,
          grant_type: 'authorization_code',
          code: codeOf(withPassword),
        }),
      }),
    );
    const { sid } = claimsOf(session.json.access_token);

    const paths = [
      authorizeTheirs,
      `/sign-in?client_id=${other.clientId}`,
      `/sign-in?attempt=${attempt}`,
      `/account?client_id=${other.clientId}`,
      `/sso/jwks/${other.clientId}`,
      `/reset-password?token=${reset.password_reset_token}`,
      `/invite?invitation_token=${invitation.token}`,
      `/user_management/sessions/logout?session_id=${sid}`,
    ];
    for (const path of paths) {
      const { status, text, location } = await get(origin() + path, { cookie });
      assert.ok(status >= 400 && status < 500, `${path}: ${status} ${location}`);
      assert.doesNotMatch(text, /Other app|eve@example\.com|invited@example\.com/, path);
    }
    const listed = await theirs('GET', `/user_management/users/${id}/sessions`);
    assert.deepEqual(
      listed.json.data.map(({ status }: { status: string }) => status),
      ['active'],
      'nothing was ended',
    );
    // A client's own credentials are of its own address; an API key may come on any host, and acts on its own environment.
    const grant = await answerOf(
      await through(`${origin()}/user_management/authenticate`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          client_id: other.clientId,
          client_secret: other.apiKey,
          grant_type: 'refresh_token',
          refresh_token: session.json.refresh_token,
        }),
      }),
    );
    assert.ok(grant.status >= 400 && grant.status < 500, grant.text);
    const byKey = await get(`${origin()}/user_management/users`, { authorization: `Bearer ${other.apiKey}` });
    assert.deepEqual(
      byKey.json.data.map((user: { email: string }) => user.email),
      ['eve@example.com'],
    );
  });

  it('get the bare pages of their environment, and not those of the first one', async () => {
    const other = await otherEnvironment(server, { signInEndpoint: 'http://localhost:3000/other-login' });
    await use('login.other.example', other.environmentId);
    for (const path of ['/sign-in', '/'])
      assert.equal(
        (await browserAt('login.other.example').open(path)).location?.href,
        'http://localhost:3000/other-login',
      );
    assert.equal((await browserAt('nobody.example').open('/sign-in')).location?.href, 'http://localhost:3000/login');
    const forgot = browserAt('login.other.example');
    await forgot.open('/forgot-password');
    assert.match(forgot.text, /Other app/);
  });

  it('are no door to the dashboard, the documents or the development server', async () => {
    await use();
    for (const path of [
      '/dashboard',
      '/dashboard/login',
      '/dashboard/api/environment',
      '/dashboard/setup?token=x',
      '/docs',
      '/dev/mailbox',
      '/dev/clock',
    ])
      assert.equal((await get(origin() + path, { authorization: `Bearer ${server.apiKey}` })).status, 404, path);
  });

  it('is the relying party of passkeys made there', async () => {
    await use('auth.acme.localhost');
    const { email } = await makeUser(server);
    const browser = browserAt('auth.acme.localhost');
    await browser.open(authorizeAt('auth.acme.localhost'));
    await browser.submit({ email }, '/sign-in?');
    const options = await browser.post(
      `/sign-in/passkey/options${browser.path.slice(browser.path.indexOf('?'))}`,
      browser.form().hidden,
    );
    assert.equal(options.json?.rpId ?? options.json?.publicKey?.rpId, 'auth.acme.localhost', options.text);
  });

  it('let a proxy fetch certificates for names in use and no others', async () => {
    const pending = await add('pending.acme.example');
    await use();
    const ask = async (domain: string) =>
      (await get(`${server.url}/tls/ask?domain=${encodeURIComponent(domain)}`)).status;
    assert.deepEqual(
      await Promise.all(
        [
          name,
          name.toUpperCase(),
          'localhost',
          'pending.acme.example',
          'nobody.example',
          '',
          `${name}.`,
          `x.${name}`,
        ].map(ask),
      ),
      [200, 200, 200, 404, 404, 404, 404, 404],
    );
    txt.set(pending.record.name, pending.record.value);
    await check(pending);
    assert.equal(await ask('pending.acme.example'), 404, 'proved is not in use');
    await activate(pending, { anyway: true });
    assert.deepEqual([await ask('pending.acme.example'), await ask(name)], [200, 404], 'one of them at a time');
    // Another node learns of it once its memory is over; this one at once.
    forgetEverything();
    assert.equal(await ask('pending.acme.example'), 200);
  });

  it('cannot be forged: a Host gets into no mail, redirect, cookie or token', async () => {
    await changeSettings(server, { newDeviceNotice: true });
    const { email } = await makeUser(server);
    const forged = [
      'evil.example',
      `evil.example:${port()}`,
      `${name}.evil.example`,
      'localhost@evil.example',
      `auth.acme.example:1`,
      '127.0.0.1',
      'localhost:9',
      `${name}:${port()}:1`,
    ];
    for (const active of [false, true]) {
      if (active) await use();
      const home = active ? origin() : server.url;
      for (const host of forged) {
        const headers = {
          host,
          'x-forwarded-host': 'evil.example',
          forwarded: 'host=evil.example',
          'x-forwarded-proto': 'https',
          'x-original-host': 'evil.example',
        };
        const at = (path: string, init: RequestInit = {}) =>
          through(server.url + path, { ...init, headers: { ...headers, ...(init.headers as object) } }).then(answerOf);
        const page = await at('/forgot-password', {
          method: 'POST',
          body: new URLSearchParams({ csrf: 'none', step: 'forgot_password', email }),
        });
        assert.equal(page.status, 200, host);
        await at('/user_management/invitations', {
          method: 'POST',
          headers: { authorization: `Bearer ${server.apiKey}`, 'content-type': 'application/json' },
          body: JSON.stringify({ email: `${forged.indexOf(host)}-${active}@example.com` }),
        });
        const led = await at(new URL(server.authorizeUrl()).pathname + new URL(server.authorizeUrl()).search);
        const answers = JSON.stringify([page.text, led.location?.href ?? '', ...led.headers]);
        assert.doesNotMatch(answers, /evil/, host);
        assert.ok(led.location?.href.startsWith(active ? home : `${server.url}/sign-in`), `${led.location}`);
      }
      await server.running.services.jobs.idle();
      const mails = (await server.mails()).filter(({ to }) => to !== 'owner@example.com');
      assert.doesNotMatch(JSON.stringify(mails), /evil/);
      const [newest] = mails;
      assert.ok(newest?.text.includes(home), newest?.text);
    }
  });

  it('lead nowhere else by a request target in absolute form', async () => {
    await use();
    const { pathname, search } = new URL(server.authorizeUrl());
    const asked = request({ host: '127.0.0.1', port: port(), path: `http://evil.example${pathname}${search}` });
    asked.end();
    const [answer] = (await once(asked, 'response')) as [IncomingMessage];
    answer.resume();
    assert.doesNotMatch(JSON.stringify(answer.headers), /evil/);
    assert.equal(new URL(answer.headers.location ?? '', server.url).origin, server.url);
  });
});
