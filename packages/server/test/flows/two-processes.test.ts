/**
 * Everything that works once, given to two processes on one PostgreSQL at the same time: of any number of requests, one
 * gets it. What one process of ours keeps in memory must not decide.
 */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, it } from 'node:test';
import { type Database, openPostgresql, sql } from '../../src/core/index.ts';
import { grantTypes } from '../../src/protocol/index.ts';
import { SoftAuthenticator } from '../authenticator.ts';
import { authenticator } from '../authenticator-app.ts';
import { type Front, startFront } from '../front.ts';
import { type Answer, callbackUri, goodPassword, onEachEngine, TestBrowser } from '../harness.ts';
import { startOidcProvider } from '../oidc-provider.ts';
import { freshPostgres } from '../postgres.ts';
import { type Platform, startPlatform } from '../processes.ts';
import { atProvider } from '../providers.ts';
import { solveWork } from '../solve-work.ts';
import { asOperator } from './steps.ts';

// biome-ignore lint/suspicious/noExplicitAny: a test reads what it expects and fails where it is not there
type Body = any;

/** Below the ten tries a minute that an address has: those that are being looked at count. */
const atOnce = 8;

onEachEngine('two processes on one database', (_start, engine) => {
  if (engine === 'sqlite') return;
  const platforms: Platform[] = [];
  const dirs: string[] = [];
  let drop: () => Promise<void>;
  let db: Database;
  let front: Front;

  before(async () => {
    const database = await freshPostgres();
    if (!database) throw new Error('There is no PostgreSQL.');
    drop = database.drop;
    db = openPostgresql(database.url);
    // A simulated provider is one server, which forgets with its process what it promised.
    front = await startFront((path) => path.startsWith('/dev/'));
    const key = `${randomBytes(32).toString('base64')}\n`;
    for (const name of ['a', 'b']) {
      const dataDir = await mkdtemp(join(tmpdir(), `authkit-process-${name}-`));
      dirs.push(dataDir);
      await writeFile(join(dataDir, 'encryption.key'), key, { mode: 0o600 });
      const { url: publicUrl } = front;
      const seed = { settings: { impersonation: true, sign_up_proof_of_work: true } };
      platforms.push(await startPlatform({ by: 'authkit dev', dataDir, databaseUrl: database.url, publicUrl, seed }));
    }
    front.send(platforms.map(({ direct }) => direct));
  });
  after(async () => {
    await front[Symbol.asyncDispose]();
    for (const platform of platforms) await platform[Symbol.asyncDispose]();
    await db.close();
    await drop();
    for (const dir of dirs) await rm(dir, { recursive: true, force: true });
  });

  const [a, b] = [() => platforms[0] ?? assert.fail(), () => platforms[1] ?? assert.fail()];

  const ask = async (platform: Platform, method: string, path: string, body?: object): Promise<Body> => {
    const response = await platform.api(method, path, body);
    return { status: response.status, ...((await response.json().catch(() => ({}))) as object) };
  };

  const token = (platform: Platform, parameters: object): Promise<Body> =>
    ask(platform, 'POST', '/user_management/authenticate', {
      client_id: platform.clientId,
      client_secret: platform.apiKey,
      ...parameters,
    });

  /** Sends it to both, many times at once. @returns the answers that got something */
  async function race(send: (platform: Platform) => Promise<Body>): Promise<Body[]> {
    const answers = await Promise.all(Array.from({ length: atOnce }, (_, n) => send(n % 2 ? a() : b())));
    for (const { status } of answers) assert.ok(status < 500, `a request failed: ${status}`);
    return answers.filter(({ status }) => status < 300);
  }

  async function onceOnly(send: (platform: Platform) => Promise<Body>): Promise<Body> {
    const [first, ...more] = await race(send);
    assert.ok(first, 'nobody got it');
    assert.equal(more.length, 0, `${more.length + 1} got it`);
    assert.equal((await race(send)).length, 0, 'somebody got it later');
    return first;
  }

  let made = 0;
  const newUser = (more: object = {}): Promise<Body> =>
    ask(a(), 'POST', '/user_management/users', {
      email: `person-${++made}@example.com`,
      password: goodPassword,
      email_verified: true,
      ...more,
    });

  const pending = async (email: string): Promise<string> => {
    const answer = await token(b(), { grant_type: 'password', email, password: goodPassword });
    return answer.pending_authentication_token ?? assert.fail(JSON.stringify(answer));
  };

  const authorizePath = (): string =>
    `/user_management/authorize?${new URLSearchParams({
      response_type: 'code',
      provider: 'authkit',
      client_id: a().clientId,
      redirect_uri: callbackUri,
    })}`;

  /** A password, typed at the pages of one process. */
  async function codeAtPages(email: string): Promise<string> {
    const browser = new TestBrowser(a().url);
    await browser.open(authorizePath());
    await browser.submit({ email }, '/sign-in?');
    const done = await browser.submit({ password: goodPassword }, '/sign-in/password');
    return done.location?.searchParams.get('code') ?? assert.fail(browser.path);
  }

  it('an authorization code', async () => {
    const code = await codeAtPages((await newUser()).email);
    await onceOnly((to) => token(to, { grant_type: 'authorization_code', code }));
  });

  it('a code that signs in', async () => {
    const { email } = await newUser();
    const { code } = await ask(a(), 'POST', '/user_management/magic_auth', { email });
    await onceOnly((to) => token(to, { grant_type: grantTypes.magicAuthCode, email, code }));
  });

  it('a code that signs in, with others of the person in force', async () => {
    const { email } = await newUser();
    const codes: string[] = [];
    for (const platform of [a(), b(), a()])
      codes.push((await ask(platform, 'POST', '/user_management/magic_auth', { email })).code);
    const [, code] = codes;
    await onceOnly((to) => token(to, { grant_type: grantTypes.magicAuthCode, email, code }));
  });

  it('one of several links that set a password', async () => {
    const { email } = await newUser();
    // Of those that are asked for at once, the newest is in force.
    const links = await Promise.all(
      Array.from(
        { length: atOnce },
        async (_, n) =>
          (await ask(n % 2 ? a() : b(), 'POST', '/user_management/password_reset', { email })).password_reset_token,
      ),
    );
    let next = 0;
    await onceOnly((to) =>
      ask(to, 'POST', '/user_management/password_reset/confirm', {
        token: links[next++ % atOnce],
        new_password: goodPassword.replace('fine', `fine ${next}`),
      }),
    );
  });

  it('a code that verifies an address, and its token', async () => {
    const { email } = await newUser({ email_verified: false });
    const pending_authentication_token = await pending(email);
    const code = await b().mailedCode(email);
    await onceOnly((to) =>
      token(to, { grant_type: grantTypes.emailVerificationCode, pending_authentication_token, code }),
    );
  });

  it('a code of an app, in one sign-in as in several', async () => {
    const { id, email } = await newUser();
    const factor = await ask(a(), 'POST', `/user_management/users/${id}/auth_factors`, { type: 'totp' });
    const app = authenticator(factor.authentication_factor.totp.secret, () => new Date());
    const { id: factorId } = factor.authentication_factor;
    const proved = await ask(a(), 'POST', `/auth/challenges/${factor.authentication_challenge.id}/verify`, {
      code: app.code(),
    });
    assert.equal(proved.valid, true);
    const later = new Date(Date.now() + 90_000);
    for (const platform of platforms) await platform.setClock(later);
    const next = authenticator(factor.authentication_factor.totp.secret, () => later).code();
    const tokens = await Promise.all(Array.from({ length: atOnce }, () => pending(email)));
    const challenges = await Promise.all(
      tokens.map(async () => (await ask(a(), 'POST', `/auth/factors/${factorId}/challenge`, {})).id),
    );
    let at = 0;
    const winners = await race((to) => {
      const mine = at++;
      return token(to, {
        grant_type: grantTypes.mfaTotp,
        pending_authentication_token: tokens[mine],
        authentication_challenge_id: challenges[mine],
        code: next,
      });
    });
    assert.equal(winners.length, 1, 'one code of the app led into several sign-ins');
    for (const platform of platforms) await platform.resetClock();
  });

  it('a challenge of the standalone API', async () => {
    const { id } = await newUser();
    const begun = await ask(a(), 'POST', `/user_management/users/${id}/auth_factors`, { type: 'totp' });
    const code = authenticator(begun.authentication_factor.totp.secret, () => new Date()).code();
    const verify = (to: Platform) =>
      ask(to, 'POST', `/auth/challenges/${begun.authentication_challenge.id}/verify`, { code });
    assert.equal((await race(verify)).filter(({ valid }) => valid === true).length, 1);
    assert.equal((await race(verify)).filter(({ valid }) => valid === true).length, 0, 'it was right again later');
  });

  it('the choice of an organization', async () => {
    const { id: user_id, email } = await newUser();
    const [first] = await Promise.all(
      ['Acme', 'Globex'].map(async (name) => {
        const { id: organization_id } = await ask(a(), 'POST', '/organizations', { name });
        await ask(a(), 'POST', '/user_management/organization_memberships', { user_id, organization_id });
        return organization_id as string;
      }),
    );
    const pending_authentication_token = await pending(email);
    const done = await onceOnly((to) =>
      token(to, {
        grant_type: grantTypes.organizationSelection,
        pending_authentication_token,
        organization_id: first,
      }),
    );
    assert.equal(done.organization_id, first);
  });

  it('a link that sets a new password', async () => {
    const { email } = await newUser();
    const reset = await ask(a(), 'POST', '/user_management/password_reset', { email });
    await onceOnly((to) =>
      ask(to, 'POST', '/user_management/password_reset/confirm', {
        token: reset.password_reset_token,
        new_password: 'an entirely different phrase',
      }),
    );
  });

  it('a code that changes an address', async () => {
    const { id } = await newUser();
    const path = `/user_management/users/${id}/email_change`;
    const new_email = `moved-${made}@example.com`;
    await ask(a(), 'POST', `${path}/send`, { new_email });
    const code = await a().mailedCode(new_email);
    await onceOnly((to) => ask(to, 'POST', `${path}/confirm`, { code }));
  });

  it('an invitation', async () => {
    const { id: organization_id } = await ask(a(), 'POST', '/organizations', { name: 'Initech' });
    const { id: user_id, email } = await newUser();
    const invitation = await ask(a(), 'POST', '/user_management/invitations', { email, organization_id });
    const answers = await race((to) =>
      token(to, {
        grant_type: 'password',
        email,
        password: goodPassword,
        invitation_token: invitation.token,
      }),
    );
    assert.ok(answers.length > 0);
    const { data } = await ask(a(), 'GET', `/user_management/organization_memberships?user_id=${user_id}`);
    assert.deepEqual(
      data.map(({ status }: Body) => status),
      ['active'],
    );
    const after = await ask(b(), 'GET', `/user_management/invitations/${invitation.id}`);
    assert.equal(after.state, 'accepted');
  });

  it('a refresh token: one successor, whoever is asked', async () => {
    const { email } = await newUser();
    const { refresh_token } = await token(a(), { grant_type: 'password', email, password: goodPassword });
    const answers = await race((to) => token(to, { grant_type: 'refresh_token', refresh_token }));
    assert.equal(answers.length, atOnce);
    assert.equal(new Set(answers.map((answer) => answer.refresh_token)).size, 1);
  });

  it('a device’s code', async () => {
    const device = await ask(a(), 'POST', '/user_management/authorize/device', { client_id: a().clientId });
    const { email } = await newUser();
    const browser = new TestBrowser(b().url);
    await browser.open('/device');
    if (browser.path.startsWith('/sign-in')) await signInAt(browser, email);
    await browser.submit({ user_code: device.user_code }, '/device');
    if (browser.path.startsWith('/sign-in')) await signInAt(browser, email);
    await browser.submit({ answer: 'approved' }, '/device/confirm');
    await onceOnly((to) => token(to, { grant_type: grantTypes.deviceCode, device_code: device.device_code }));
  });

  async function signInAt(browser: TestBrowser, email: string): Promise<void> {
    await browser.submit({ email }, '/sign-in?');
    await browser.submit({ password: goodPassword }, '/sign-in/password');
  }

  /** The same browser, many times at once; what stands in front sends each to the other process than the one before. */
  const atBoth = async <T>(from: TestBrowser, send: (browser: TestBrowser) => Promise<T>): Promise<T[]> => {
    const before = [...front.counts];
    const answers = await Promise.all(Array.from({ length: atOnce }, () => send(from.clone())));
    for (const [index, count] of front.counts.entries())
      assert.ok(count - (before[index] ?? 0) >= atOnce / 2, `process ${index} was hardly asked`);
    return answers;
  };

  /** One form, sent to both at once. @returns where each of them led */
  const sendToBoth = ({ action, hidden }: ReturnType<TestBrowser['form']>, fields: object, from: TestBrowser) =>
    atBoth(from, (browser) => browser.post(action, { ...hidden, ...fields }));

  const codeIn = ({ location }: Answer): string | null => location?.searchParams.get('code') ?? null;

  const countEvents = async (name: string, userId: string): Promise<number> =>
    Number(
      (await db.one<{ n: number }>(sql`select count(*) as n from events where name = ${name} and user_id = ${userId}`))
        .n,
    );

  it('the last form of a sign-in at the pages: one code, wherever it was sent', async () => {
    const { email } = await newUser();
    const browser = new TestBrowser(a().url);
    await browser.open(authorizePath());
    await browser.submit({ email }, '/sign-in?');
    const answers = await sendToBoth(browser.form('/sign-in/password'), { password: goodPassword }, browser);
    const codes = answers.map(codeIn);
    assert.equal(new Set(codes).size, 1);
    const [code] = codes;
    await onceOnly((to) => token(to, { grant_type: 'authorization_code', code }));
  });

  it('the work of a sign-up, for addresses that differ', async () => {
    const browser = new TestBrowser(a().url);
    await browser.open(`${authorizePath()}&screen_hint=sign-up`);
    const { action, hidden } = browser.form('/sign-up');
    const proof = await solveWork(hidden.challenge ?? assert.fail('the sign-up costs no work'));
    const accounts = async () => (await db.one<{ n: number }>(sql`select count(*) as n from users`)).n;
    const before = await accounts();
    let n = 0;
    const answers = await atBoth(browser, (sender) =>
      sender.post(action, { ...hidden, proof, email: `worked-${++n}@example.com`, password: goodPassword }),
    );
    for (const { status } of answers) assert.ok(status < 500, `a request failed: ${status}`);
    assert.equal(await accounts(), before + 1);
    const spent = await db.one<{ n: number }>(sql`select count(*) as n from spent_proofs`);
    assert.equal(spent.n, 1);
  });

  it('a recovery code, in several sign-ins', async () => {
    const { email } = await newUser();
    const home = new TestBrowser(a().url);
    await home.open('/account');
    await signInAt(home, email);
    await home.open('/account/second-step');
    const secret = /data-copy="([A-Z2-7]{32})"/.exec(home.text)?.[1] ?? assert.fail(home.text);
    await home.submit({ code: authenticator(secret, () => new Date()).code() }, '/account/second-step');
    const [recovery_code] = [...home.text.matchAll(/<li><code>([0-9a-z-]+)<\/code>/g)].map(([, code]) => code);
    assert.ok(recovery_code);
    const browsers = await Promise.all(
      Array.from({ length: 6 }, async () => {
        const browser = new TestBrowser(a().url);
        await browser.open(authorizePath());
        await signInAt(browser, email);
        await browser.open(browser.path.replace('/mfa?', '/mfa/recovery?'));
        return browser;
      }),
    );
    const answers = await Promise.all(browsers.map((browser) => browser.submit({ recovery_code }, '/mfa/recovery')));
    assert.equal(answers.filter(({ location }) => location?.searchParams.has('code')).length, 1);
  });

  /** At a page that asks for a passkey, with what the authenticator made of its question. */
  async function answered(browser: TestBrowser, path: string, make: (question: Body) => string) {
    const { action, hidden } = browser.form(path);
    const options = path.startsWith('/account') ? '/account/passkeys/options' : '/sign-in/passkey/options';
    const asked = await browser.clone().post(action.replace(path.split('?')[0] ?? '', options), hidden);
    assert.equal(asked.status, 200, asked.text);
    return { form: { action, hidden }, credential: make(asked.json) };
  }

  async function withPasskey() {
    const user = await newUser();
    const authenticator = new SoftAuthenticator(front.url);
    const browser = new TestBrowser(front.url);
    await browser.open('/account');
    await signInAt(browser, user.email);
    await browser.open('/account/passkeys/add');
    const made = await answered(browser, '/account/passkeys/add?', (question) => authenticator.create(question));
    return { user, authenticator, browser, ...made };
  }

  it('the challenge that a passkey is made for', async () => {
    const { user, browser, form, credential } = await withPasskey();
    const added = async () => {
      const answers = await sendToBoth(form, { credential }, browser);
      for (const { status } of answers) assert.ok(status < 500, `a form failed: ${status}`);
      // The page that is led to says so.
      return answers.filter(({ status, text }) => status === 200 && /Your passkey is ready to use/.test(text)).length;
    };
    assert.equal(await added(), 1);
    assert.equal(await added(), 0, 'somebody added it later');
    assert.equal(await countEvents('passkey.created', user.id), 1);
  });

  it('the challenge that a passkey answers', async () => {
    const { user, authenticator, browser: home, form, credential } = await withPasskey();
    await home.post(form.action, { ...form.hidden, credential });
    const browser = new TestBrowser(front.url);
    await browser.open(authorizePath());
    const proof = await answered(browser, '/sign-in/passkey?', (question) => authenticator.get(question));
    const answers = await sendToBoth(proof.form, { credential: proof.credential }, browser);
    const codes = new Set(answers.map(codeIn).filter((code) => code !== null));
    assert.equal(codes.size, 1);
    assert.equal(await countEvents('authentication.passkey_succeeded', user.id), 1);
    const [code] = codes;
    await onceOnly((to) => token(to, { grant_type: 'authorization_code', code }));
  });

  it('a journey to a provider', async () => {
    const { id, email } = await newUser();
    const browser = new TestBrowser(front.url);
    await browser.open(authorizePath());
    await browser.submit({ provider: 'GoogleOAuth' }, '/sign-in/social');
    const brought = await atProvider(front.url + browser.path, { email });
    const answers = await atBoth(browser, (copy) => copy.open(`/sso/oauth/google/callback?${brought}`));
    for (const { status } of answers) assert.ok(status < 500, `a callback failed: ${status}`);
    const codes = new Set(answers.map(codeIn).filter((code) => code !== null));
    assert.equal(codes.size, 1);
    assert.equal(await countEvents('authentication.oauth_succeeded', id), 1);
    const identities = await ask(b(), 'GET', `/user_management/users/${id}/identities`);
    assert.equal(Object.values(identities).filter((each) => typeof each === 'object').length, 1);
    const [code] = codes;
    await onceOnly((to) => token(to, { grant_type: 'authorization_code', code }));
  });

  const ownersEmail = 'owner@example.com';
  let owning: Promise<TestBrowser> | undefined;
  /** The installation's owner, signed in to the dashboard; there is one. */
  const theOwner = (): Promise<TestBrowser> => {
    owning ??= becomeOwner();
    return owning;
  };
  async function becomeOwner(): Promise<TestBrowser> {
    const owner = new TestBrowser(front.url);
    const email = ownersEmail;
    await owner.open(a().dashboardUrl);
    await owner.submit({ email });
    await owner.submit({ email, password: goodPassword });
    await owner.submit({ code: await b().mailedCode(email) });
    return owner;
  }

  it('a trip to an organization’s own provider, and the code it ends with', async () => {
    await using provider = await startOidcProvider();
    provider.person = { sub: '1', email: 'ada@acme.example' };
    const owner = await theOwner();
    const domain_data = [{ domain: 'acme.example', state: 'verified' }];
    const { id: organization_id } = await ask(a(), 'POST', '/organizations', { name: 'Acme', domain_data });
    const { issuer, clientId: client_id, clientSecret: client_secret } = provider;
    const body = { organization_id, name: 'Acme', connection_type: 'GenericOIDC', issuer, client_id, client_secret };
    const made = await asOperator(a(), owner, 'POST', '/dashboard/api/connections', { body });
    const activated = `/dashboard/api/connections/${made.json.id}/activate`;
    assert.equal((await asOperator(a(), owner, 'PUT', activated)).status, 200, JSON.stringify(made.json));
    const client = { client_id: a().clientId, redirect_uri: callbackUri };
    const query = new URLSearchParams({ ...client, response_type: 'code', connection: made.json.id });
    const browser = new TestBrowser(front.url);
    const { location } = await browser.open(`/sso/authorize?${query}`);
    const { pathname, search } = await provider.answer(location ?? assert.fail('it leads nowhere'));
    const answers = await atBoth(browser, (copy) => copy.open(pathname + search));
    for (const { status } of answers) assert.ok(status < 500, `a callback failed: ${status}`);
    const codes = new Set(answers.map(codeIn).filter((code) => code !== null));
    assert.equal(codes.size, 1);
    const [code] = codes;
    const redemption = {
      client_id: client.client_id,
      client_secret: a().apiKey,
      grant_type: 'authorization_code',
      code,
    };
    await onceOnly((to) => ask(to, 'POST', '/sso/token', redemption));
  });

  it('what an organization’s own provider signed', async () => {
    const owner = await theOwner();
    const domain_data = [{ domain: 'signed.example', state: 'verified' }];
    const { id: organization_id } = await ask(a(), 'POST', '/organizations', { name: 'Signed', domain_data });
    const body = { organization_id, name: 'Signed', connection_type: 'GenericSAML' };
    const { json } = await asOperator(a(), owner, 'POST', '/dashboard/api/connections', { body });
    for (const step of ['simulated_provider', 'activate']) {
      const done = await asOperator(a(), owner, 'PUT', `/dashboard/api/connections/${json.id}/${step}`, { body: {} });
      assert.equal(done.status, 200, `${step}: ${JSON.stringify(done.json)}`);
    }
    const browser = new TestBrowser(front.url);
    await browser.open(`${authorizePath()}&connection_id=${json.id}`.replace('&provider=authkit', ''));
    await browser.submit({ persona: 'employee', email: 'ada@signed.example' });
    const answers = await sendToBoth(browser.form(), {}, browser);
    for (const { status } of answers) assert.ok(status < 500, `an answer failed: ${status}`);
    const codes = new Set(answers.map(codeIn).filter((code) => code !== null));
    assert.equal(codes.size, 1);
    const counted = await db.one<{ n: number }>(sql`select count(*) as n from sso_assertions`);
    assert.equal(counted.n, 1);
  });

  it('the link by which an operator acts as somebody, in one sign-in as in several', async () => {
    const owner = await theOwner();
    const begin = async (userId: string): Promise<void> => {
      const path = `/dashboard/api/users/${userId}/impersonation`;
      const begun = await asOperator(a(), owner, 'POST', path, { body: { reason: 'Ticket 4711' } });
      assert.equal(begun.status, 201, JSON.stringify(begun.json));
      for (const line of begun.headers.getSetCookie()) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
        owner.cookies.set(name, value);
      }
    };

    const one = await newUser();
    await begin(one.id);
    await owner.open(authorizePath());
    const answers = await sendToBoth(owner.form('/impersonate'), {}, owner);
    const codes = new Set(answers.map(codeIn).filter((code) => code !== null));
    assert.equal(codes.size, 1);
    assert.equal(await countEvents('impersonation.started', one.id), 1);
    const [code] = codes;
    const session = await onceOnly((to) => token(to, { grant_type: 'authorization_code', code }));
    assert.equal(session.impersonator.email, ownersEmail);

    const other = await newUser();
    await begin(other.id);
    const tabs = await Promise.all(
      Array.from({ length: 4 }, async () => {
        const tab = owner.clone();
        await tab.open(authorizePath());
        return tab;
      }),
    );
    const ends = await Promise.all(tabs.map((tab) => tab.submit({}, '/impersonate')));
    assert.equal(ends.filter((end) => codeIn(end) !== null).length, 1, 'one link led into several sign-ins');
    assert.equal(await countEvents('impersonation.started', other.id), 1);
  });

  it('the tries at a password, counted together', async () => {
    const { email } = await newUser();
    const answers = await Promise.all(
      Array.from({ length: 24 }, (_, n) =>
        token(n % 2 ? a() : b(), { grant_type: 'password', email, password: 'not the password' }),
      ),
    );
    const looked = answers.filter(({ status }) => status === 400).length;
    assert.ok(looked <= 10, `${looked} wrong passwords were looked at in a minute`);
    assert.equal(answers.filter(({ status }) => status === 429).length, 24 - looked);
  });
});
