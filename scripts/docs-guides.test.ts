/** The snippets of the guides, held against a running server: JSON is what it answers, and JavaScript runs on the SDK from npm. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { WorkOS } from '@workos-inc/node';
import { appOf } from '../packages/server/test/flows/mfa-steps.ts';
import { makeMember, makeOrganization } from '../packages/server/test/flows/organization-steps.ts';
import { asOperator, becomeOwner, changeSettings } from '../packages/server/test/flows/steps.ts';
import { goodPassword, startServer, type TestServer } from '../packages/server/test/harness.ts';
import { pagesHere } from './markdown.ts';

const guides = pagesHere().filter(({ path }) => /^docs\/[\w-]+\.md$/.test(path));

interface Snippet {
  readonly path: string;
  readonly kind: 'answered' | 'run';
  readonly name: string;
  readonly text: string;
}

const MARKED = /<!-- (answered|run): (\w+) -->\n\n```(?:json|js)\n([\s\S]*?)\n```/g;

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
    return typeof real === 'string' && new RegExp(`^${form}$`).test(real) ? real : pattern;
  }
  if (Array.isArray(pattern)) return pattern.map((item, index) => filledIn(item, (real as unknown[])?.[index]));
  if (pattern === null || typeof pattern !== 'object') return pattern;
  const { '…': others, ...named } = pattern as Record<string, unknown>;
  const values = (real ?? {}) as Record<string, unknown>;
  const known = Object.fromEntries(Object.entries(named).map(([key, value]) => [key, filledIn(value, values[key])]));
  return others === undefined ? known : { ...values, ...known };
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
