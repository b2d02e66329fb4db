/** A platform of one's own in a test: what starts it, and the mailbox, clock and people in it. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { type AuthKit, createAuthKit, NoMail, Refused } from '@authkit/testing';

const isUp = (url: string): Promise<boolean> =>
  fetch(`${url}/healthz`).then(
    ({ ok }) => ok,
    () => false,
  );

describe('createAuthKit', () => {
  for (const place of ['child', 'process'] as const) {
    it(`starts and ends a platform (${place})`, async () => {
      const auth = await createAuthKit({ in: place });
      const { id, email } = await auth.user({ firstName: 'Ada', password: null });
      const found = await auth.call('GET', `/user_management/users/${id}`);
      assert.deepEqual([found.email, found.first_name, found.email_verified], [email, 'Ada', true]);
      await auth.close();
      assert.equal(await isUp(auth.url), false);
    });
  }

  it('keeps platforms apart that run at once', async () => {
    await using first = await createAuthKit();
    await using second = await createAuthKit();
    await first.user({ email: 'ada@example.com', password: null });
    await first.clock.advance('2h');
    assert.notEqual(first.url, second.url);
    assert.notEqual(first.clientId, second.clientId);
    assert.deepEqual((await second.call('GET', '/user_management/users')).data, []);
    assert.ok((await first.clock.now()).getTime() - (await second.clock.now()).getTime() > 7_000_000);
    const foreign = await fetch(`${second.url}/user_management/users`, {
      headers: { authorization: `Bearer ${first.apiKey}` },
    });
    assert.equal(foreign.status, 401);
  });

  it('registers the addresses of the app, and gives it the variables to find the platform', async () => {
    const app = { origin: 'http://localhost:4711', callbackPath: '/auth/callback' };
    await using auth = await createAuthKit({ app, seed: { cors_origins: ['http://localhost:5173'] } });
    const { data: redirectUris } = await auth.call('GET', '/user_management/redirect_uris');
    const { data: origins } = await auth.call('GET', '/user_management/cors_origins');
    assert.deepEqual(
      [redirectUris, origins].map((list) =>
        list.map((entry: { uri?: string; origin?: string }) => entry.uri ?? entry.origin),
      ),
      [['http://localhost:4711/auth/callback'], ['http://localhost:5173']],
    );
    const env = auth.env(app);
    const url = `http://${env.WORKOS_API_HOSTNAME}:${env.WORKOS_API_PORT}`;
    assert.deepEqual([url, env.WORKOS_API_HTTPS, env.WORKOS_BASE_URL], [auth.url, 'false', auth.url]);
    assert.deepEqual([env.WORKOS_API_KEY, env.WORKOS_CLIENT_ID], [auth.apiKey, auth.clientId]);
    assert.equal(env.WORKOS_REDIRECT_URI, 'http://localhost:4711/auth/callback');
    assert.ok((env.WORKOS_COOKIE_PASSWORD ?? '').length >= 32);
    for (const [name, value] of Object.entries(env)) {
      if (!/^(VITE_|NEXT_PUBLIC_)/.test(name)) continue;
      assert.ok(value !== auth.apiKey && value !== auth.cookiePassword, `${name} is shown to browsers`);
    }
  });

  it('says why a platform does not start', async () => {
    await assert.rejects(createAuthKit({ seed: { usrs: [] } }), /'usrs' is not a name a seed knows/);
  });

  it('ends the platform when the process that started it is killed', async () => {
    const script = `import { createAuthKit } from '@authkit/testing'; console.log((await createAuthKit()).url);`;
    const run = spawn(process.execPath, ['--input-type=module', '-e', script], {
      cwd: import.meta.dirname,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [url] = (await once(run.stdout.setEncoding('utf8'), 'data')) as [string];
    const connection = connect(Number(new URL(url).port), '127.0.0.1');
    await once(connection, 'connect');
    run.kill('SIGKILL');
    await once(connection, 'close');
    assert.equal(await isUp(url.trim()), false);
  });
});

describe('a platform under test', () => {
  let auth: AuthKit;
  before(async () => {
    auth = await createAuthKit();
  });
  after(() => auth?.close());

  it('makes people members of organizations, which are made when there are none', async () => {
    const [ada, grace] = [await auth.user({ org: 'Acme', role: 'admin' }), await auth.user({ org: 'Acme' })];
    const globex = await auth.organization('Globex');
    await auth.member(ada, globex);
    assert.deepEqual(ada.organization, grace.organization);
    const { data } = await auth.call('GET', `/user_management/organization_memberships?user_id=${ada.id}`);
    const seen = data.map((membership: { organization_id: string; role: { slug: string } }) => [
      membership.organization_id,
      membership.role.slug,
    ]);
    assert.deepEqual(
      new Map(seen),
      new Map([
        [ada.organization?.id, 'admin'],
        [globex.id, 'member'],
      ]),
    );
  });

  it('tells what the platform said no to', async () => {
    const { email } = await auth.user({ password: null });
    await assert.rejects(auth.user({ email, password: null }), (error) => {
      assert.ok(error instanceof Refused);
      assert.equal(error.status, 400);
      assert.match(error.message, /^POST \/user_management\/users answered 400: .*email/);
      return true;
    });
  });

  it('moves the clock', async () => {
    const real = Date.now();
    const close = (time: Date, wanted: number) =>
      assert.ok(Math.abs(time.getTime() - wanted) < 60_000, time.toISOString());
    close(await auth.clock.advance('2h'), real + 7_200_000);
    close(await auth.clock.advance({ minutes: -30, hours: 1 }), real + 9_000_000);
    close(await auth.clock.set('2031-05-01T12:00:00Z'), Date.parse('2031-05-01T12:00:00Z'));
    close(await auth.clock.now(), Date.parse('2031-05-01T12:00:00Z'));
    close(await auth.clock.reset(), real);
    await assert.rejects(auth.clock.advance(90 as never), /'90' is not a duration/);
  });
});

describe('the mailbox of a platform under test', () => {
  let auth: AuthKit;
  before(async () => {
    auth = await createAuthKit();
  });
  after(() => auth?.close());

  const sendCode = (email: string) => auth.call('POST', '/user_management/magic_auth', { email });

  it('gives each mail out once, the newest first', async () => {
    const { email } = await auth.user({ password: null });
    const sent = await sendCode(email);
    assert.equal(await auth.mail.code(email), sent.code);
    const next = auth.mail.code(email);
    const later = await sendCode(email);
    assert.equal(await next, later.code);
    assert.equal((await auth.mail.list(email)).length, 2);
  });

  it('finds mails by their subject, and reads the links in them', async () => {
    const { email } = await auth.user({ org: 'Initech' });
    await sendCode(email);
    await auth.call('POST', '/user_management/password_reset', { email });
    const mail = await auth.mail.waitFor({ to: email, subject: /password/i });
    assert.deepEqual([mail.to, mail.code], [email, null]);
    assert.match(mail.links[0] ?? '', new RegExp(`^${auth.url}/reset-password\\?token=[\\w-]+$`));
    assert.ok(mail.createdAt instanceof Date);
  });

  it('tells which mails there are when the wanted one does not come', async () => {
    await auth.mail.clear();
    await assert.rejects(auth.mail.waitFor({ to: 'nobody@example.com', timeoutMs: 0 }), (error) => {
      assert.ok(error instanceof NoMail);
      assert.equal(error.message, 'No mail to nobody@example.com came. There is none at all.');
      return true;
    });
    const { email } = await auth.user({ password: null });
    const { code } = await sendCode(email);
    await auth.mail.code(email);
    await assert.rejects(auth.mail.link('nobody@example.com', { subject: 'reset', timeoutMs: 0 }), (error) => {
      const mails = `${email}: ${code} is your sign-in code for Your app (read before)`;
      assert.equal(
        (error as Error).message,
        `No mail to nobody@example.com about reset came with a link. There are:\n  ${mails}`,
      );
      return true;
    });
  });
});
