import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { onEachEngine, type TestServices } from '../../test/engines.ts';
import {
  type Db,
  EntityNotFound,
  InvalidRequestParameters,
  localNetworks,
  sql,
  systemTenant,
  type Tenant,
} from '../core/index.ts';
import { confirmStep, dismissChecklist, markChecklistStep, readChecklist } from './checklist.ts';
import { findClient, firstEnvironment, getEnvironment, listEnvironments } from './clients.ts';
import { addCorsOrigin, isAllowedOrigin, removeCorsOrigin } from './cors-origins.ts';
import { createEnvironment, type NewEnvironment } from './create-environment.ts';
import { ClientIdTaken, DuplicateCorsOrigin } from './errors.ts';
import { defaultRedirectUri, registerRedirect } from './redirects.ts';
import { updateApplication, updateSettings } from './settings.ts';
import { checkSignInEndpoint } from './sign-in-endpoint.ts';

async function environment(
  services: TestServices,
  wanted: Partial<NewEnvironment> = {},
): Promise<{ tenant: Tenant; clientId: string; environmentId: string }> {
  const made = await services.db.transaction((tx) =>
    createEnvironment(services, tx, { name: 'Staging', kind: 'staging', applicationName: 'Shop', ...wanted }),
  );
  return { ...made, tenant: systemTenant(made.environmentId) };
}

async function codesOf(refused: Promise<unknown>): Promise<string[]> {
  const error = await refused.catch((thrown: unknown) => thrown);
  assert.ok(error instanceof InvalidRequestParameters, String(error));
  return (error.extras.errors as { code: string }[]).map(({ code }) => code);
}

onEachEngine('environments', (open) => {
  it('is found by its client id and by its own, with what was asked for and defaults for the rest', async () => {
    await using services = await open();
    const { clientId, environmentId } = await environment(services, {
      clientId: 'client_shop',
      redirectUris: [
        { uri: 'https://*.preview.example.com/cb' },
        { uri: 'https://a.example.com/cb' },
        { uri: 'https://b.example.com/cb', isDefault: true },
      ],
      signInEndpoint: 'https://a.example.com/login',
      settings: { accessTokenSeconds: 600 },
    });
    const client = await findClient(services, clientId);
    assert.deepEqual(client, {
      clientId: 'client_shop',
      applicationId: client?.applicationId,
      applicationName: 'Shop',
      signInEndpoint: 'https://a.example.com/login',
      environment: {
        id: environmentId,
        name: 'Staging',
        kind: 'staging',
        isHidden: false,
        settings: {
          requireEmailVerification: true,
          signUpNames: 'optional',
          accessTokenSeconds: 600,
          sessionIdleSeconds: 604_800,
          sessionMaxSeconds: 2_592_000,
          strictRedirects: false,
          passwordSignIn: true,
          magicAuthSignIn: true,
          passkeySignIn: true,
          offerPasskeys: true,
          mfa: 'optional',
          signUp: 'open',
          signUpProofOfWork: false,
          passwordMinLength: 10,
          passwordMinScore: 3,
          refuseLeakedPasswords: true,
          leakedPasswordServiceUrl: null,
          passwordHistory: 0,
          impersonation: false,
          deviceAuthorization: true,
          newDeviceNotice: true,
          productionLimits: false,
          defaultLocale: 'en',
          termsUrl: null,
          privacyUrl: null,
          passwordResetUrl: null,
          sendVerificationMails: true,
          sendMagicAuthMails: true,
          sendPasswordResetMails: true,
          sendInvitationMails: true,
        },
        domain: null,
      },
    });
    assert.deepEqual(await getEnvironment(services, environmentId), { ...client?.environment, client });
    assert.equal(client && (await defaultRedirectUri(services, client)), 'https://b.example.com/cb');
  });

  it('knows no client by another spelling', async () => {
    await using services = await open();
    const { clientId } = await environment(services);
    assert.match(clientId, /^client_[0-9A-Z]{26}$/);
    for (const other of [
      clientId.toUpperCase(),
      ` ${clientId}`,
      `${clientId} `,
      `${clientId}\0`,
      `${clientId}\n`,
      clientId.slice(0, -1),
      '',
      'client_'.padEnd(5000, 'A'),
    ]) {
      assert.equal(await findClient(services, other), null);
    }
  });

  it('is made whole or not at all', async () => {
    await using services = await open();
    const refused = environment(services, {
      redirectUris: [
        { uri: 'https://a.example.com/cb#x' },
        { uri: 'https://*.preview.example.com/cb', isDefault: true },
      ],
      signOutRedirects: [
        { uri: 'https://a.example.com/', isDefault: true },
        { uri: 'https://b.example.com/', isDefault: true },
      ],
      corsOrigins: ['https://a.example.com/'],
      signInEndpoint: 'a.example.com/login',
      settings: { accessTokenSeconds: 1 },
    });
    assert.deepEqual(await codesOf(refused), [
      'access_token_seconds_out_of_range',
      'fragment',
      'wildcard_default',
      'default_ambiguous',
      'not_an_origin',
      'scheme_missing',
    ]);
    assert.deepEqual(await listEnvironments(services), []);

    assert.deepEqual(await codesOf(environment(services, { clientId: 'client shop' })), ['client_id_invalid']);
    await environment(services, { clientId: 'client_shop' });
    await assert.rejects(environment(services, { clientId: 'client_shop' }), ClientIdTaken);
    assert.equal((await listEnvironments(services)).length, 1);
    assert.equal((await services.db.one(sql<{ count: number }>`select count(*) as count from environments`)).count, 1);
  });

  it('keeps the built-in one out of lists, and finds it by its client id', async () => {
    await using services = await open();
    const hidden = await environment(services, {
      name: 'Dashboard',
      kind: 'production',
      isHidden: true,
      redirectUris: [{ uri: 'http://localhost:4100/dashboard/callback' }],
    });
    assert.equal(await firstEnvironment(services), null);
    const shown = await environment(services);
    assert.equal((await firstEnvironment(services))?.id, shown.environmentId);
    assert.deepEqual(
      (await listEnvironments(services)).map(({ id }) => id),
      [shown.environmentId],
    );
    assert.equal((await findClient(services, hidden.clientId))?.environment.isHidden, true);
  });
});

onEachEngine('settings', (open) => {
  it('changes what was sent, leaves the rest, and is seen at once', async () => {
    await using services = await open();
    const { tenant, clientId } = await environment(services);
    const before = (await findClient(services, clientId))?.environment.settings;
    const settings = await updateSettings(services, tenant, {
      signUpNames: 'off',
      accessTokenSeconds: 3600,
      strictRedirects: undefined,
    });
    assert.deepEqual(settings, { ...before, signUpNames: 'off', accessTokenSeconds: 3600 });
    assert.deepEqual((await findClient(services, clientId))?.environment.settings, settings);
  });

  it('holds durations to their bounds and to each other', async () => {
    await using services = await open();
    const { tenant } = await environment(services);
    const refusal = (changes: Parameters<typeof updateSettings>[2]) =>
      codesOf(updateSettings(services, tenant, changes));
    for (const accessTokenSeconds of [0, -60, 59, 3601]) {
      assert.deepEqual(await refusal({ accessTokenSeconds }), ['access_token_seconds_out_of_range']);
    }
    assert.deepEqual(await refusal({ sessionIdleSeconds: 299, accessTokenSeconds: 60 }), [
      'session_idle_seconds_out_of_range',
    ]);
    assert.deepEqual(await refusal({ sessionMaxSeconds: 366 * 86_400 }), ['session_max_seconds_out_of_range']);
    // One of the two was sent; the other is what the environment has.
    assert.deepEqual(await refusal({ sessionMaxSeconds: 86_400 }), ['session_idle_exceeds_max']);
    assert.deepEqual(await refusal({ sessionIdleSeconds: 600, accessTokenSeconds: 900 }), [
      'access_token_exceeds_session_idle',
    ]);
    await updateSettings(services, tenant, { sessionIdleSeconds: 3600, sessionMaxSeconds: 86_400 });
  });

  it('does not become strict while a wildcard is registered', async () => {
    await using services = await open();
    const { tenant } = await environment(services, {
      kind: 'production',
      settings: { strictRedirects: false },
      signOutRedirects: [{ uri: 'https://*.preview.example.com/' }],
    });
    assert.deepEqual(await codesOf(updateSettings(services, tenant, { strictRedirects: true })), [
      'strict_redirects_wildcard',
    ]);
  });

  it('has no wildcard and is strict, whichever of the two came first', async () => {
    await using services = await open();
    for (let n = 0; n < 10; n++) {
      const { tenant, environmentId } = await environment(services, {
        kind: 'production',
        settings: { strictRedirects: false },
      });
      const [registered, strict] = await Promise.allSettled([
        registerRedirect(services, tenant, 'redirect_uris', 'https://*.preview.example.com/cb'),
        updateSettings(services, tenant, { strictRedirects: true }),
      ]);
      assert.notEqual(registered.status, strict.status);
      const { settings } = await getEnvironment(services, environmentId);
      assert.equal(settings.strictRedirects, strict.status === 'fulfilled');
    }
  });

  it('sends no link that sets a password over http in production', async () => {
    await using services = await open();
    const page = { passwordResetUrl: 'http://app.example.com/reset' };
    const live = await environment(services, { kind: 'production' });
    assert.deepEqual(await codesOf(updateSettings(services, live.tenant, page)), ['password_reset_url_insecure']);
    await updateSettings(services, live.tenant, { passwordResetUrl: 'https://app.example.com/reset' });
    const { tenant } = await environment(services);
    assert.equal((await updateSettings(services, tenant, page)).passwordResetUrl, page.passwordResetUrl);
  });

  it('takes no page for a new password that hides a name, a password or a fragment', async () => {
    await using services = await open();
    const { tenant, environmentId } = await environment(services);
    const faultOf = (passwordResetUrl: string) => codesOf(updateSettings(services, tenant, { passwordResetUrl }));
    const [userinfo, fragment] = ['password_reset_url_userinfo', 'password_reset_url_fragment'];
    assert.deepEqual(await faultOf('https://app.example.com@evil.example/reset'), [userinfo]);
    assert.deepEqual(await faultOf('https://:secret@app.example.com/reset'), [userinfo]);
    assert.deepEqual(await faultOf('https://app.example.com/#/reset'), [fragment]);
    assert.deepEqual(await faultOf('https://app.example.com/reset#'), [fragment]);
    assert.deepEqual(await faultOf('https://ada:pw@app.example.com/reset#token'), [userinfo, fragment]);
    assert.equal((await getEnvironment(services, environmentId)).settings.passwordResetUrl, null);
    const page = 'https://app.example.com/reset?mail=ada@example.com';
    assert.equal((await updateSettings(services, tenant, { passwordResetUrl: page })).passwordResetUrl, page);
    const service = { leakedPasswordServiceUrl: 'https://ada:pw@ranges.example.com/range#5' };
    assert.deepEqual(await codesOf(updateSettings(services, tenant, service)), [
      'leaked_password_service_url_userinfo',
      'leaked_password_service_url_fragment',
    ]);
  });

  it('takes no service of leaked passwords that it would never call', async () => {
    await using services = await open();
    const { tenant, environmentId } = await environment(services);
    const names: Record<string, readonly string[]> = { 'mirror.internal': ['10.0.0.7'] };
    const at = (outboundNetworks: readonly string[]) => ({
      ...services,
      config: { ...services.config, outboundNetworks },
      resolveAddresses: async (name: string) => names[name] ?? ['93.184.215.14'],
    });
    const refused = 'leaked_password_service_url_unreachable';
    const codes = (address: string, networks: readonly string[] = []) =>
      codesOf(updateSettings(at(networks), tenant, { leakedPasswordServiceUrl: address }));
    const inTheOpen = 'http://ranges.example.com/range';
    for (const address of [
      inTheOpen,
      'https://ranges.example.com:6379/range',
      'https://10.0.0.7/range',
      'https://[::1]/',
    ])
      assert.deepEqual(await codes(address), [refused], address);
    assert.deepEqual(await codes(inTheOpen, localNetworks), [refused], 'a development server, and a host of others');
    assert.deepEqual(await codes('http://mirror.internal:8080/range'), [refused]);
    assert.equal((await getEnvironment(services, environmentId)).settings.leakedPasswordServiceUrl, null);
    const takes = async (leakedPasswordServiceUrl: string, networks: readonly string[] = []) =>
      (await updateSettings(at(networks), tenant, { leakedPasswordServiceUrl })).leakedPasswordServiceUrl;
    for (const address of ['https://ranges.example.com/range?key=x', 'https://ranges.example.com:8443/range'])
      assert.equal(await takes(address), address);
    for (const address of ['http://mirror.internal:8080/range', 'http://127.0.0.1:9/range'])
      assert.equal(await takes(address, localNetworks), address);
  });

  it('changes the application and takes the sign-in endpoint away with null', async () => {
    await using services = await open();
    const { tenant, clientId } = await environment(services, { signInEndpoint: 'https://a.example.com/login' });
    const mine = async () => {
      const client = await findClient(services, clientId);
      return [client?.applicationName, client?.signInEndpoint];
    };
    await updateApplication(services, tenant, { name: 'Store' });
    assert.deepEqual(await mine(), ['Store', 'https://a.example.com/login']);
    await updateApplication(services, tenant, { signInEndpoint: 'http://localhost:3000/login?from=authkit' });
    assert.deepEqual(await mine(), ['Store', 'http://localhost:3000/login?from=authkit']);
    await updateApplication(services, tenant, { signInEndpoint: null });
    assert.deepEqual(await mine(), ['Store', null]);
    assert.deepEqual(await codesOf(updateApplication(services, tenant, { name: 'X', signInEndpoint: '/login' })), [
      'scheme_missing',
    ]);
    assert.deepEqual(await mine(), ['Store', null]);
  });
});

onEachEngine('CORS origins', (open) => {
  it('answers for the client whose environment lists the origin, and before that for anybody', async () => {
    await using services = await open();
    const mine = await environment(services);
    const theirs = await environment(services, { corsOrigins: ['https://app.example.com'] });
    assert.equal(await isAllowedOrigin(services, 'https://app.example.com', theirs.clientId), true);
    assert.equal(await isAllowedOrigin(services, 'https://app.example.com', mine.clientId), false);
    assert.equal(await isAllowedOrigin(services, 'https://app.example.com', null), true);
    assert.equal(await isAllowedOrigin(services, 'https://app.example.com', 'client_nobody'), false);
    for (const other of [
      'null',
      '',
      '*',
      'https://APP.example.com',
      'https://app.example.com/',
      'http://app.example.com',
      'https://app.example.com:8443',
      'https://app.example.com.evil.example',
      'https://x'.padEnd(9000, 'x'),
    ]) {
      assert.equal(await isAllowedOrigin(services, other, theirs.clientId), false, other);
      assert.equal(await isAllowedOrigin(services, other, null), false, other);
    }
  });

  it('follows additions and removals at once on the node that made them', async () => {
    await using services = await open();
    const { tenant, clientId } = await environment(services);
    const allowed = async () => [
      await isAllowedOrigin(services, 'http://localhost:5173', clientId),
      await isAllowedOrigin(services, 'http://localhost:5173', null),
    ];
    assert.deepEqual(await allowed(), [false, false]);
    const row = await addCorsOrigin(services, tenant, 'http://localhost:5173');
    assert.deepEqual(await allowed(), [true, true]);
    await removeCorsOrigin(services, tenant, row.id);
    assert.deepEqual(await allowed(), [false, false]);
  });

  it('adds an origin once when it is sent many times at once', async () => {
    await using services = await open();
    const { tenant } = await environment(services);
    const attempts = await Promise.allSettled(
      Array.from({ length: 10 }, () => addCorsOrigin(services, tenant, 'https://app.example.com')),
    );
    const refused = attempts.filter((attempt) => attempt.status === 'rejected');
    assert.equal(refused.length, 9);
    for (const { reason } of refused) assert.ok(reason instanceof DuplicateCorsOrigin);
  });

  it('refuses plain http in production and treats a foreign id as unknown', async () => {
    await using services = await open();
    const production = await environment(services, { kind: 'production' });
    const staging = await environment(services);
    assert.deepEqual(await codesOf(addCorsOrigin(services, production.tenant, 'http://localhost:5173')), [
      'http_in_production',
    ]);
    const row = await addCorsOrigin(services, staging.tenant, 'http://localhost:5173');
    await assert.rejects(removeCorsOrigin(services, production.tenant, row.id), EntityNotFound);
    assert.equal(await isAllowedOrigin(services, 'http://localhost:5173', staging.clientId), true);
  });
});

onEachEngine('the checklist', (open) => {
  const done = async (services: TestServices, tenant: Tenant) =>
    (await readChecklist(services, tenant)).steps.filter((step) => step.done).map(({ id }) => id);

  it('sees what is set up, and remembers the rest', async () => {
    await using services = await open();
    const { tenant } = await environment(services);
    const mark = (step: 'api_keys' | 'test_sign_in') =>
      services.db.transaction((tx: Db) => markChecklistStep(tx, tenant, step));
    assert.deepEqual(await done(services, tenant), []);
    await registerRedirect(services, tenant, 'redirect_uris', 'http://localhost:3000/callback');
    await updateApplication(services, tenant, { signInEndpoint: 'http://localhost:3000/login' });
    await registerRedirect(services, tenant, 'sign_out_redirects', 'http://localhost:3000/');
    assert.deepEqual(await done(services, tenant), ['redirect_uri', 'sign_in_endpoint', 'sign_out_redirect']);
    await mark('api_keys');
    await Promise.all(Array.from({ length: 5 }, () => mark('test_sign_in')));
    assert.equal((await done(services, tenant)).length, 5);
    await updateApplication(services, tenant, { signInEndpoint: null });
    assert.equal((await done(services, tenant)).includes('sign_in_endpoint'), false);
  });

  it('believes a person about what it cannot see, and not about what it can', async () => {
    await using services = await open();
    const { tenant } = await environment(services);
    await confirmStep(services, tenant, 'api_keys', true);
    const { steps } = await confirmStep(services, tenant, 'redirect_uri', true);
    assert.deepEqual(
      steps.filter((step) => step.done).map(({ id }) => id),
      ['api_keys'],
    );
    assert.deepEqual(
      steps.filter((step) => step.confirmedAt).map(({ id }) => id),
      ['redirect_uri', 'api_keys'],
    );
    await confirmStep(services, tenant, 'api_keys', false);
    assert.deepEqual(await done(services, tenant), []);
  });

  it('is put away and brought back for its own environment', async () => {
    await using services = await open();
    const mine = await environment(services);
    const theirs = await environment(services);
    assert.equal((await dismissChecklist(services, mine.tenant, true)).dismissed, true);
    assert.equal((await readChecklist(services, theirs.tenant)).dismissed, false);
    assert.equal((await dismissChecklist(services, mine.tenant, false)).dismissed, false);
  });
});

describe('a sign-in endpoint', () => {
  const refused: readonly (readonly [url: string, kind: 'staging' | 'production', code: string])[] = [
    ['', 'staging', 'empty'],
    ['/login', 'staging', 'scheme_missing'],
    ['app.example.com/login', 'staging', 'scheme_missing'],
    ['//app.example.com/login', 'staging', 'scheme_missing'],
    ['https:app.example.com/login', 'staging', 'scheme_missing'],
    ['https:/app.example.com/login', 'staging', 'host_missing'],
    ['https:///app.example.com/login', 'staging', 'host_missing'],
    ['javascript:alert(1)', 'staging', 'scheme_forbidden'],
    ['com.example.app:/login', 'staging', 'scheme_forbidden'],
    ['https://*.example.com/login', 'staging', 'wildcard'],
    ['https://app.example.com/*', 'staging', 'wildcard'],
    ['https://app.example.com/login#x', 'staging', 'fragment'],
    ['https://user:secret@app.example.com/login', 'staging', 'userinfo'],
    ['https://app.example.com@evil.example/login', 'staging', 'userinfo'],
    ['https://app.example.com\\login', 'staging', 'backslash'],
    ['https://app.example.com/log in', 'staging', 'space'],
    ['https://app.example.com/log\nin', 'staging', 'control_character'],
    ['https://äpp.example.com/login', 'staging', 'non_ascii'],
    ['https://APP.example.com/login', 'staging', 'not_canonical'],
    [`https://\${HOST}/login`, 'staging', 'placeholder'],
    ['http://app.example.com/login', 'production', 'http_in_production'],
    ['http://localhost:3000/login', 'production', 'http_in_production'],
    ['http://127.0.0.1.evil.example/login', 'production', 'http_in_production'],
    [`https://app.example.com/${'a'.repeat(2048)}`, 'staging', 'too_long'],
  ];
  for (const [url, kind, code] of refused) {
    it(`cannot be ${JSON.stringify(url.slice(0, 60))} in ${kind}`, () => {
      assert.deepEqual(
        checkSignInEndpoint(url, kind).map((problem) => [problem.code, problem.field]),
        [[code, 'sign_in_endpoint']],
      );
    });
  }

  const accepted: readonly (readonly [url: string, kind: 'staging' | 'production'])[] = [
    ['https://app.example.com/login', 'production'],
    ['https://app.example.com/login?from=authkit', 'production'],
    ['https://app.example.com', 'production'],
    ['http://127.0.0.1:3000/login', 'production'],
    ['http://localhost:3000/login', 'staging'],
    ['http://app.test:8080/login', 'staging'],
  ];
  for (const [url, kind] of accepted) {
    it(`can be ${url} in ${kind}`, () => assert.deepEqual(checkSignInEndpoint(url, kind), []));
  }
});
