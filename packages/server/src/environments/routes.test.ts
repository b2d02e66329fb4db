import assert from 'node:assert/strict';
import { it } from 'node:test';
import { onEachEngine, type TestServices } from '../../test/engines.ts';
import { mount } from '../../test/mounted.ts';
import { createEnvironment, type NewEnvironment } from './create-environment.ts';
import { environmentRoutes } from './index.ts';

type Json = Record<string, unknown>;

const make = (services: TestServices, wanted: Partial<NewEnvironment> = {}) =>
  services.db.transaction((tx) =>
    createEnvironment(services, tx, { name: 'Staging', kind: 'staging', applicationName: 'Shop', ...wanted }),
  );

const signInDefaults = {
  password_sign_in: true,
  magic_auth_sign_in: true,
  passkey_sign_in: true,
  offer_passkeys: true,
  mfa: 'optional',
  sign_up: 'open',
  sign_up_proof_of_work: false,
  password_min_length: 10,
  password_min_score: 3,
  refuse_leaked_passwords: true,
  leaked_password_service_url: null,
  password_history: 0,
  impersonation: false,
  device_authorization: true,
  new_device_notice: true,
  production_limits: false,
  default_locale: 'en',
  terms_url: null,
  privacy_url: null,
  password_reset_url: null,
  send_verification_mails: true,
  send_magic_auth_mails: true,
  send_password_reset_mails: true,
  send_invitation_mails: true,
};

onEachEngine('the environment over HTTP', (open) => {
  it('registers, lists, makes default and deletes a redirect URI', async () => {
    await using services = await open();
    await using server = await mount(services, environmentRoutes);
    const call = server.as((await make(services)).environmentId);
    const uri = 'http://localhost:3000/callback';

    const created = await call('POST', '/user_management/redirect_uris', { uri, unknown: true });
    const { id, created_at } = created.body as { id: string; created_at: string };
    const wire = { object: 'redirect_uri', id, uri, default: true, created_at, updated_at: created_at };
    assert.deepEqual(created, { status: 201, body: wire });
    assert.match(id, /^redir_[0-9A-Z]{26}$/);
    assert.match(created_at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);

    services.clock.advance(60);
    const other = (await call('POST', '/user_management/redirect_uris', { uri: 'https://a.example.com/cb' }))
      .body as Json;
    const list = await call('GET', '/user_management/redirect_uris?order=asc');
    assert.deepEqual(list, {
      status: 200,
      body: { object: 'list', data: [wire, other], list_metadata: { before: null, after: null } },
    });

    const refused = await call('DELETE', `/user_management/redirect_uris/${id}`);
    assert.deepEqual(refused, {
      status: 409,
      body: {
        code: 'default_redirect_in_use',
        message: 'Cannot delete the default redirect URI. Make another one the default first.',
      },
    });
    const moved = await call('PUT', `/dashboard/api/redirect_uris/${other.id}/default`);
    assert.deepEqual([moved.status, (moved.body as Json).default], [200, true]);
    assert.deepEqual(await call('DELETE', `/user_management/redirect_uris/${id}`), { status: 204, body: null });
    assert.deepEqual(await call('DELETE', `/user_management/redirect_uris/${id}`), {
      status: 404,
      body: { code: 'entity_not_found', message: `Redirect URI not found: '${id}'.`, entity_id: id },
    });
  });

  it('says what is wrong with a redirect URI, field by field', async () => {
    await using services = await open();
    await using server = await mount(services, environmentRoutes);
    const call = server.as((await make(services, { kind: 'production' })).environmentId);
    const post = (body: unknown) => call('POST', '/user_management/redirect_uris', body);

    const refused = await post({ uri: 'http://a.example.com/cb?x=1' });
    assert.equal(refused.status, 422);
    const { code, errors } = refused.body as {
      code: string;
      errors: { code: string; message: string; field: string }[];
    };
    assert.equal(code, 'invalid_request_parameters');
    assert.deepEqual(
      errors.map((error) => [error.code, error.field]),
      [
        ['http_in_production', 'uri'],
        ['query_in_production', 'uri'],
      ],
    );
    assert.ok(errors.every(({ message }) => message.length > 20));

    for (const body of [{}, { uri: '' }, { uri: null }]) {
      const { status, body: answer } = await post(body);
      assert.deepEqual(
        [status, (answer as { errors: { field: string }[] }).errors.map(({ field }) => field)],
        [422, ['uri']],
      );
    }

    await post({ uri: 'https://a.example.com/cb' });
    const again = await post({ uri: 'https://a.example.com/cb' });
    const message = "Redirect URI 'https://a.example.com/cb' already exists.";
    assert.deepEqual(again, {
      status: 422,
      body: {
        code: 'redirect_uri_already_exists',
        message,
        errors: [{ code: 'redirect_uri_already_exists', message, field: 'uri' }],
      },
    });
  });

  it('answers for another environment’s ids as for unknown ones', async () => {
    await using services = await open();
    await using server = await mount(services, environmentRoutes);
    const theirs = server.as((await make(services)).environmentId);
    const mine = server.as((await make(services)).environmentId);
    const idOf = async (path: string, body: unknown) => ((await theirs('POST', path, body)).body as { id: string }).id;
    await idOf('/user_management/redirect_uris', { uri: 'https://default.example.com/cb' });
    const uri = await idOf('/user_management/redirect_uris', { uri: 'https://a.example.com/cb' });
    const signOut = await idOf('/dashboard/api/sign_out_redirects', { uri: 'https://a.example.com/' });
    const origin = await idOf('/user_management/cors_origins', { origin: 'https://a.example.com' });
    const attacks = [
      ['DELETE', '/user_management/redirect_uris/{}', uri],
      ['PUT', '/dashboard/api/redirect_uris/{}/default', uri],
      ['DELETE', '/dashboard/api/sign_out_redirects/{}', signOut],
      ['PUT', '/dashboard/api/sign_out_redirects/{}/default', signOut],
      ['DELETE', '/dashboard/api/cors_origins/{}', origin],
    ] as const;
    for (const [method, path, id] of attacks) {
      const unknown = `${id.slice(0, -1)}${id.endsWith('0') ? '1' : '0'}`;
      const foreign = await mine(method, path.replace('{}', id));
      const missing = await mine(method, path.replace('{}', unknown));
      assert.equal(foreign.status, 404, path);
      assert.equal(JSON.stringify(foreign).replaceAll(id, ''), JSON.stringify(missing).replaceAll(unknown, ''));
    }
    for (const list of [
      '/user_management/redirect_uris',
      '/dashboard/api/sign_out_redirects',
      '/user_management/cors_origins',
    ]) {
      const { body } = await mine('GET', list);
      assert.deepEqual((body as { data: unknown[] }).data, []);
    }
    assert.equal((await mine('GET', `/user_management/redirect_uris?after=${uri}`)).status, 422);
  });

  it('keeps sign-out redirects in a list of their own', async () => {
    await using services = await open();
    await using server = await mount(services, environmentRoutes);
    const call = server.as((await make(services)).environmentId);
    const { status, body } = await call('POST', '/dashboard/api/sign_out_redirects', { uri: 'http://localhost:3000/' });
    const { id, created_at } = body as { id: string; created_at: string };
    const wire = {
      object: 'sign_out_redirect',
      id,
      uri: 'http://localhost:3000/',
      default: true,
      created_at,
      updated_at: created_at,
    };
    assert.deepEqual([status, body], [201, wire]);
    assert.match(id, /^sign_out_redir_/);
    assert.deepEqual(((await call('GET', '/dashboard/api/sign_out_redirects')).body as { data: unknown[] }).data, [
      wire,
    ]);
    assert.deepEqual(((await call('GET', '/user_management/redirect_uris')).body as { data: unknown[] }).data, []);
    assert.equal((await call('DELETE', `/dashboard/api/sign_out_redirects/${id}`)).status, 204);
  });

  it('adds, lists and removes CORS origins', async () => {
    await using services = await open();
    await using server = await mount(services, environmentRoutes);
    const call = server.as((await make(services)).environmentId);
    const origin = 'http://localhost:5173';
    const { status, body } = await call('POST', '/user_management/cors_origins', { origin });
    const { id, created_at } = body as { id: string; created_at: string };
    const wire = { object: 'cors_origin', id, origin, created_at, updated_at: created_at };
    assert.deepEqual([status, body], [201, wire]);
    assert.deepEqual(await call('POST', '/user_management/cors_origins', { origin }), {
      status: 409,
      body: { code: 'duplicate_cors_origin', message: `CORS origin '${origin}' already exists.` },
    });
    const slash = await call('POST', '/user_management/cors_origins', { origin: `${origin}/` });
    assert.deepEqual([slash.status, (slash.body as { errors: Json[] }).errors[0]?.field], [422, 'origin']);
    assert.deepEqual(await call('GET', '/user_management/cors_origins'), {
      status: 200,
      body: { object: 'list', data: [wire], list_metadata: { before: null, after: null } },
    });
    assert.equal((await call('DELETE', `/dashboard/api/cors_origins/${id}`)).status, 204);
  });

  it('pages through a list without losing or repeating an entry', async () => {
    await using services = await open();
    await using server = await mount(services, environmentRoutes);
    const call = server.as((await make(services)).environmentId);
    const added: string[] = [];
    for (let n = 0; n < 7; n++) {
      const { body } = await call('POST', '/user_management/cors_origins', { origin: `https://a${n}.example.com` });
      added.unshift((body as { id: string }).id);
      services.clock.advance(1);
    }
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const { body } = await call('GET', `/user_management/cors_origins?limit=3${after ? `&after=${after}` : ''}`);
      const page = body as { data: { id: string }[]; list_metadata: { after: string | null } };
      seen.push(...page.data.map(({ id }) => id));
      after = page.list_metadata.after;
    } while (after);
    assert.deepEqual(seen, added);
  });

  it('shows the environment and changes its application and settings', async () => {
    await using services = await open();
    await using server = await mount(services, environmentRoutes);
    const { environmentId, clientId } = await make(services);
    const call = server.as(environmentId);
    const settings = {
      require_email_verification: true,
      sign_up_names: 'optional',
      access_token_seconds: 300,
      session_idle_seconds: 604_800,
      session_max_seconds: 2_592_000,
      strict_redirects: false,
      ...signInDefaults,
    };
    assert.deepEqual(await call('GET', '/dashboard/api/environment'), {
      status: 200,
      body: {
        id: environmentId,
        name: 'Staging',
        kind: 'staging',
        client_id: clientId,
        issuer: `http://localhost:4100/user_management/${clientId}`,
        base_url: 'http://localhost:4100',
        application: { name: 'Shop', sign_in_endpoint: null },
        settings,
      },
    });
    assert.deepEqual(
      await call('PATCH', '/dashboard/api/application', {
        name: null,
        sign_in_endpoint: 'http://localhost:3000/login',
      }),
      {
        status: 200,
        body: { name: 'Shop', sign_in_endpoint: 'http://localhost:3000/login' },
      },
    );
    assert.deepEqual(
      await call('PATCH', '/dashboard/api/settings', { sign_up_names: 'off', strict_redirects: null, id: 'x' }),
      {
        status: 200,
        body: { ...settings, sign_up_names: 'off' },
      },
    );
    for (const change of [
      { access_token_seconds: 5 },
      { access_token_seconds: 90.5 },
      { sign_up_names: 'maybe' },
      { strict_redirects: 'yes' },
    ]) {
      const refused = await call('PATCH', '/dashboard/api/settings', change);
      const [field] = Object.keys(change);
      assert.deepEqual(
        [refused.status, (refused.body as { errors: Json[] }).errors.map((error) => error.field)],
        [422, [field]],
      );
    }
  });

  it('tells what would happen to an address before anybody is sent there', async () => {
    await using services = await open();
    await using server = await mount(services, environmentRoutes);
    const call = server.as(
      (await make(services, { redirectUris: [{ uri: 'http://localhost:3000/callback' }] })).environmentId,
    );
    const check = async (url: string, list = 'redirect_uris') =>
      (await call('POST', '/dashboard/api/redirect_check', { url, list })).body as Json & {
        closest: Json;
        registration: Json;
        matched: Json;
      };

    const accepted = await check('http://localhost:3000/callback');
    assert.equal(accepted.accepted, true);
    assert.equal(accepted.matched.uri, 'http://localhost:3000/callback');
    assert.deepEqual([accepted.reason, accepted.closest], [null, null]);

    const near = await check('http://localhost:3000/callback/');
    assert.equal(near.accepted, false);
    assert.equal(near.closest.uri, 'http://localhost:3000/callback');
    assert.match(String(near.reason), /slash/);
    assert.deepEqual(near.registration, { allowed: true, problems: [], warnings: [] });

    assert.equal((await check('http://localhost:3000/callback', 'sign_out_redirects')).accepted, false);
    assert.equal((await check('javascript:alert(1)')).registration.allowed, false);
    assert.equal((await check('')).accepted, false);
  });

  it('walks the checklist', async () => {
    await using services = await open();
    await using server = await mount(services, environmentRoutes);
    const call = server.as(
      (await make(services, { redirectUris: [{ uri: 'http://localhost:3000/callback' }] })).environmentId,
    );
    const step = (id: string, done = false, confirmed_at: string | null = null) => ({ id, done, confirmed_at });
    const confirmed = await call('PUT', '/dashboard/api/checklist/api_keys', { confirmed: true });
    const { steps } = confirmed.body as { steps: { confirmed_at: string }[] };
    const expected = [
      step('redirect_uri', true),
      step('sign_in_endpoint'),
      step('sign_out_redirect'),
      step('api_keys', true, steps[3]?.confirmed_at),
      step('test_sign_in'),
    ];
    assert.deepEqual(confirmed, { status: 200, body: { steps: expected, dismissed: false } });
    const dismissed = await call('PUT', '/dashboard/api/checklist', { dismissed: true });
    assert.deepEqual(dismissed, { status: 200, body: { steps: expected, dismissed: true } });
    assert.deepEqual(await call('GET', '/dashboard/api/checklist'), dismissed);
    assert.equal((await call('PUT', '/dashboard/api/checklist/world_peace', { confirmed: true })).status, 422);
  });
});
