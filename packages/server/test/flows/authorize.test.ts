import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type Answer, callbackUri, goodPassword, onEachEngine, type TestBrowser, type TestServer } from '../harness.ts';
import {
  becomeOwner,
  byCode,
  changeSettings,
  codeOf,
  eventsNamed,
  makeUser,
  otherEnvironment,
  pkce,
  signedInBrowser,
  signIn,
  silentCode,
} from './steps.ts';

const sharedHost = 'https://*-gitethanwoos-projects.vercel.app/callback';
const onSharedHost = 'https://app-gitethanwoos-projects.vercel.app/callback';
const withQuery = 'http://localhost:3000/callback?tenant=a%2Bb';

onEachEngine('the authorization endpoint', (start) => {
  let server: TestServer;
  before(async () => {
    server = await start();
    for (const uri of [sharedHost, withQuery, 'http://localhost:3000/other', 'myapp://callback']) {
      assert.equal((await server.api('POST', '/user_management/redirect_uris', { uri })).status, 201);
    }
  });
  after(() => server[Symbol.asyncDispose]());

  const authorize = (parameters: Record<string, string | null>, raw = '') => {
    const url = new URL(server.authorizeUrl());
    for (const [name, value] of Object.entries(parameters)) {
      if (value === null) url.searchParams.delete(name);
      else url.searchParams.set(name, value);
    }
    return server.browser().open(url.href + raw);
  };

  describe('before client and redirect URI are known to belong together', () => {
    const isPage = (answer: Answer) => {
      assert.equal(answer.status, 400);
      assert.equal(answer.headers.get('location'), null);
      assert.match(answer.headers.get('content-type') ?? '', /^text\/html/);
      assert.deepEqual(answer.headers.getSetCookie(), []);
    };

    const unregistered = [
      'http://localhost:3000/callback/',
      'http://localhost:3000/Callback',
      'http://localhost:3000/callback?x=1',
      'http://localhost:3000/callback#f',
      'http://localhost:3001/callback',
      'http://localhost:3000.evil.example/callback',
      'http://user@localhost:3000/callback',
      'https://localhost:3000/callback',
      'http://localhost:3000/callback/../callback',
      'https://evil.example/callback',
      'https://evil-projects.vercel.app/callback',
      'https://a.b-gitethanwoos-projects.vercel.app/callback',
      'https://*-gitethanwoos-projects.vercel.app/callback',
      'javascript:alert(1)',
      '//localhost:3000/callback',
      '/dashboard/callback',
      'http://localhost:3000/callback\0',
    ];
    for (const redirect_uri of unregistered) {
      it(`shows a page for ${JSON.stringify(redirect_uri)}`, async () => {
        isPage(await authorize({ redirect_uri }));
      });
    }

    it('shows a page for the dashboard’s own callback', async () => {
      isPage(await authorize({ redirect_uri: `${server.url}/dashboard/callback` }));
    });

    it('shows a page for a client nobody has, and for a missing or doubled one', async () => {
      for (const client_id of ['client_01UNKNOWN', '', 'client_\0', null]) isPage(await authorize({ client_id }));
      isPage(await authorize({}, `&client_id=${server.clientId}`));
    });

    it('shows a page when the redirect URI is missing or doubled', async () => {
      isPage(await authorize({ redirect_uri: null }));
      isPage(await authorize({ redirect_uri: '' }));
      isPage(await authorize({}, `&redirect_uri=${encodeURIComponent(callbackUri)}`));
    });

    it('shows a page for the redirect URI of another environment', async () => {
      const other = await otherEnvironment(server, { redirectUris: [{ uri: 'https://other.example/cb' }] });
      isPage(await authorize({ redirect_uri: 'https://other.example/cb' }));
      isPage(await authorize({ client_id: other.clientId }));
    });

    it('never puts what was presented into a link', async () => {
      const hrefOf = ({ text }: Answer) => /href="(\/dashboard\/redirects[^"]*)"/.exec(text)?.[1];
      const answer = await authorize({ redirect_uri: 'https://evil.example/"><script>' });
      assert.match(
        hrefOf(answer) ?? '',
        /&amp;list=redirect_uris&amp;check=https%3A%2F%2Fevil\.example%2F%22%3E%3Cscript%3E#checker$/,
      );
      // One that would not survive the operators' sign-in is not handed on.
      const long = await authorize({ redirect_uri: `https://evil.example/${'x'.repeat(460)}` });
      assert.equal(hrefOf(long), '/dashboard/redirects');
      assert.doesNotMatch(answer.text, /href="https:\/\/evil|<script>[^<]*evil/);
    });
  });

  describe('once they are', () => {
    const errorOf = (answer: Answer) => {
      assert.equal(answer.status, 302);
      assert.equal(`${answer.location?.origin}${answer.location?.pathname}`, callbackUri);
      assert.ok(answer.location?.searchParams.get('error_description'));
      assert.equal(answer.location?.searchParams.get('code'), null);
      return answer.location?.searchParams.get('error');
    };

    it('tells the app what is wrong, and gives its state back', async () => {
      const wrong: readonly (readonly [Record<string, string | null>, string])[] = [
        [{ response_type: null }, 'invalid_request'],
        [{ response_type: 'token' }, 'unsupported_response_type'],
        [{ provider: null }, 'invalid_connection_selector'],
        [{ provider: 'XeroOAuth' }, 'connection_invalid'],
        [{ connection_id: 'conn_1' }, 'ambiguous_connection_selector'],
        [{ organization_id: 'org_1' }, 'organization_invalid'],
        [{ code_challenge: 'short', code_challenge_method: 'S256' }, 'invalid_request'],
        [{ code_challenge_method: 'S256' }, 'invalid_request'],
        [{ max_age: '-1' }, 'invalid_request'],
      ];
      for (const [parameters, error] of wrong) {
        const answer = await authorize(parameters, '&state=a%2Bb~');
        assert.equal(errorOf(answer), error, JSON.stringify(parameters));
        assert.ok(answer.headers.get('location')?.endsWith('&state=a%2Bb~'));
      }
      assert.equal(errorOf(await authorize({}, '&login_hint=a&login_hint=b')), 'invalid_request');
    });

    it('takes everything the SDKs send', async () => {
      const { asked } = pkce();
      const { json: invitation } = await server.api('POST', '/user_management/invitations', { email: 'ada@acme.com' });
      const everything = {
        ...asked,
        domain_hint: 'example.com',
        login_hint: 'grace@example.com',
        screen_hint: 'sign-in',
        invitation_token: invitation.token,
        prompt: 'consent',
        max_age: '3600',
        claim_nonce: 'n',
        context: 'c',
      };
      const browser = server.browser();
      const scopes = '&provider_scopes=a&provider_scopes=b&provider_query_params%5Bhd%5D=example.com';
      const answer = await browser.open(server.authorizeUrl(everything) + scopes);
      assert.equal(answer.status, 200);
      assert.match(browser.path, /^\/sign-up\?attempt=attempt_/);
      assert.match(browser.text, /value="grace@example\.com"/);
      assert.match((await authorize({ screen_hint: 'sign-up' })).text, /action="\/sign-up\?/);
    });

    it('treats parameters without a value as not sent', async () => {
      const answer = await authorize({ organization_id: '', connection_id: '', code_challenge: '', max_age: '' });
      assert.equal(answer.status, 200);
    });
  });

  describe('the state', () => {
    it('comes back byte for byte, 2.5 KB of it, and the query of the redirect URI with it', async () => {
      const { browser } = await signedInBrowser(server);
      const state = 'a*~.-_%2B+?/:@!$(),;=%7B%22b%22%3A1%7D'.repeat(66);
      assert.ok(state.length > 2500);
      const answer = await browser.open(`${server.authorizeUrl({ redirect_uri: withQuery })}&state=${state}`);
      const location = answer.headers.get('location') ?? '';
      assert.ok(location.startsWith(`${withQuery}&code=`), location.slice(0, 100));
      assert.equal(location.slice(location.indexOf('&state=') + '&state='.length), state);
    });

    it('survives the pages', async () => {
      const { email } = await makeUser(server);
      const browser = server.browser();
      await browser.open(`${server.authorizeUrl()}&state=%2B+~*`);
      await browser.submit({ email });
      const done = await browser.submit({ password: goodPassword });
      assert.match(done.headers.get('location') ?? '', /&state=%2B\+~\*$/);
    });

    it('stays away when none was sent', async () => {
      const { browser } = await signedInBrowser(server);
      const answer = await browser.open(server.authorizeUrl());
      assert.deepEqual([...(answer.location?.searchParams.keys() ?? [])], ['code']);
    });
  });

  describe('a browser that is signed in', () => {
    let browser: TestBrowser;
    before(async () => {
      ({ browser } = await signedInBrowser(server));
    });

    it('is sent on without a page, for private schemes too', async () => {
      const answer = await browser.open(server.authorizeUrl({ redirect_uri: 'myapp://callback' }));
      assert.match(answer.headers.get('location') ?? '', /^myapp:\/\/callback\?code=/);
    });

    it('is asked again by prompt=login, select_account, max_age=0 and a sign-up', async () => {
      const asking = [{ prompt: 'login' }, { prompt: 'login consent' }, { prompt: 'select_account' }];
      for (const more of [...asking, { max_age: '0' }, { screen_hint: 'sign-up' }]) {
        const answer = await browser.clone().open(server.authorizeUrl(more as Record<string, string>));
        assert.equal(answer.status, 200, JSON.stringify(more));
        assert.match(answer.text, /<form/);
      }
    });

    it('is told to have proved anew who they are, once they have, and nobody else is', async () => {
      const told = () => eventsNamed(server, 'authentication.reauthentication_succeeded');
      const before = (await told()).length;
      const { email, id } = await makeUser(server);
      const { email: other } = await makeUser(server);
      const { browser: person } = await signIn(server, email, { authorize: { prompt: 'login' } });
      await person.open(server.authorizeUrl({ prompt: 'login' }));
      assert.equal((await told()).length, before, 'nobody was signed in, or nothing was proved yet');
      await signIn(server, email, { browser: person, authorize: { max_age: '0' } });
      await silentCode(server, person, { max_age: '60' });
      await signIn(server, other, { browser: person, authorize: { prompt: 'login' } });
      const [one, ...more] = (await told()).slice(before);
      assert.deepEqual(
        [{ ...one, user_agent: '' }, more],
        [
          {
            type: 'reauthentication',
            status: 'succeeded',
            ip_address: '127.0.0.1',
            user_agent: '',
            user_id: id,
            email,
          },
          [],
        ],
      );
    });

    it('is asked again once the proof is older than max_age, and not before', async () => {
      const { browser: fresh } = await signedInBrowser(server);
      server.clock.advance(99);
      assert.ok(await silentCode(server, fresh, { max_age: '110' }));
      server.clock.advance(20);
      assert.equal((await fresh.open(server.authorizeUrl({ max_age: '110' }))).status, 200);
      assert.ok(await silentCode(server, fresh, { max_age: '999999999999999999999' }));
    });

    it('leaves prompt=none to those who are signed in', async () => {
      const answer = await server.browser().open(server.authorizeUrl({ prompt: 'none', state: 's' }));
      assert.equal(answer.location?.searchParams.get('error'), 'login_required');
      assert.equal(answer.location?.searchParams.get('state'), 's');
      assert.ok(await silentCode(server, browser, { prompt: 'none' }));
    });

    it('is nobody’s who is not meant: the app hints at another person', async () => {
      const { browser: alice, email } = await signedInBrowser(server);
      const bob = await makeUser(server);
      for (const login_hint of [email, email.toUpperCase(), ` ${email}`, 'alice', ''])
        assert.ok(await silentCode(server, alice, { login_hint }), login_hint);
      const silent = await alice.open(server.authorizeUrl({ login_hint: bob.email, prompt: 'none', state: 's' }));
      assert.equal(silent.location?.searchParams.get('error'), 'login_required');
      const page = await alice.open(server.authorizeUrl({ login_hint: bob.email }));
      assert.match(alice.path, /^\/sign-in\?/);
      assert.ok(page.text.includes(`value="${bob.email}"`), 'the hint is not filled in');
      await alice.submit({ email: bob.email }, '/sign-in?');
      const done = await alice.submit({ password: goodPassword }, '/sign-in/password');
      assert.equal((await server.token(byCode(codeOf(done)))).json.user.id, bob.id);
    });

    it('keeps auth_time of the proof, and moves it with a new one', async () => {
      const { browser: person, email } = await signedInBrowser(server);
      const authTime = async (code: string) =>
        JSON.parse(
          Buffer.from((await server.token(byCode(code))).json.access_token.split('.')[1], 'base64url').toString(),
        ).auth_time as number;
      const first = await authTime(await silentCode(server, person));
      server.clock.advance(100);
      assert.equal(await authTime(await silentCode(server, person)), first);
      const { code } = await signIn(server, email, { browser: person, authorize: { prompt: 'login' } });
      assert.ok((await authTime(code)) >= first + 100);
    });

    it('counts in its own environment only', async () => {
      const other = await otherEnvironment(server);
      const answer = await browser.clone().open(server.authorizeUrl({ client_id: other.clientId }));
      assert.equal(answer.status, 200);
    });

    it('is worth nothing once its token is another one', async () => {
      const { browser: person, email } = await signedInBrowser(server);
      const before = person.clone();
      await signIn(server, email, { browser: person, authorize: { prompt: 'login' } });
      assert.equal((await before.open(server.authorizeUrl())).status, 200, 'the token of before still works');
      assert.ok(await silentCode(server, person));
    });

    it('ends when another person signs in in it', async () => {
      const { browser: shared } = await signedInBrowser(server);
      const before = shared.clone();
      const { email } = await makeUser(server);
      await signIn(server, email, { browser: shared, authorize: { prompt: 'login' } });
      assert.equal((await before.open(server.authorizeUrl())).status, 200);
    });

    it('is asked for what the policy wants by now', async () => {
      await changeSettings(server, { requireEmailVerification: false });
      const { email } = await makeUser(server, { email_verified: false });
      const { browser: person, code } = await signIn(server, email);
      assert.ok(code);
      await changeSettings(server, { requireEmailVerification: true });
      const answer = await person.open(server.authorizeUrl());
      assert.equal(answer.status, 200, 'signed on silently with an address nobody proved');
      assert.equal(
        (await person.open(server.authorizeUrl({ prompt: 'none' }))).location?.searchParams.get('error'),
        'interaction_required',
      );
    });

    it('ends by inactivity and by age', async () => {
      const { browser: idle } = await signedInBrowser(server);
      server.clock.advance(6 * 86_400);
      assert.ok(await silentCode(server, idle));
      server.clock.advance(6 * 86_400);
      assert.ok(await silentCode(server, idle), 'activity did not count');
      const forgotten = idle.clone();
      server.clock.advance(7 * 86_400 + 60);
      assert.equal((await forgotten.open(server.authorizeUrl())).status, 200);

      const { browser: busy } = await signedInBrowser(server);
      for (let day = 0; day < 29; day += 5) {
        await silentCode(server, busy);
        server.clock.advance(5 * 86_400);
      }
      server.clock.advance(60);
      assert.equal((await busy.open(server.authorizeUrl())).status, 200, 'older than thirty days');
    });
  });

  describe('an address on shared ground', () => {
    it('waits for a click on a page that names it, signed in or not', async () => {
      const { browser, email } = await signedInBrowser(server);
      const page = await browser.open(server.authorizeUrl({ redirect_uri: onSharedHost, state: 'kept' }));
      assert.equal(page.status, 200);
      assert.match(page.text, /app-gitethanwoos-projects\.vercel\.app/);
      const done = await browser.submit({}, '/sign-in/confirm');
      assert.equal(done.location?.host, 'app-gitethanwoos-projects.vercel.app');
      assert.equal(done.location?.searchParams.get('state'), 'kept');

      const fresh = server.browser();
      await fresh.open(server.authorizeUrl({ redirect_uri: onSharedHost }));
      await fresh.submit({ email });
      const asked = await fresh.submit({ password: goodPassword });
      assert.equal(asked.location, null, 'the password alone led to the app');
      assert.equal((await fresh.submit({}, '/sign-in/confirm')).location?.host, done.location?.host);
    });

    it('has codes that need the client secret, verifier or not', async () => {
      const { browser } = await signedInBrowser(server);
      const newCode = async (more: Record<string, string> = {}) => {
        await browser.open(server.authorizeUrl({ redirect_uri: onSharedHost, prompt: 'consent', ...more }));
        return codeOf(await browser.submit({}, '/sign-in/confirm'));
      };
      const { verifier, asked } = pkce();
      const publicly = await server.token(
        byCode(await newCode(asked), { code_verifier: verifier, client_secret: null }),
      );
      assert.equal(publicly.json.error, 'invalid_grant');
      assert.equal((await server.token(byCode(await newCode()))).status, 200);
      assert.equal((await server.token(byCode(await newCode(asked), { code_verifier: verifier }))).status, 200);
    });

    it('is never a place for prompt=none', async () => {
      const { browser } = await signedInBrowser(server);
      const answer = await browser.open(server.authorizeUrl({ redirect_uri: onSharedHost, prompt: 'none' }));
      assert.equal(answer.location?.searchParams.get('error'), 'interaction_required');
    });
  });

  it('sends nobody to an address that was taken off the list meanwhile', async () => {
    const uri = 'http://localhost:3000/leaving';
    const { json } = await server.api('POST', '/user_management/redirect_uris', { uri });
    const { email } = await makeUser(server);
    const browser = server.browser();
    await browser.open(server.authorizeUrl({ redirect_uri: uri }));
    await browser.submit({ email });
    assert.equal((await server.api('DELETE', `/user_management/redirect_uris/${json.id}`)).status, 204);
    const answer = await browser.submit({ password: goodPassword });
    assert.equal(answer.status, 400);
    assert.equal(answer.location, null);
  });

  it('keeps at most five open sign-ins in a browser', async () => {
    const browser = server.browser();
    for (let opened = 0; opened < 8; opened++) await browser.open(server.authorizeUrl());
    assert.equal([...browser.cookies.keys()].filter((name) => name.startsWith('authkit-attempt-')).length, 5);
    assert.equal((await browser.submit({ email: 'grace@example.com' })).status, 200);
  });

  it('lets nobody into the dashboard’s environment as an app', async () => {
    await using fresh = await start();
    const owner = await becomeOwner(fresh);
    const dashboard = { client_id: 'client_dashboard', redirect_uri: `${fresh.url}/dashboard/callback` };
    const { verifier, asked } = pkce();
    const answer = await fetch(fresh.authorizeUrl({ ...dashboard, ...asked }), {
      redirect: 'manual',
      headers: { cookie: [...owner.cookies].map((pair) => pair.join('=')).join('; ') },
    });
    const code = new URL(answer.headers.get('location') ?? '').searchParams.get('code') ?? '';
    assert.ok(code);
    const tokens = await fresh.token(
      byCode(code, { client_id: 'client_dashboard', client_secret: null, code_verifier: verifier }),
    );
    assert.equal(tokens.json.error, 'invalid_client');
  });
});
