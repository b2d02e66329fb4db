import assert from 'node:assert/strict';
import { it } from 'node:test';
import { asOperator, becomeOwner, eventsNamed } from '../../test/flows/steps.ts';
import { type Answer, onEachEngine, type TestServer } from '../../test/harness.ts';
import type { ResolveTxt } from '../core/index.ts';
import { checkDueDomains } from './index.ts';

const codesOf = ({ status, json }: Answer): unknown[] => [
  status,
  json.code,
  ...(json.errors ?? []).map(({ code }: { code: string }) => code),
];

const days = (count: number): number => count * 24 * 60 * 60;

async function createOrganization(server: TestServer, fields: object = {}) {
  const answer = await server.api('POST', '/organizations', { name: 'Acme', ...fields });
  assert.equal(answer.status, 201, answer.text);
  return answer.json;
}

onEachEngine('organizations', (start) => {
  it('are created, found, changed and deleted, and every change is told of', async () => {
    await using server = await start();
    const acme = await createOrganization(server, {
      external_id: 'crm/42',
      metadata: { tier: 'gold' },
      domain_data: [{ domain: 'Acme.com', state: 'verified' }],
      unheard_of: true,
    });
    const { domains, ...plain } = acme;
    assert.deepEqual(plain, {
      object: 'organization',
      id: acme.id,
      name: 'Acme',
      metadata: { tier: 'gold' },
      external_id: 'crm/42',
      allow_profiles_outside_organization: false,
      created_at: acme.created_at,
      updated_at: acme.created_at,
    });
    assert.match(acme.id, /^org_[0-9A-Z]{26}$/);
    assert.deepEqual(
      domains.map(({ domain, state, verification_strategy }: Record<string, string>) => [
        domain,
        state,
        verification_strategy,
      ]),
      [['acme.com', 'verified', 'manual']],
    );
    assert.deepEqual((await server.api('GET', `/organizations/${acme.id}`)).json, acme);
    assert.deepEqual((await server.api('GET', '/organizations/external_id/crm/42')).json, acme);

    server.clock.advance(60);
    const change = { name: 'Acme Ltd', metadata: { tier: null, region: 'eu' }, stripe_customer_id: 'cus_1' };
    const changed = (await server.api('PUT', `/organizations/${acme.id}`, change)).json;
    assert.deepEqual(changed, {
      ...acme,
      name: 'Acme Ltd',
      metadata: { region: 'eu' },
      stripe_customer_id: 'cus_1',
      updated_at: changed.updated_at,
    });
    assert.ok(changed.updated_at > acme.updated_at);
    server.clock.advance(60);
    assert.deepEqual((await server.api('PUT', `/organizations/${acme.id}`, change)).json, changed, 'nothing changed');

    assert.equal((await server.api('DELETE', `/organizations/${acme.id}`)).status, 200);
    assert.deepEqual(codesOf(await server.api('GET', `/organizations/${acme.id}`)), [404, 'entity_not_found']);
    assert.deepEqual(codesOf(await server.api('DELETE', `/organizations/${acme.id}`)), [404, 'entity_not_found']);
    assert.deepEqual(await eventsNamed(server, 'organization.created'), [acme]);
    assert.deepEqual(await eventsNamed(server, 'organization.updated'), [changed]);
    assert.deepEqual(await eventsNamed(server, 'organization.deleted'), [changed]);
    for (const what of ['created', 'verified', 'deleted'])
      assert.deepEqual(await eventsNamed(server, `organization_domain.${what}`), domains, what);
  });

  it('are listed by domain and by part of their name, wildcards meaning themselves', async () => {
    await using server = await start();
    await createOrganization(server, { name: '100% Acme', domain_data: [{ domain: 'acme.com', state: 'pending' }] });
    await createOrganization(server, { name: 'Globex', domains: ['globex.com', 'globex.de'] });
    await createOrganization(server, { name: 'ACME Labs' });
    const names = async (query: string): Promise<string[]> =>
      (await server.api('GET', `/organizations?order=asc&${query}`)).json.data.map(
        ({ name }: { name: string }) => name,
      );
    assert.deepEqual(await names('search=acme'), ['100% Acme', 'ACME Labs']);
    assert.deepEqual(await names('search=100%25'), ['100% Acme']);
    assert.deepEqual(await names('search=_'), []);
    assert.deepEqual(await names('domains=acme.com,globex.de'), ['100% Acme', 'Globex']);
    assert.deepEqual(await names('domains=ACME.com&domains=initech.com'), ['100% Acme']);
    assert.deepEqual(await names('limit=2'), ['100% Acme', 'Globex']);
    const { json } = await server.api('GET', '/organizations?order=asc&limit=2');
    assert.deepEqual(await names(`after=${json.list_metadata.after}`), ['ACME Labs']);
    assert.deepEqual(
      json.data[1].domains.map(({ domain, state }: Record<string, string>) => `${domain} ${state}`),
      ['globex.com pending', 'globex.de pending'],
    );
    assert.deepEqual(codesOf(await server.api('GET', '/organizations?after=org_unknown')), [
      422,
      'invalid_request_parameters',
      'after_invalid',
    ]);
  });

  it('keep their external and Stripe ids to themselves, whoever is first', async () => {
    await using server = await start();
    const made = await Promise.all(
      Array.from({ length: 8 }, () => server.api('POST', '/organizations', { name: 'Acme', external_id: 'one' })),
    );
    assert.deepEqual(made.map(({ status }) => status).sort(), [201, ...Array(7).fill(400)]);
    assert.deepEqual(codesOf(made.find(({ status }) => status === 400) as Answer), [400, 'external_id_already_used']);
    const [one, two] = [await createOrganization(server), await createOrganization(server)];
    await server.api('PUT', `/organizations/${one.id}`, { stripe_customer_id: 'cus_1' });
    const taken = await server.api('PUT', `/organizations/${two.id}`, { stripe_customer_id: 'cus_1' });
    assert.deepEqual(codesOf(taken), [400, 'stripe_customer_id_already_used']);
    const also = await server.api('PUT', `/organizations/${two.id}`, { external_id: 'one' });
    assert.deepEqual(codesOf(also), [400, 'external_id_already_used']);
  });

  it('replace their domains by a list, and leave what DNS has proved proved', async () => {
    const records = new Map<string, string>();
    await using server = await start({ resolveTxt: resolverOf(records) });
    const acme = await createOrganization(server, { domains: ['acme.com', 'acme.de'] });
    const [com] = acme.domains;
    records.set('acme.com', `${com.verification_prefix}=${com.verification_token}`);
    await server.api('POST', `/organization_domains/${com.id}/verify`);
    const change = {
      domain_data: [
        { domain: 'acme.com', state: 'pending' },
        { domain: 'acme.fr', state: 'verified' },
      ],
    };
    const { json } = await server.api('PUT', `/organizations/${acme.id}`, change);
    const shown = (list: Record<string, unknown>[]) => list.map(({ domain, state }) => `${domain} ${state}`);
    assert.deepEqual(shown(json.domains), ['acme.com verified', 'acme.fr verified']);
    assert.deepEqual(shown(await eventsNamed(server, 'organization_domain.deleted')), ['acme.de pending']);
    const takenBack = await server.api('PUT', `/organizations/${acme.id}`, {
      domain_data: [{ domain: 'acme.fr', state: 'pending' }],
    });
    assert.deepEqual(shown(takenBack.json.domains), ['acme.fr pending']);
    assert.deepEqual(shown(await eventsNamed(server, 'organization_domain.updated')), ['acme.fr pending']);
  });

  it('refuse names that are none, and domains that nobody can own', async () => {
    await using server = await start();
    const odd = ['Acme\r\nBcc: all@example.com', 'Acme\u202Emoc.live', 'Acme\u2028Ltd'];
    for (const name of ['', '   ', 'x'.repeat(257), null, 7, ...odd])
      assert.equal((await server.api('POST', '/organizations', { name })).status, 422, String(name));
    const { id } = await createOrganization(server);
    const add = (domain: string) => server.api('POST', '/organization_domains', { domain, organization_id: id });
    for (const domain of ['gmail.com', 'GMAIL.com', 'mail.gmail.com', 'yahoo.co.uk', 'icloud.com'])
      assert.deepEqual(codesOf(await add(domain)), [422, 'invalid_request_parameters', 'domain_is_consumer'], domain);
    for (const domain of ['', 'com', 'co.uk', 'acme', '127.0.0.1', 'a b.com', 'acme.com/x', '@acme.com', 'ａcme.com'])
      assert.deepEqual(codesOf(await add(domain)), [422, 'invalid_request_parameters', 'domain_invalid'], domain);
    const consumer = { name: 'Free mail', domain_data: [{ domain: 'outlook.com', state: 'verified' }] };
    assert.equal((await server.api('POST', '/organizations', consumer)).status, 422);
    assert.equal((await server.api('GET', '/organizations')).json.data.length, 1, 'all or nothing');
    assert.equal((await add('Bücher.example.com')).json.domain, 'xn--bcher-kva.example.com');
    const elsewhere = { domain: 'acme.com', organization_id: 'org_01ARZ3NDEKTSV4RRFFQ69G5FAV' };
    assert.deepEqual(codesOf(await server.api('POST', '/organization_domains', elsewhere)), [404, 'entity_not_found']);
  });
});

function resolverOf(records: Map<string, string>): ResolveTxt {
  // As DNS sends longer texts: in pieces, among others.
  return async (name) => {
    const text = records.get(name);
    return text === undefined ? [['v=spf1 -all']] : [['v=spf1 -all'], [text.slice(0, 9), text.slice(9)]];
  };
}

onEachEngine('domains', (start) => {
  it('are proved by their TXT record, and by nothing else', async () => {
    const records = new Map<string, string>();
    await using server = await start({ resolveTxt: resolverOf(records) });
    const { id: organization_id } = await createOrganization(server);
    const { json: domain } = await server.api('POST', '/organization_domains', { domain: 'acme.com', organization_id });
    assert.equal(domain.state, 'pending');
    const verify = () => server.api('POST', `/organization_domains/${domain.id}/verify`);
    const record = `${domain.verification_prefix}=${domain.verification_token}`;
    for (const text of ['', domain.verification_token, `${record}x`, ` ${record}`, record.toLowerCase()]) {
      records.set('acme.com', text);
      const { status, json } = await verify();
      assert.deepEqual([status, json.state], [201, 'pending'], text);
    }
    records.set('acme.com', record);
    const { json: verified } = await verify();
    assert.deepEqual(verified, { ...domain, state: 'verified', updated_at: verified.updated_at });
    assert.deepEqual((await server.api('GET', `/organization_domains/${domain.id}`)).json, verified);
    assert.deepEqual(codesOf(await verify()), [400, 'domain_already_verified']);
    assert.deepEqual(await eventsNamed(server, 'organization_domain.verified'), [verified]);
    assert.deepEqual(await eventsNamed(server, 'organization_domain.verification_failed'), []);

    assert.equal((await server.api('DELETE', `/organization_domains/${domain.id}`)).status, 204);
    assert.deepEqual(codesOf(await server.api('GET', `/organization_domains/${domain.id}`)), [404, 'entity_not_found']);
    assert.deepEqual(codesOf(await verify()), [404, 'entity_not_found']);
  });

  it('belong to the organization that proves them first, of any number at once', async () => {
    const records = new Map<string, string>();
    let everything: string[] = [];
    await using server = await start({ resolveTxt: async () => everything.map((text) => [text]) });
    const domains = await Promise.all(
      Array.from({ length: 6 }, async () => {
        const { id: organization_id } = await createOrganization(server);
        const body = { domain: 'acme.com', organization_id };
        const { json } = await server.api('POST', '/organization_domains', body);
        assert.equal((await server.api('POST', '/organization_domains', body)).status, 409, 'twice in one');
        return json;
      }),
    );
    everything = domains.map((each) => `${each.verification_prefix}=${each.verification_token}`);
    const answers = await Promise.all(
      domains.map(({ id }) => server.api('POST', `/organization_domains/${id}/verify`)),
    );
    assert.deepEqual(answers.map(({ json }) => json.state).sort(), [...Array(5).fill('failed'), 'verified']);
    const failures = await eventsNamed(server, 'organization_domain.verification_failed');
    assert.deepEqual(
      [failures.length, new Set(failures.map(({ reason }) => reason))],
      [5, new Set(['domain_verified_by_other_organization'])],
    );
    const { id } = await createOrganization(server);
    const late = await server.api('POST', '/organization_domains', { domain: 'ACME.com', organization_id: id });
    assert.deepEqual(codesOf(late), [409, 'domain_already_exists']);
    const vouched = { name: 'Late', domain_data: [{ domain: 'acme.com', state: 'verified' }] };
    assert.deepEqual(codesOf(await server.api('POST', '/organizations', vouched)), [409, 'domain_already_exists']);
    assert.equal(records.size, 0);
  });

  it('are looked at again without being asked, for 30 days, and fail with an event', async () => {
    const records = new Map<string, string>();
    await using server = await start({ resolveTxt: resolverOf(records) });
    const { services } = server.running;
    const { domains } = await createOrganization(server, { domains: ['acme.com', 'acme.de', 'acme.fr'] });
    const [com, de, fr] = domains;
    const stateOf = async ({ id }: { id: string }) =>
      (await server.api('GET', `/organization_domains/${id}`)).json.state;
    for (const { id } of [com, de]) await server.api('POST', `/organization_domains/${id}/verify`);
    for (const each of [com, fr]) records.set(each.domain, `${each.verification_prefix}=${each.verification_token}`);
    await checkDueDomains(services);
    assert.equal(await stateOf(com), 'pending', 'not before its time');
    server.clock.advance(15 * 60);
    await checkDueDomains(services);
    assert.deepEqual([await stateOf(com), await stateOf(de), await stateOf(fr)], ['verified', 'pending', 'pending']);
    server.clock.advance(days(31));
    await checkDueDomains(services);
    assert.equal(await stateOf(de), 'failed');
    const failures = await eventsNamed(server, 'organization_domain.verification_failed');
    assert.deepEqual(
      failures.map(({ reason, organization_domain }) => [reason, (organization_domain as { id: string }).id]),
      [['domain_verification_period_expired', de.id]],
    );
    records.set('acme.de', `${de.verification_prefix}=${de.verification_token}`);
    assert.equal((await server.api('POST', `/organization_domains/${de.id}/verify`)).json.state, 'verified');
  });

  it('stay pending while name servers do not answer', async () => {
    await using server = await start({ resolveTxt: () => Promise.reject(new Error('SERVFAIL')) });
    const { domains } = await createOrganization(server, { domains: ['acme.com'] });
    const { status, json } = await server.api('POST', `/organization_domains/${domains[0].id}/verify`);
    assert.deepEqual([status, json.state], [201, 'pending']);
  });
});

onEachEngine('policies', (start) => {
  it('ask nothing of members until an operator says so, and every change is told of', async () => {
    await using server = await start();
    const owner = await becomeOwner(server);
    const { id } = await createOrganization(server);
    const path = `/dashboard/api/organizations/${id}/policy`;
    const call = (method: string, body?: unknown) => asOperator(server, owner, method, path, { body });
    const usual = {
      sign_in_methods: null,
      guest_sign_in_methods: null,
      mfa: 'inherit',
      join_by_domain: true,
      join_by_sso: true,
    };
    assert.deepEqual((await call('GET')).json, usual);
    const strict = {
      sign_in_methods: ['Passkey', 'SSO'],
      guest_sign_in_methods: ['MagicAuth'],
      mfa: 'required',
      join_by_domain: false,
      join_by_sso: false,
    };
    assert.deepEqual((await call('PATCH', strict)).json, strict);
    assert.deepEqual((await call('PATCH', {})).json, strict);
    assert.deepEqual((await call('PATCH', { sign_in_methods: null })).json, { ...strict, sign_in_methods: null });
    assert.deepEqual((await call('GET')).json, { ...strict, sign_in_methods: null });
    for (const wrong of [
      { sign_in_methods: [] },
      { guest_sign_in_methods: [] },
      { sign_in_methods: ['Impersonation'] },
      { mfa: 'off' },
    ])
      assert.equal((await call('PATCH', wrong)).status, 422, JSON.stringify(wrong));
    assert.deepEqual(await eventsNamed(server, 'organization.policy_updated'), [
      { id, before: usual, after: strict },
      { id, before: strict, after: { ...strict, sign_in_methods: null } },
    ]);
    assert.deepEqual(await eventsNamed(server, 'organization.updated'), [], 'the organization shows as it did');
    const elsewhere = '/dashboard/api/organizations/org_unknown/policy';
    assert.equal((await asOperator(server, owner, 'GET', elsewhere)).status, 404);
  });
});
