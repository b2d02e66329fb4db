/** Signing in by SAML over HTTP, at the simulated identity provider, from the app and back. */
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { it } from 'node:test';
import { sql, systemTenant } from '../../src/core/index.ts';
import { samlKeyIn } from '../../src/dev/providers/idp/saml-key.ts';
import { keepHouse } from '../../src/keep-house.ts';
import { updateConnection } from '../../src/sso/connections.ts';
import { noteExpiringCertificates, spEntityId } from '../../src/sso/index.ts';
import { beginTryOut, takeTryOut } from '../../src/sso/try-out.ts';
import { answerOf, callbackUri, claimsOf, onEachEngine, type TestBrowser, type TestServer } from '../harness.ts';
import { otherKey, samlConnection, simulatedConnection } from '../saml.ts';
import { asOperator, becomeOwner, eventsNamed } from './steps.ts';

/** The answer that the provider's page posts for somebody, before any browser has posted it. */
async function answered(browser: TestBrowser, fields: Record<string, string> = {}) {
  await browser.submit({ persona: 'employee', email: 'ada@acme.com', ...fields });
  return browser.form();
}

/** As another site's form does it: without a cookie of ours. */
const postAnswer = async ({ action, hidden }: { action: string; hidden: Record<string, string> }) =>
  answerOf(
    await fetch(action, {
      method: 'POST',
      redirect: 'manual',
      body: new URLSearchParams(hidden),
      headers: { origin: 'https://idp.example' },
    }),
  );

const claimsFrom = async (server: TestServer, location: URL | null) => {
  const code = location?.searchParams.get('code') ?? assert.fail(`no code: ${location}`);
  const { json, status, text } = await server.token({ grant_type: 'authorization_code', code });
  assert.equal(status, 200, text);
  return { ...json, claims: claimsOf(json.access_token) };
};

onEachEngine('signing in by SAML', (start) => {
  it('goes from the address to the provider, and back to the app with a code', async () => {
    await using server = await start();
    const { organizationId } = await simulatedConnection(server);
    const browser = server.browser();
    await browser.open(server.authorizeUrl({ state: 'mine' }));
    await browser.submit({ email: 'ada@acme.com' });
    assert.match(browser.path, /^\/dev\/providers\/idp\/conn_\w+\/saml\/sign-on\?/);
    assert.match(browser.text, /value="ada@acme\.com"/);
    const landed = await postAnswer(await answered(browser));
    assert.equal(landed.status, 303);
    const done = await browser.open(landed.location?.href ?? '');
    assert.equal(done.location?.searchParams.get('state'), 'mine');
    const { user, organization_id, authentication_method: method } = await claimsFrom(server, done.location);
    assert.deepEqual(
      { email: user.email, first: user.first_name, verified: user.email_verified, organization_id, method },
      { email: 'ada@acme.com', first: 'Ada', verified: true, organization_id: organizationId, method: 'SSO' },
    );
  });

  it('takes no answer twice, and none in another browser than the one that asked', async () => {
    await using server = await start();
    const { connection } = await simulatedConnection(server);
    const browser = server.browser();
    const go = () =>
      browser.open(server.authorizeUrl({ provider: '', connection_id: connection.id }).replace('provider=&', ''));
    await go();
    const answer = await answered(browser);
    const landed = await postAnswer(answer);
    // Somebody else is led to the end of this sign-in: the account would not be theirs.
    const lured = await server.browser().open(landed.location?.href ?? '');
    assert.equal(lured.status, 400);
    assert.equal((await postAnswer(answer)).status, 400);
    const done = await browser.open(landed.location?.href ?? '');
    assert.ok(done.location?.searchParams.get('code'));
    await go();
    const second = await answered(browser);
    // The new trip's state with the old answer: it says which question it was to.
    const { hidden } = answer;
    const replayed = await postAnswer({ ...second, hidden: { ...hidden, RelayState: second.hidden.RelayState ?? '' } });
    const refused = await browser.open(replayed.location?.href ?? '');
    assert.equal(refused.location?.searchParams.get('error'), 'oauth_failed');
  });

  it('refuses what the provider gets wrong, and tells the app', async () => {
    await using server = await start();
    const { connection } = await simulatedConnection(server);
    const url = server.authorizeUrl().replace('provider=authkit', `connection_id=${connection.id}`);
    for (const [persona, error] of [
      ['wrong_audience', 'oauth_failed'],
      ['expired', 'oauth_failed'],
      ['unsigned', 'oauth_failed'],
      ['error', 'oauth_failed'],
      ['refuse', 'access_denied'],
      ['guest', 'profile_not_allowed_outside_organization'],
    ] as const) {
      const browser = server.browser();
      await browser.open(url);
      const landed = await postAnswer(await answered(browser, { persona }));
      const { location } = await browser.open(landed.location?.href ?? '');
      assert.equal(location?.searchParams.get('error'), error, persona);
      assert.equal(location?.searchParams.get('code'), null, persona);
    }
  });

  it('that begins at the provider asks first, then leads to the app by its own sign-in', async () => {
    await using server = await start();
    const { connection, organizationId } = await simulatedConnection(server, { isIdpInitiatedAllowed: true });
    const browser = server.browser();
    await browser.open(`/dev/providers/idp/${connection.id}/saml/start`);
    const landed = await postAnswer(await answered(browser));
    await browser.open(landed.location?.href ?? '');
    assert.match(browser.path, /^\/sso\/consent\?/);
    assert.match(browser.text, /ada@acme\.com/);
    const agreed = await browser.submit({});
    const endpoint = agreed.location ?? assert.fail('nowhere');
    assert.equal(endpoint.href.split('?')[0], 'http://localhost:3000/login');
    assert.equal(endpoint.searchParams.get('organization_id'), organizationId);
    const done = await browser.open(server.authorizeUrl({ organization_id: organizationId }));
    const { user, organization_id } = await claimsFrom(server, done.location);
    assert.deepEqual([user.email, organization_id], ['ada@acme.com', organizationId]);
    assert.equal((await browser.open(landed.location?.href ?? '')).status, 400, 'the ticket is spent');
  });

  it('that begins at the provider is nobody’s in a browser that did not agree', async () => {
    await using server = await start();
    const { connection } = await simulatedConnection(server, { isIdpInitiatedAllowed: true });
    const attacker = server.browser();
    await attacker.open(`/dev/providers/idp/${connection.id}/saml/start`);
    const landed = await postAnswer(await answered(attacker, { email: 'eve@acme.com' }));
    await attacker.open(landed.location?.href ?? '');
    const { hidden } = attacker.form();
    // A form of the attacker's site in the victim's browser: the page's cookie is not there, or it is of another page.
    const victim = server.browser();
    assert.equal((await victim.post('/sso/consent', hidden)).status, 403);
    await victim.open(landed.location?.href ?? '');
    const shown = victim.form().hidden;
    assert.equal((await victim.post('/sso/consent', hidden)).status, 403);
    const foreign = { origin: 'https://evil.example' };
    assert.equal((await victim.post('/sso/consent', shown, foreign)).status, 403);
    const none = await victim.open(server.authorizeUrl({ prompt: 'none' }));
    assert.equal(none.location?.searchParams.get('error'), 'login_required');
    const denied = await attacker.submit({ choice: 'cancel' });
    assert.equal(denied.location?.href.split('?')[0], callbackUri);
    assert.equal(denied.location?.searchParams.get('error'), 'signin_consent_denied');
    assert.equal((await victim.open(landed.location?.href ?? '')).status, 400);
  });

  it('that begins at the provider is refused where it is off, and an unasked answer is none to a trip', async () => {
    await using server = await start();
    const { connection } = await simulatedConnection(server);
    const browser = server.browser();
    await browser.open(`/dev/providers/idp/${connection.id}/saml/start`);
    assert.equal((await postAnswer(await answered(browser))).status, 400);
  });

  it('that was only tried out signs nobody in, and a sign-in’s answer is no trial’s', async () => {
    await using server = await start();
    const { connection } = await simulatedConnection(server);
    const { services } = server.running;
    const tenant = systemTenant(server.environmentId);
    const browser = server.browser();
    await browser.open((await beginTryOut(services, tenant, connection)).href);
    const tried = (await postAnswer(await answered(browser))).location ?? assert.fail('nowhere');
    assert.equal(tried.pathname, `/dashboard/connections/${connection.id}/test`);
    const ticket = tried.searchParams.get('ticket') ?? '';
    for (const path of ['/sso/return', '/sso/consent']) {
      assert.equal((await browser.open(`${path}?ticket=${ticket}`)).status, 400, path);
    }
    const elsewhere = await simulatedConnection(server, { domain: 'globex.com' });
    assert.equal(await takeTryOut(services, tenant, elsewhere.connection, ticket), null);
    assert.equal(await takeTryOut(services, systemTenant('environment_other'), connection, ticket), null);
    assert.equal((await takeTryOut(services, tenant, connection, ticket))?.outcome, 'identified');
    assert.equal(await takeTryOut(services, tenant, connection, ticket), null);
    await browser.open(server.authorizeUrl());
    await browser.submit({ email: 'ada@acme.com' });
    const asked = (await postAnswer(await answered(browser))).location?.searchParams.get('ticket') ?? '';
    assert.equal(await takeTryOut(services, tenant, connection, asked), null);
  });

  it('signs its requests and opens what is encrypted, at a provider that takes nothing else', async () => {
    await using server = await start();
    const { connection, organizationId } = await simulatedConnection(server, { isStrict: true });
    assert.equal(connection.isRequestSigned, true, 'the metadata says so');
    const toProvider = async (browser: TestBrowser) => {
      await browser.open(server.authorizeUrl());
      await browser.submit({ email: 'ada@acme.com' });
      assert.match(browser.path, /\/saml-strict\/sign-on\?/);
      return browser.path;
    };
    const browser = server.browser();
    await toProvider(browser);
    const posted = await answered(browser);
    const xml = Buffer.from(posted.hidden.SAMLResponse ?? '', 'base64').toString();
    assert.match(xml, /<saml:EncryptedAssertion>/);
    assert.doesNotMatch(xml, /ada@acme\.com/);
    const done = await browser.open((await postAnswer(posted)).location?.href ?? '');
    const { user, organization_id } = await claimsFrom(server, done.location);
    assert.deepEqual([user.email, organization_id], ['ada@acme.com', organizationId]);

    // Without a signature, with another relay state under it, or with one of another connection it is not even asked.
    const path = await toProvider(server.browser());
    const cut = (change: (query: URLSearchParams) => void): string => {
      const url = new URL(path, server.url);
      change(url.searchParams);
      return url.pathname + url.search;
    };
    const broken = [
      cut((query) => query.delete('Signature')),
      cut((query) => query.set('RelayState', 'mine')),
      cut((query) => query.set('SigAlg', 'http://www.w3.org/2000/09/xmldsig#rsa-sha1')),
    ];
    for (const refused of broken) assert.equal((await server.browser().open(refused)).status, 422, refused);
    const { services } = server.running;
    const tenant = systemTenant(server.environmentId);
    await updateConnection(services, tenant, connection.id, { isRequestSigned: false });
    const unsigned = server.browser();
    await unsigned.open(server.authorizeUrl());
    assert.equal((await unsigned.submit({ email: 'ada@acme.com' })).status, 422);
  });

  it('changes its keys without a sign-on that fails in between', async () => {
    await using server = await start();
    const owner = await becomeOwner(server);
    const { connection } = await simulatedConnection(server, { isStrict: true });
    const at = `/dashboard/api/connections/${connection.id}/keys`;
    const call = async (method: string, path = at) => (await asOperator(server, owner, method, path)).json;
    const signsOn = async () => {
      const browser = server.browser();
      await browser.open(server.authorizeUrl());
      await browser.submit({ email: 'ada@acme.com' });
      const done = await browser.open((await postAnswer(await answered(browser))).location?.href ?? '');
      return (await claimsFrom(server, done.location)).user.email;
    };
    const metadata = async () => (await fetch(spEntityId(server.running.services, connection))).text();
    const shown = async () => [...(await metadata()).matchAll(/use="(\w+)"/g)].map(([, use]) => use);
    assert.equal(await signsOn(), 'ada@acme.com');
    assert.deepEqual(await shown(), ['signing', 'encryption']);
    const { data } = await call('POST');
    assert.deepEqual(
      data.map((key: Record<string, unknown>) => [key.number, key.signs_requests]),
      [
        [1, true],
        [2, false],
      ],
    );
    assert.equal('private_key' in data[0], false);
    assert.deepEqual(await shown(), ['signing', 'signing', 'encryption']);
    assert.equal(await signsOn(), 'ada@acme.com');
    assert.equal((await call('POST')).code, 'saml_key_change_under_way');
    await call('DELETE', `${at}/1`);
    assert.deepEqual(await shown(), ['signing', 'encryption']);
    assert.equal(await signsOn(), 'ada@acme.com');
    assert.equal((await call('DELETE', `${at}/2`)).code, 'saml_key_is_the_last');
  });

  it('publishes what the provider has to know, for SAML connections only', async () => {
    await using server = await start();
    const { connection } = await simulatedConnection(server);
    const entityId = spEntityId(server.running.services, connection);
    const metadata = await (await fetch(entityId)).text();
    assert.ok(metadata.includes(`entityID="${entityId}"`));
    assert.ok(metadata.includes(`Location="${server.url}/sso/saml/acs/${connection.id}"`));
    assert.equal((await fetch(`${server.url}/sso/saml/metadata/conn_01JD0V5W3N8QK2Z7T4B9XM6YCE`)).status, 404);
  });

  it('tells of the others where one connection cannot be told of, and of that one the next time', async (t) => {
    await using server = await start();
    const { services } = server.running;
    const { certificate } = await otherKey(new Date('2001-01-01'));
    const ids = [];
    for (let n = 0; n < 3; n++) ids.push((await samlConnection(server, { certificates: [certificate] })).id);
    const told = async () =>
      (await eventsNamed(server, 'connection.saml_certificate_renewal_required'))
        .map(({ connection }) => (connection as { id: string }).id)
        .sort();
    const logged = t.mock.method(services.log, 'error', () => undefined);
    const { transaction } = services.db;
    const broken = t.mock.method(services.db, 'transaction', transaction);
    broken.mock.mockImplementationOnce(() => Promise.reject(new Error('This row cannot be read.')));
    const [first, ...others] = ids.sort();
    await noteExpiringCertificates(services);
    assert.deepEqual(await told(), others);
    assert.deepEqual(
      logged.mock.calls.map(({ arguments: [record] }) => (record as unknown as { connection: string }).connection),
      [first],
    );
    await noteExpiringCertificates(services);
    assert.deepEqual(await told(), ids);
  });

  it('tells once, before a certificate ends, that it does, whichever node looks first, and that another one came', async () => {
    await using server = await start();
    const { services } = server.running;
    const { organizationId, connection } = await simulatedConnection(server);
    const tenant = systemTenant(server.environmentId);
    const began = server.clock.now();
    const day = 86_400;
    // Good for ten years; this one for 31 days more.
    const past = server.clock.now();
    past.setUTCFullYear(past.getUTCFullYear() - 10);
    past.setUTCDate(past.getUTCDate() + 31);
    const ending = (await samlKeyIn(null)(past)).certificate;
    const endsAt = new X509Certificate(ending).validToDate.toISOString();
    const told = (name: string) => eventsNamed(server, `connection.saml_certificate_${name}`);
    const about = { id: connection.id, organization_id: organizationId };
    const required = (days: number) => ({
      connection: about,
      certificate: { certificate_type: 'ResponseSigning', expiry_date: endsAt, is_expired: days === 0 },
      days_until_expiry: days,
    });
    const goTo = (daysBefore: number) =>
      server.clock.advance((Date.parse(endsAt) - server.clock.now().getTime()) / 1000 - daysBefore * day);
    const look = () => Promise.all(Array.from({ length: 4 }, () => noteExpiringCertificates(services)));

    await updateConnection(services, tenant, connection.id, { certificates: [...connection.certificates, ending] });
    const renewals = async () =>
      (await told('renewed')).map(({ renewed_at, ...rest }) => {
        const at = new Date(String(renewed_at));
        assert.ok(began <= at && at <= server.clock.now(), `${renewed_at}`);
        return rest;
      });
    const renewal = (expiry_date: string) => ({
      connection: about,
      certificate: { certificate_type: 'ResponseSigning', expiry_date },
    });
    assert.deepEqual(await renewals(), [renewal(endsAt)]);
    goTo(29.5);
    await look();
    assert.deepEqual(await told('renewal_required'), [], 'there is one that lasts');

    await updateConnection(services, tenant, connection.id, { certificates: [ending] });
    assert.equal((await told('renewed')).length, 1, 'taking one away renews nothing');
    await look();
    assert.deepEqual(await told('renewal_required'), [required(30)]);
    goTo(20);
    await look();
    assert.equal((await told('renewal_required')).length, 1);
    goTo(0.5);
    await look();
    goTo(-0.5);
    await keepHouse(services);
    await look();
    assert.deepEqual(await told('renewal_required'), [required(30), required(1), required(0)]);

    await updateConnection(services, tenant, connection.id, { certificates: connection.certificates });
    const [lasting = ''] = connection.certificates;
    assert.deepEqual((await renewals()).at(-1), renewal(new X509Certificate(lasting).validToDate.toISOString()));
    await look();
    assert.equal((await told('renewal_required')).length, 3);
    const inTimeline = sql<{ n: number }>`
      select count(*) as n from events where organization_id = ${organizationId}
        and name like 'connection.saml_certificate_renew%'`;
    assert.deepEqual(await services.db.one(inTimeline), { n: 5 });
  });
});
