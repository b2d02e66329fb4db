/** The snippets of the guides, held against a running server: JSON is what it answers, and JavaScript runs on the SDK from npm. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { WorkOS } from '@workos-inc/node';
import { Seed } from '../packages/server/src/dev/seed.ts';
import { SettingsWire } from '../packages/server/src/environments/setting-fields.ts';
import { grantOf } from '../packages/server/src/oauth/grants/index.ts';
import { socialProviders } from '../packages/server/src/protocol/index.ts';
import { appOf } from '../packages/server/test/flows/mfa-steps.ts';
import { makeMember, makeOrganization } from '../packages/server/test/flows/organization-steps.ts';
import { connect } from '../packages/server/test/flows/sso-steps.ts';
import { asOperator, becomeOwner, changeSettings, eventsNamed } from '../packages/server/test/flows/steps.ts';
import { callbackUri, claimsOf, goodPassword, startServer, type TestServer } from '../packages/server/test/harness.ts';
import { startOidcProvider } from '../packages/server/test/oidc-provider.ts';
import { pagesHere } from './markdown.ts';
import { root } from './newcomer.ts';

const guides = pagesHere().filter(({ path }) => /^docs\/[\w-]+\.md$/.test(path));

interface Snippet {
  readonly path: string;
  /** `from`: its lines stand in that file, which other tests run. `seed`: what `--seed` takes. */
  readonly kind: 'answered' | 'run' | 'from' | 'seed';
  readonly name: string;
  readonly text: string;
}

const MARKED = /<!-- (answered|run|from|seed): ([\w./-]+) -->\n\n```(?:json|js)\n([\s\S]*?)\n```/g;

const snippets = guides.flatMap(({ path, text }): Snippet[] =>
  [...text.matchAll(MARKED)].map(([, kind, name = '', body = '']) => ({
    path,
    kind: kind as Snippet['kind'],
    name,
    text: body,
  })),
);

const shown = (name: string): unknown => {
  const found = snippets.find((snippet) => snippet.kind === 'answered' && snippet.name === name);
  return JSON.parse(found?.text ?? assert.fail(`no guide shows ${name}`));
};

/** What is shown, with `…` filled in from what was answered; a key `…` stands for keys that are left out. */
function filledIn(pattern: unknown, real: unknown): unknown {
  if (typeof pattern === 'string') {
    const form = pattern.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll('…', '.+');
    return typeof real === 'string' && new RegExp(`^${form}$`, 's').test(real) ? real : pattern;
  }
  if (Array.isArray(pattern)) return pattern.map((item, index) => filledIn(item, (real as unknown[])?.[index]));
  if (pattern === null || typeof pattern !== 'object') return pattern;
  const { '…': others, ...named } = pattern as Record<string, unknown>;
  const values = (real ?? {}) as Record<string, unknown>;
  const known = Object.fromEntries(Object.entries(named).map(([key, value]) => [key, filledIn(value, values[key])]));
  return others === undefined ? known : { ...values, ...known };
}

/** The codes in a column of the table below a mark, counted from 0; in all of the paragraph without a number. */
function checkedCodes(name: string, column?: number): readonly string[] {
  const block = guides
    .map(({ text }) => text.split(`<!-- checked: ${name} -->\n\n`)[1]?.split('\n\n')[0])
    .find((found) => found !== undefined);
  const lines = (block ?? assert.fail(`no guide has ${name}`)).split('\n');
  const cells = column === undefined ? lines : lines.slice(2).map((line) => line.split(' | ')[column] ?? '');
  return cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code));
}

const assertShown = (name: string, real: unknown) => assert.deepEqual(real, filledIn(shown(name), real), name);

describe('the snippets of the guides', () => {
  let server: TestServer;
  let workos: WorkOS;
  const used = new Set<string>();

  before(async () => {
    server = await startServer();
    const { hostname, port } = new URL(server.url);
    workos = new WorkOS(server.apiKey, {
      clientId: server.clientId,
      apiHostname: hostname,
      port: Number(port),
      https: false,
    });
  });
  after(() => server[Symbol.asyncDispose]());

  const email = 'ada@example.com';
  const again = async () => {
    await server.api('POST', '/dev/reset');
  };
  const addAda = (email_verified = true) => server.create.user({ email, password: goodPassword, email_verified });

  /** Runs a snippet, which is one expression. */
  // biome-ignore lint/suspicious/noExplicitAny: what the SDK answers is compared by those who know what it is
  async function run(name: string, given: Record<string, unknown> = {}): Promise<any> {
    used.add(name);
    const found = snippets.find((snippet) => snippet.kind === 'run' && snippet.name === name);
    const names = { workos, clientId: server.clientId, email, password: goodPassword, ...given };
    const text = found?.text ?? assert.fail(`no guide runs ${name}`);
    const body = new Function(...Object.keys(names), `return (async () => (${text}))();`);
    return body(...Object.values(names));
  }

  /** Runs a snippet that is refused, as the guide shows. @returns the body */
  async function refused(name: string, asShown: string, given: Record<string, unknown> = {}) {
    const thrown = await run(name, given).then(
      () => assert.fail(`${name} went through`),
      (error: { rawData?: Record<string, unknown> }) => error,
    );
    used.add(asShown);
    assertShown(asShown, thrown.rawData);
    return thrown.rawData as { pending_authentication_token: string } & Record<string, never>;
  }

  it('begin with a password or a code', async () => {
    await again();
    await refused('password', 'invalid_credentials');
    await addAda();
    assert.equal((await run('password')).user.email, email);
    await run('createMagicAuth');
    assert.equal((await run('magicAuth', { code: await server.codeFor(email) })).user.email, email);
  });

  it('mail a code to any address', async () => {
    await again();
    const stranger = await run('createMagicAuth', { email: 'stranger@example.com' });
    assert.equal(stranger.email, 'stranger@example.com');
  });

  it('verify an address', async () => {
    await again();
    await addAda(false);
    const due = await refused('password', 'email_verification_required');
    const given = {
      code: await server.codeFor(email),
      pendingAuthenticationToken: due.pending_authentication_token,
    };
    assert.equal((await run('emailVerification', given)).user.emailVerified, true);
    await assert.rejects(run('emailVerification', given), 'each token works once');
  });

  it('set a second factor up, and ask for it', async () => {
    await again();
    const { id: userId } = await addAda();
    await changeSettings(server, { mfa: 'required' });
    const due = await refused('password', 'mfa_enrollment');
    const { authenticationFactor, authenticationChallenge } = await run('enroll', { userId });
    assert.ok(authenticationFactor.totp.qrCode);
    const app = appOf(server, authenticationFactor.totp.secret);
    const answer = (pending: string, authenticationChallengeId: string) =>
      run('totp', { code: app.code(), authenticationChallengeId, pendingAuthenticationToken: pending });
    const first = await answer(due.pending_authentication_token, authenticationChallenge.id);
    assert.equal(first.user.id, userId);

    server.clock.advance(60);
    const asked = await refused('password', 'mfa_challenge');
    const challenge = await run('challenge', { authenticationFactorId: authenticationFactor.id });
    assert.equal((await answer(asked.pending_authentication_token, challenge.id)).user.id, userId);
  });

  it('choose an organization, which may take other methods only', async () => {
    await again();
    const { id } = await addAda();
    const [acme, initech] = [await makeOrganization(server, 'Acme'), await makeOrganization(server, 'Initech')];
    for (const organization of [acme, initech]) await makeMember(server, id, organization.id);
    const due = await refused('password', 'organization_selection_required');
    const chosen = { organizationId: acme.id, pendingAuthenticationToken: due.pending_authentication_token };
    assert.equal((await run('organization', chosen)).organizationId, acme.id);

    const owner = await becomeOwner(server);
    const policy = `/dashboard/api/organizations/${initech.id}/policy`;
    const changed = await asOperator(server, owner, 'PATCH', policy, { body: { sign_in_methods: ['MagicAuth'] } });
    assert.equal(changed.status, 200, JSON.stringify(changed.json));
    const next = await refused('password', 'organization_selection_required');
    await refused('organization', 'organization_authentication_methods_required', {
      organizationId: initech.id,
      pendingAuthenticationToken: next.pending_authentication_token,
    });
  });

  /** As a test of somebody else's app has them. */
  const dev = () => ({
    url: server.url,
    headers: { authorization: `Bearer ${server.apiKey}`, 'content-type': 'application/json' },
  });
  const answered = (name: string, real: unknown) => {
    used.add(name);
    assertShown(name, real);
  };

  it('read mails, move the clock and take snapshots', async () => {
    await again();
    const { id } = await addAda();
    answered('events', await (await run('events', { ...dev(), id })).json());
    await run('createMagicAuth');
    answered('mailbox', await (await run('mailbox', dev())).json());
    answered('sign-in', await (await run('sign-in', { ...dev(), id })).json());
    const snapshot = await (await run('snapshot', dev())).json();
    assert.equal((await run('failure', dev())).status, 204);
    const exchange = () => server.token({ grant_type: 'authorization_code', code: 'none' });
    for (let n = 0; n < 4; n++) assert.equal((await exchange()).status, 503);
    assert.equal((await exchange()).status, 400);
    await server.api('DELETE', `/user_management/users/${id}`);
    assert.equal((await run('restore', { ...dev(), id: snapshot.id })).status, 204);
    assert.equal((await server.api('GET', `/user_management/users/${id}`)).status, 200);
    answered('clock', await (await run('clock', dev())).json());
  });

  it('seed people and settings', async () => {
    used.add('users');
    const text = snippets.find(({ kind }) => kind === 'seed')?.text ?? '';
    await using seeded = await startServer('sqlite', { seed: Seed.parse(JSON.parse(text)) });
    const { data } = (await seeded.api('GET', '/user_management/users')).json;
    assert.deepEqual([data[0].email, data[0].email_verified], [email, true]);
    const signedIn = await seeded.token({ grant_type: 'password', email, password: goodPassword });
    assert.equal(signedIn.status, 200);
  });

  it('come back from a provider as its buttons say', async () => {
    await again();
    const buttons = guides
      .find(({ path }) => path === 'docs/testing.md')
      ?.text.split('<!-- checked: personas -->')[1]
      ?.matchAll(/^\| ([A-Z][^|]*?) \| (?:an|the|nobody)/gm);
    const browser = server.browser();
    await browser.open(server.authorizeUrl({ provider: 'GoogleOAuth' }));
    const shown = [...browser.text.matchAll(/name="persona"[^>]*>([^<]+)</g)].map(([, label]) => label);
    assert.deepEqual(
      [...(buttons ?? [])].map(([, label]) => label),
      shown,
    );
    for (const [provider, due] of [
      ['GoogleOAuth', undefined],
      ['GitHubOAuth', 'email_verification_required'],
    ] as const) {
      const other = server.browser();
      await other.open(server.authorizeUrl({ provider }));
      const done = await other.submit({ persona: 'verified', email });
      const code = done.location?.searchParams.get('code') ?? '';
      assert.equal((await server.token({ grant_type: 'authorization_code', code })).json.code, due, provider);
    }
  });

  it('make an organization, fill it, switch to it and ask more of its members', async () => {
    await again();
    const { id: userId } = await addAda();
    const { id: organizationId } = await run('makeOrganization');
    await run('addMember', { userId, organizationId });
    const invitation = await run('invite', { organizationId });
    assert.equal(invitation.state, 'pending');
    assert.equal((await server.mails('grace@example.com')).length, 1);
    const { id } = await run('addDomain', { organizationId });
    answered('domain', (await server.api('GET', `/organization_domains/${id}`)).json);
    const signedIn = await server.token({ grant_type: 'password', email, password: goodPassword });
    answered('claims', claimsOf(signedIn.json.access_token));

    const other = await makeOrganization(server, 'Initech');
    await makeMember(server, userId, other.id);
    const switched = await run('switchOrganization', {
      refreshToken: signedIn.json.refresh_token,
      organizationId: other.id,
    });
    assert.equal(switched.organizationId, other.id);
    const goesOn = await server.token({ grant_type: 'refresh_token', refresh_token: switched.refreshToken });
    assert.equal(goesOn.json.organization_id, other.id);

    const owner = await becomeOwner(server);
    const path = `/dashboard/api/organizations/${other.id}/policy`;
    const changed = await asOperator(server, owner, 'PATCH', path, { body: shown('policy') });
    answered('policy', changed.json);
    const held = await server.token({ grant_type: 'refresh_token', refresh_token: goesOn.json.refresh_token });
    assert.equal(typeof held.json.authkit_redirect_url, 'string', held.text);
  });

  it('sign on at the provider of an organization', async () => {
    await again();
    await using provider = await startOidcProvider();
    const { organization, connectionId } = await connect(server, provider);
    const { id } = await addAda();
    await makeMember(server, id, organization.id);
    const owner = await becomeOwner(server);
    const policy = `/dashboard/api/organizations/${organization.id}/policy`;
    await asOperator(server, owner, 'PATCH', policy, { body: { sign_in_methods: ['SSO'] } });
    await refused('password', 'sso_required');

    provider.person = { sub: '1', email: 'ada@acme.com' };
    const begun = await run('signOnUrl', { redirectUri: callbackUri, connectionId, state: 's' });
    const departure = await fetch(begun, { redirect: 'manual' });
    const back = await fetch(await provider.answer(departure.headers.get('location') ?? ''), { redirect: 'manual' });
    const { searchParams } = new URL(back.headers.get('location') ?? '');
    assert.equal(searchParams.get('state'), 's');
    const { profile } = await run('profile', { code: searchParams.get('code') });
    assert.deepEqual([profile.email, profile.connectionId], ['ada@acme.com', connectionId]);
  });

  it('sign in on a device', async () => {
    await again();
    const begun = await (await run('beginDevice', dev())).json();
    answered('device', begun);
    const given = { ...dev(), deviceCode: begun.device_code };
    answered('pending', await (await run('pollDevice', given)).json());
    const hasty = (await (await run('pollDevice', given)).json()) as { error: string };
    assert.equal(hasty.error, 'slow_down');
  });

  it('tell an app that an operator acts as a user', async () => {
    await again();
    const { id } = await addAda();
    await changeSettings(server, { impersonation: true });
    const owner = await becomeOwner(server);
    const path = `/dashboard/api/users/${id}/impersonation`;
    const begun = await asOperator(server, owner, 'POST', path, { body: { reason: 'Ticket 4711' } });
    for (const line of begun.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      owner.cookies.set(name, value);
    }
    await owner.open(server.authorizeUrl());
    const done = await owner.submit({}, '/impersonate');
    const code = done.location?.searchParams.get('code') ?? '';
    const { json } = await server.token({ grant_type: 'authorization_code', code });
    answered('impersonation', json);
    answered('act', claimsOf(json.access_token));
    for (const event of ['requested', 'started'])
      assert.equal((await eventsNamed(server, `impersonation.${event}`)).at(-1)?.email, 'owner@example.com');
  });

  it('name settings, grants and providers that there are', () => {
    const settings = Object.keys(SettingsWire.shape);
    for (const name of checkedCodes('methods', 2)) assert.ok(settings.includes(name), name);
    const named = checkedCodes('methods', 3).filter((code) => code !== 'provider');
    for (const grant of named) assert.ok(grantOf(grant), grant);
    assert.deepEqual(checkedCodes('providers'), [...socialProviders]);
  });

  it('are taken from the files they name', () => {
    for (const { kind, name, text } of snippets) {
      if (kind !== 'from') continue;
      used.add(name);
      const lines = readFileSync(join(root, name), 'utf8').split('\n');
      for (const line of text.split('\n')) assert.ok(lines.includes(line), `${name} has no line: ${line}`);
    }
  });

  it('read errors in the shapes that docs/errors.md tells of', async () => {
    const oauth = (await server.token({ grant_type: 'refresh_token', refresh_token: 'x' })).json;
    assert.deepEqual([oauth.code, oauth.message], [oauth.error, oauth.error_description]);
    const api = (await server.api('GET', '/user_management/users/user_x')).json;
    assert.deepEqual(Object.keys(api).slice(0, 2), ['code', 'message']);
    const without = await server.api('GET', '/user_management/users', undefined, { authorization: 'Bearer sk_x' });
    assert.deepEqual(without.json, { message: 'Unauthorized' });
  });

  it('are all tried', () => {
    assert.deepEqual(
      snippets.map(({ name }) => name).filter((name) => !used.has(name)),
      [],
    );
    for (const { path, text } of guides) {
      const fences = text.match(/^```(?:json|js)$/gm)?.length ?? 0;
      assert.equal(
        snippets.filter((snippet) => snippet.path === path).length,
        fences,
        `${path}: a snippet is not marked`,
      );
    }
  });
});
