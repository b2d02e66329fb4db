import assert from 'node:assert/strict';
import { it } from 'node:test';
import { sql } from '../../src/core/index.ts';
import { type SocialProvider, socialProviders } from '../../src/protocol/index.ts';
import { descriptionOf } from '../../src/social/index.ts';
import { type Answer, goodPassword, onEachEngine, type TestBrowser, type TestServer } from '../harness.ts';
import { enable, setProvider } from '../providers.ts';
import {
  byCode,
  changeSettings,
  codeOf,
  eventsNamed,
  makeUser,
  otherEnvironment,
  pkce,
  signIn,
  waysIn,
} from './steps.ts';

interface Wanted {
  readonly persona?: string;
  readonly email?: string;
  readonly browser?: TestBrowser;
  readonly authorize?: Record<string, string>;
}

/** Presses the provider's button. @returns the browser at the provider's page */
async function toProvider(
  server: TestServer,
  provider: SocialProvider,
  { browser = server.browser(), authorize = {} }: Wanted = {},
): Promise<TestBrowser> {
  await browser.open(server.authorizeUrl(authorize));
  await browser.submit({ provider }, '/sign-in/social');
  assert.match(browser.path, /^\/dev\/providers\//, browser.text.slice(0, 2000));
  return browser;
}

async function choose(
  browser: TestBrowser,
  { persona = 'verified', email = 'ada@example.com' }: Wanted = {},
): Promise<Answer> {
  const answer = await browser.submit({ persona, email });
  // Apple answers by a form that posts itself.
  return answer.status === 200 && answer.text.includes('data-post-at-once') ? browser.submit({}) : answer;
}

async function signInWith(server: TestServer, provider: SocialProvider, wanted: Wanted = {}) {
  const browser = await toProvider(server, provider, wanted);
  return { browser, done: await choose(browser, wanted) };
}

/** Straight from the app to the provider. */
async function straight(server: TestServer, provider: SocialProvider, wanted: Wanted = {}) {
  const browser = wanted.browser ?? server.browser();
  await browser.open(server.authorizeUrl({ provider, ...wanted.authorize }));
  return { browser, done: await choose(browser, wanted) };
}

const tokensOf = async (server: TestServer, done: Answer, more: Record<string, string | null> = {}) => {
  const answer = await server.token(byCode(codeOf(done), more));
  assert.equal(answer.status, 200, answer.text);
  return answer.json;
};

const identitiesOf = async (server: TestServer, userId: string) =>
  (await server.api('GET', `/user_management/users/${userId}/identities`)).json as { provider: string }[];

const usersOf = async (server: TestServer, email: string) =>
  (await server.api('GET', `/user_management/users?email=${encodeURIComponent(email)}`)).json.data as Record<
    string,
    unknown
  >[];

/** Types the mailed code where the browser is asked for it. */
const proveInbox = async (server: TestServer, browser: TestBrowser, email: string): Promise<Answer> => {
  assert.match(browser.path, /^\/verify-email/, browser.text.slice(0, 500));
  return browser.submit({ code: await server.codeFor(email) }, '/verify-email?');
};

onEachEngine('signing in with a provider', (start) => {
  it('makes an account that is verified, where the provider is believed', async () => {
    await using server = await start();
    for (const [provider, email] of [
      ['GoogleOAuth', 'grace.hopper@example.com'],
      ['AppleOAuth', 'ada.lovelace@example.com'],
    ] as const) {
      const { done, browser } = await signInWith(server, provider, { email });
      const { user, authentication_method, oauth_tokens } = await tokensOf(server, done);
      assert.equal(authentication_method, provider);
      assert.equal(oauth_tokens, undefined);
      assert.deepEqual([user.email, user.email_verified], [email, true]);
      assert.equal(`${user.first_name} ${user.last_name}`.toLowerCase(), email.split('@')[0]?.replace('.', ' '));
      assert.deepEqual(
        (await identitiesOf(server, user.id)).map((one) => one.provider),
        [provider],
      );
      assert.deepEqual(await server.mails(email), []);
      // The next time it is the same person, and this browser is signed in.
      const again = await signInWith(server, provider, { email });
      assert.equal((await tokensOf(server, again.done)).user.id, user.id);
      assert.ok((await browser.open(server.authorizeUrl())).location?.searchParams.get('code'));
    }
    const [first] = await eventsNamed(server, 'authentication.oauth_succeeded');
    assert.deepEqual(Object.keys(first ?? {}).sort(), [
      'email',
      'ip_address',
      'status',
      'type',
      'user_agent',
      'user_id',
    ]);
  });

  it('asks for a code first, where the provider cannot know', async () => {
    await using server = await start();
    await enable(server, ...socialProviders);
    for (const provider of socialProviders.filter((name) => name !== 'GoogleOAuth' && name !== 'AppleOAuth')) {
      const email = `${descriptionOf(provider).slug}@example.com`;
      const { browser } = await signInWith(server, provider, { email });
      const before = await usersOf(server, email);
      assert.deepEqual(
        before.map((user) => user.email_verified),
        [false],
        provider,
      );
      // Nothing is linked before the inbox is proved.
      assert.deepEqual(await identitiesOf(server, String(before[0]?.id)), [], provider);
      const { user } = await tokensOf(server, await proveInbox(server, browser, email));
      assert.equal(user.email_verified, true, provider);
      assert.equal((await identitiesOf(server, user.id)).length, 1, provider);
      const again = await signInWith(server, provider, { email });
      assert.equal((await tokensOf(server, again.done)).user.id, user.id, provider);
    }
  });

  it('asks for an address where the provider tells none, and proves it', async () => {
    await using server = await start();
    await enable(server, 'XOAuth');
    const { browser } = await signInWith(server, 'XOAuth', { persona: 'no_email' });
    assert.match(browser.path, /^\/sign-in\/email/);
    await browser.submit({ email: 'nonsense' });
    assert.match(browser.text, /aria-invalid="true"/);
    await browser.submit({ email: 'x@example.com' });
    const { user } = await tokensOf(server, await proveInbox(server, browser, 'x@example.com'));
    assert.equal(user.email, 'x@example.com');
    const again = await signInWith(server, 'XOAuth', { persona: 'no_email' });
    assert.equal((await tokensOf(server, again.done)).user.id, user.id);
  });

  it('lets whoever will not say their address there sign in another way', async () => {
    await using server = await start();
    await enable(server, 'XOAuth');
    const ada = await makeUser(server);
    const { browser } = await signInWith(server, 'XOAuth', { persona: 'no_email' });
    const [, way = ''] = /href="(\/sign-in\?[^"]*)"/.exec(browser.text) ?? [];
    await browser.open(way.replaceAll('&amp;', '&'));
    await browser.submit({ email: ada.email }, '/sign-in?');
    const done = await browser.submit({ password: goodPassword }, '/sign-in/password');
    assert.equal((await tokensOf(server, done)).user.id, ada.id);
    assert.deepEqual(await identitiesOf(server, ada.id), [], 'what X said is linked to somebody it was not said of');
  });

  it('knows the account again after its address was changed there', async () => {
    await using server = await start();
    const { done } = await signInWith(server, 'GoogleOAuth', { email: 'ada@example.com' });
    const { user } = await tokensOf(server, done);
    const other = await signInWith(server, 'GoogleOAuth', { email: 'ada@example.com', persona: 'other_email' });
    const again = await tokensOf(server, other.done);
    assert.deepEqual([again.user.id, again.user.email], [user.id, 'ada@example.com']);
  });

  it('links a verified match at once, and an unverified one once the inbox is proved', async () => {
    await using server = await start();
    const ada = await makeUser(server, { email: 'ada@example.com' });
    const google = await signInWith(server, 'GoogleOAuth', { email: 'Ada@Example.com' });
    assert.equal((await tokensOf(server, google.done)).user.id, ada.id);
    const notices = async () =>
      (await server.mails('ada@example.com')).map(({ subject }) => subject).filter((text) => /connected/.test(text));
    const [told = '', ...more] = await notices();
    assert.match(told, /^Google was connected/);
    assert.deepEqual(more, []);
    const { browser } = await signInWith(server, 'GitHubOAuth', { email: 'ada@example.com' });
    assert.equal((await notices()).length, 1, 'nothing is linked yet');
    assert.deepEqual(
      (await identitiesOf(server, ada.id)).map((one) => one.provider),
      ['GoogleOAuth'],
    );
    const done = await proveInbox(server, browser, 'ada@example.com');
    assert.equal((await tokensOf(server, done)).user.id, ada.id);
    assert.deepEqual(
      (await identitiesOf(server, ada.id)).map((one) => one.provider),
      ['GoogleOAuth', 'GithubOAuth'],
    );
    assert.match((await notices())[0] ?? '', /^GitHub was connected/);
    // Signing in with it again connects nothing.
    await signInWith(server, 'GoogleOAuth', { email: 'Ada@Example.com' });
    assert.equal((await notices()).length, 2);
    // The password of a verified account stays.
    assert.ok((await signIn(server, 'ada@example.com')).code);
  });

  it('goes straight to the provider when the app names it, and hands on what it says', async () => {
    await using server = await start();
    const browser = server.browser();
    const { verifier, asked } = pkce();
    const url = server.authorizeUrl({
      provider: 'GoogleOAuth',
      login_hint: 'grace@example.com',
      domain_hint: 'example.com',
      state: 'a%20b',
      provider_scopes: 'calendar',
      'provider_query_params[access_type]': 'offline',
      'provider_query_params[redirect_uri]': 'https://evil.example',
      ...asked,
    });
    await browser.open(url);
    const sent = new URL(browser.path, server.url).searchParams;
    assert.deepEqual(
      ['login_hint', 'hd', 'scope', 'access_type', 'redirect_uri'].map((name) => sent.get(name)),
      [
        'grace@example.com',
        'example.com',
        'openid profile email calendar',
        'offline',
        `${server.url}/sso/oauth/google/callback`,
      ],
    );
    const done = await browser.submit({ persona: 'verified', email: 'grace@example.com' });
    assert.equal(done.location?.searchParams.get('state'), 'a%20b');
    const tokens = await tokensOf(server, done, { code_verifier: verifier });
    assert.equal(tokens.authentication_method, 'GoogleOAuth');
  });

  it('tells an app that named the provider what is missing at the exchange', async () => {
    await using server = await start();
    const { done } = await straight(server, 'GitHubOAuth', { email: 'grace@example.com' });
    const { status, json } = await server.token(byCode(codeOf(done)));
    assert.deepEqual([status, json.code, json.email], [403, 'email_verification_required', 'grace@example.com']);
    assert.equal(typeof json.pending_authentication_token, 'string');
    assert.deepEqual(await waysIn(server), { codes: 1, browsers: 0, sessions: 0 });
  });

  it('hands the provider’s tokens to the app once, where that is switched on', async () => {
    await using server = await start();
    await setProvider(server, 'GoogleOAuth', { hasTokensReturned: true, scopes: ['calendar'] });
    const { done } = await signInWith(server, 'GoogleOAuth');
    const kept = await server.running.services.db.all(sql`select * from social_tokens`);
    assert.equal(kept.length, 1);
    const { oauth_tokens, refresh_token } = await tokensOf(server, done);
    const { access_token, refresh_token: theirs, expires_at, ...rest } = oauth_tokens;
    assert.deepEqual(rest, { provider: 'GoogleOAuth', scopes: ['openid', 'profile', 'email', 'calendar'] });
    assert.ok(access_token && theirs && expires_at > 1e9 && expires_at < 1e10);
    assert.deepEqual(await server.running.services.db.all(sql`select * from social_tokens`), []);
    const refreshed = await server.token({ grant_type: 'refresh_token', refresh_token });
    assert.deepEqual([refreshed.json.oauth_tokens, refreshed.json.authentication_method], [undefined, 'GoogleOAuth']);
  });
});

onEachEngine('the real providers', (start) => {
  it('are gone to over a page, as browsers hold form-action against every hop after a form', async () => {
    await using server = await start();
    await setProvider(server, 'GitHubOAuth', { clientId: 'ours', clientSecret: 'a secret' });
    const browser = server.browser();
    await browser.open(server.authorizeUrl());
    const answer = await browser.submit({ provider: 'GitHubOAuth' }, '/sign-in/social');
    assert.deepEqual([answer.status, answer.location], [200, null]);
    const [, refresh = ''] = /http-equiv="refresh" content="0;url=([^"]+)"/.exec(answer.text) ?? [];
    const url = new URL(refresh.replaceAll('&amp;', '&'));
    assert.equal(url.origin + url.pathname, 'https://github.com/login/oauth/authorize');
    assert.deepEqual(
      ['client_id', 'redirect_uri', 'scope', 'response_type'].map((name) => url.searchParams.get(name)),
      ['ours', `${server.url}/sso/oauth/github/callback`, 'read:user user:email', 'code'],
    );
    assert.ok(answer.text.includes(`<a class="button" href="${refresh}"`));
    // An app that names it needs no page of ours.
    const direct = await server.browser().open(server.authorizeUrl({ provider: 'GitHubOAuth' }));
    assert.equal(direct.location?.origin, 'https://github.com');
  });

  it('that cannot be reached say so', async () => {
    await using server = await start();
    await setProvider(server, 'GoogleOAuth', { clientId: 'ours', clientSecret: 'a secret' });
    const { fetch } = globalThis;
    globalThis.fetch = (url, init) =>
      String(url).startsWith('https:') ? Promise.reject(new Error('no network')) : fetch(url, init);
    try {
      const browser = server.browser();
      await browser.open(server.authorizeUrl());
      await browser.submit({ provider: 'GoogleOAuth' }, '/sign-in/social');
      assert.match(browser.text, /Google could not sign you in just now/);
      const direct = await browser.open(server.authorizeUrl({ provider: 'GoogleOAuth' }));
      assert.equal(direct.location?.searchParams.get('error'), 'oauth_failed');
    } finally {
      globalThis.fetch = fetch;
    }
  });
});

onEachEngine('a provider that signs nobody in', (start) => {
  it('leads back to our page with the reason', async () => {
    await using server = await start();
    for (const [persona, words] of [
      ['refuse', /Nothing was shared: Google/],
      ['error', /Google could not sign you in/],
    ] as const) {
      const { browser, done } = await signInWith(server, 'GoogleOAuth', { persona });
      assert.equal(done.status, 200);
      assert.match(browser.path, /^\/sign-in\?/);
      assert.match(browser.text, words);
      assert.match(browser.text, /role="alert"/);
      // And another way leads on from there.
      await browser.submit({ provider: 'GitHubOAuth' }, '/sign-in/social');
      assert.match(browser.path, /^\/dev\/providers\/github/);
    }
    const failed = await eventsNamed(server, 'authentication.oauth_failed');
    assert.deepEqual(
      failed.map(({ error }) => (error as { code: string }).code),
      ['access_denied', 'oauth_failed'],
    );
    assert.deepEqual(await waysIn(server), { codes: 0, browsers: 0, sessions: 0 });
  });

  it('leads back to the app that named it', async () => {
    await using server = await start();
    for (const [persona, error] of [
      ['refuse', 'access_denied'],
      ['error', 'oauth_failed'],
    ] as const) {
      const { done } = await straight(server, 'GoogleOAuth', { persona, authorize: { state: 'mine' } });
      assert.equal(done.location?.origin, 'http://localhost:3000');
      assert.deepEqual(
        [done.location?.searchParams.get('error'), done.location?.searchParams.get('state')],
        [error, 'mine'],
      );
    }
  });

  it('is not there when it is off, in production or in another name', async () => {
    await using server = await start();
    const off = await server.browser().open(server.authorizeUrl({ provider: 'XeroOAuth' }));
    assert.equal(off.location?.searchParams.get('error'), 'connection_invalid');
    const none = await server.browser().open(server.authorizeUrl({ provider: 'MyOAuth' }));
    assert.equal(none.location?.searchParams.get('error'), 'invalid_connection_selector');
    const browser = server.browser();
    await browser.open(server.authorizeUrl());
    await browser.submit({ provider: 'XeroOAuth' }, '/sign-in/social');
    assert.match(browser.text, /Xero is switched off/);
    await browser.submit({ provider: 'nonsense' }, '/sign-in/social');
    assert.match(browser.path, /^\/sign-in\?/);
    const production = await otherEnvironment(server, {
      kind: 'production',
      redirectUris: [{ uri: 'https://app.example/cb', isDefault: true }],
    });
    const there = server.browser();
    const asked = { client_id: production.clientId, redirect_uri: 'https://app.example/cb' };
    await there.open(server.authorizeUrl(asked));
    assert.doesNotMatch(there.text, /Continue with/);
    const direct = await there.open(server.authorizeUrl({ ...asked, provider: 'GoogleOAuth' }));
    assert.equal(direct.location?.searchParams.get('error'), 'connection_invalid');
  });

  it('lets nobody in where sign-up is closed, and tells only an owner of the address', async () => {
    await using server = await start();
    await changeSettings(server, { signUp: 'invite_only' });
    const trusted = await signInWith(server, 'GoogleOAuth', { email: 'new@example.com' });
    assert.match(trusted.browser.text, /There is no account for you/);
    const direct = await straight(server, 'GoogleOAuth', { email: 'new@example.com' });
    assert.equal(direct.done.location?.searchParams.get('error'), 'access_denied');
    await makeUser(server, { email: 'known@example.com' });
    const wrong = '000000';
    const pages = await Promise.all(
      ['new@example.com', 'known@example.com'].map(async (email) => {
        const { browser } = await signInWith(server, 'GitHubOAuth', { email });
        assert.match(browser.path, /^\/verify-email/);
        const first = browser.text;
        const { text: second } = await browser.submit({ code: wrong }, '/verify-email');
        assert.match(second, /That code is not right/, email);
        const page = first.concat(second).replaceAll(email, 'EMAIL');
        return page
          .replace(/attempt_\w+|value="[^"]*"|nonce="[^"]*"/g, '')
          .replaceAll(/countdown="\d+"|in \d+ seconds?/g, '');
      }),
    );
    assert.equal(pages[0], pages[1]);
    const [mail] = await server.mails('new@example.com');
    assert.match(mail?.subject ?? '', /by invitation only/);
    assert.deepEqual(await usersOf(server, 'new@example.com'), []);
    const known = await signInWith(server, 'GoogleOAuth', { email: 'known@example.com' });
    assert.ok(codeOf(known.done));
  });
});

onEachEngine('attacks on signing in with a provider', (start) => {
  const callbackOf = async (server: TestServer, wanted: Wanted = {}, provider: SocialProvider = 'GoogleOAuth') => {
    const browser = await toProvider(server, provider, wanted);
    const { action } = browser.form();
    const response = await fetch(new URL(action, server.url), {
      method: 'POST',
      redirect: 'manual',
      headers: { origin: server.url },
      body: new URLSearchParams({ persona: wanted.persona ?? 'verified', email: wanted.email ?? 'ada@example.com' }),
    });
    return { browser, callback: response.headers.get('location') ?? '' };
  };

  it('of another browser: the callback is the one’s who began', async () => {
    await using server = await start();
    const { callback, browser } = await callbackOf(server, { email: 'mallory@example.com' });
    const victim = server.browser();
    const answer = await victim.open(callback);
    assert.equal(answer.status, 400);
    assert.match(answer.text, /This sign-in is over/);
    assert.deepEqual(await waysIn(server), { codes: 0, browsers: 0, sessions: 0 });
    // Whoever began it still can, as nothing was spent.
    assert.ok(codeOf(await browser.open(callback)));
  });

  it('by replay: a callback works once', async () => {
    await using server = await start();
    const { callback, browser } = await callbackOf(server);
    const first = codeOf(await browser.open(callback));
    // Loaded again it leads to the same place, with the same code.
    assert.equal(codeOf(await browser.open(callback)), first);
    server.clock.advance(61);
    assert.equal((await browser.open(callback)).status, 400);
    assert.equal((await waysIn(server)).codes, 1);
  });

  it('by replay while a code is awaited: it leads back with a reason and forgets nothing', async () => {
    await using server = await start();
    const { callback, browser } = await callbackOf(server, { email: 'grace@example.com' }, 'GitHubOAuth');
    await browser.open(callback);
    assert.match(browser.path, /^\/verify-email/);
    await browser.open(callback);
    assert.match(browser.text, /finished already or took too long/);
  });

  it('by racing: of many callbacks at once one counts', async () => {
    await using server = await start();
    const { callback, browser } = await callbackOf(server);
    const answers = await Promise.all(Array.from({ length: 10 }, () => browser.clone().open(callback)));
    const codes = new Set(answers.flatMap((answer) => answer.location?.searchParams.get('code') ?? []));
    assert.ok(codes.size <= 1);
    assert.ok((await waysIn(server)).codes <= 1);
    assert.equal((await usersOf(server, 'ada@example.com')).length, 1);
  });

  it('by swapping: the answer of one sign-in in another of the same browser', async () => {
    await using server = await start();
    const { callback, browser } = await callbackOf(server, { email: 'mallory@example.com' });
    const other = await callbackOf(server, { browser });
    const mixed = new URL(other.callback);
    mixed.searchParams.set('code', new URL(callback).searchParams.get('code') ?? '');
    const answer = await browser.open(mixed.href);
    assert.equal(answer.location, null);
    assert.match(browser.text, /Google could not sign you in/);
    for (const state of ['', 'x', `${new URL(callback).searchParams.get('state')}x`]) {
      const forged = new URL(callback);
      forged.searchParams.set('state', state);
      assert.equal((await browser.open(forged.href)).status, 400, state);
    }
    assert.equal((await browser.open('/sso/oauth/nobody/callback')).status, 404);
    const elsewhere = callback.replace('/google/', '/microsoft/');
    await browser.open(elsewhere);
    assert.match(browser.text, /Microsoft/);
    assert.deepEqual(await waysIn(server), { codes: 0, browsers: 0, sessions: 0 });
  });

  it('with a form: an answer of Apple comes without cookies, and anything else by POST is nothing', async () => {
    await using server = await start();
    const browser = await toProvider(server, 'AppleOAuth');
    await browser.submit({ persona: 'verified', email: 'ada@example.com' });
    const { action, hidden } = browser.form();
    const fromApple = {
      method: 'POST',
      redirect: 'manual',
      headers: { origin: 'https://appleid.apple.com', 'sec-fetch-site': 'cross-site' },
    } as const;
    const posted = await fetch(action, { ...fromApple, body: new URLSearchParams({ ...hidden, extra: 'x' }) });
    assert.equal(posted.status, 303);
    const location = new URL(posted.headers.get('location') ?? '');
    assert.equal(location.origin + location.pathname, `${server.url}/sso/oauth/apple/callback`);
    assert.deepEqual([...location.searchParams.keys()].sort(), ['code', 'iss', 'state', 'user']);
    assert.equal((await server.browser().open(location.href)).status, 400);
    assert.ok(codeOf(await browser.open(location.href)));
    const google = await fetch(action.replace('/apple/', '/google/'), {
      ...fromApple,
      body: new URLSearchParams(hidden),
    });
    assert.equal(google.status, 404);
  });

  it('without the form’s token, or from another site', async () => {
    await using server = await start();
    const browser = server.browser();
    await browser.open(server.authorizeUrl());
    const { action, hidden } = browser.form('/sign-in/social');
    const fields = { ...hidden, provider: 'GoogleOAuth' };
    assert.equal((await browser.post(action, { ...fields, csrf: 'x' })).status, 403);
    assert.equal((await browser.post(action, fields, { origin: 'https://evil.example' })).status, 403);
    assert.equal((await server.browser().post(action, fields)).status, 400);
    assert.deepEqual(await server.running.services.db.all(sql`select * from social_trips`), []);
  });

  it('by waiting: an account made with a victim’s address gives nothing to who made it', async () => {
    await using server = await start();
    const email = 'victim@example.com';
    // Mallory makes the account first: with a password, and with an account at a provider that checks nothing.
    const mallory = server.browser();
    await mallory.open(server.authorizeUrl({ screen_hint: 'sign-up' }));
    await mallory.submit({ email, password: goodPassword }, '/sign-up');
    const malloryAtGitHub = await signInWith(server, 'GitHubOAuth', { email, persona: 'unverified' });
    assert.match(malloryAtGitHub.browser.path, /^\/verify-email/);
    // The victim comes, known to Google.
    const { done } = await signInWith(server, 'GoogleOAuth', { email });
    const { user } = await tokensOf(server, done);
    assert.equal(user.email_verified, true);
    assert.deepEqual(
      (await identitiesOf(server, user.id)).map((one) => one.provider),
      ['GoogleOAuth'],
    );
    // The password is gone, the sign-ins that waited are over, and the provider's account leads to a code.
    const back = server.browser();
    await back.open(server.authorizeUrl());
    await back.submit({ email }, '/sign-in?');
    await back.submit({ password: goodPassword }, '/sign-in/password');
    assert.doesNotMatch(back.path, /callback/);
    assert.equal((await waysIn(server)).codes, 1);
    const github = await signInWith(server, 'GitHubOAuth', { email, persona: 'unverified' });
    assert.match(github.browser.path, /^\/verify-email/);
    await malloryAtGitHub.browser.submit({ code: '000000' }, '/verify-email?');
    assert.equal((await waysIn(server)).codes, 1);
  });

  it('by waiting, where addresses need no proof: what was linked before ends with the proof', async () => {
    await using server = await start();
    await changeSettings(server, { requireEmailVerification: false });
    const email = 'victim@example.com';
    const mallory = await signInWith(server, 'GitHubOAuth', { email, persona: 'unverified' });
    const { user, refresh_token } = await tokensOf(server, mallory.done);
    assert.equal(user.email_verified, false);
    // Signing in again works, as nobody has proved anything.
    assert.ok(codeOf((await signInWith(server, 'GitHubOAuth', { email, persona: 'unverified' })).done));
    // The victim signs up over it and proves the inbox.
    const victim = server.browser();
    await victim.open(server.authorizeUrl({ screen_hint: 'sign-up' }));
    await victim.submit({ email, password: goodPassword }, '/sign-up');
    const done = await proveInbox(server, victim, email);
    assert.equal((await tokensOf(server, done)).user.id, user.id);
    assert.deepEqual(await identitiesOf(server, user.id), []);
    const refreshed = await server.token({ grant_type: 'refresh_token', refresh_token });
    assert.equal(refreshed.status, 400);
    const again = await signInWith(server, 'GitHubOAuth', { email, persona: 'unverified' });
    assert.match(again.browser.path, /^\/verify-email/);
  });

  it('by waiting, where an app confirms the address: the account at the provider has to prove the inbox anew', async () => {
    await using server = await start();
    await changeSettings(server, { requireEmailVerification: false });
    const email = 'victim@example.com';
    const { done } = await signInWith(server, 'GitHubOAuth', { email, persona: 'unverified' });
    const { user } = await tokensOf(server, done);
    await server.api('PUT', `/user_management/users/${user.id}`, { email_verified: true });
    const again = await signInWith(server, 'GitHubOAuth', { email, persona: 'unverified' });
    assert.match(again.browser.path, /^\/verify-email/);
    assert.deepEqual(await identitiesOf(server, user.id), []);
  });

  it('with an address that only looks verified: Google vouches for its own', async () => {
    await using server = await start();
    const { id } = await makeUser(server, { email: 'ada.other@example.com' });
    const { browser } = await signInWith(server, 'GoogleOAuth', { email: 'ada@example.com', persona: 'other_email' });
    assert.match(browser.path, /^\/verify-email/);
    assert.deepEqual(await identitiesOf(server, id), []);
  });

  it('across environments: an account known in one is a stranger in the other', async () => {
    await using server = await start();
    const other = await otherEnvironment(server);
    const { done } = await signInWith(server, 'GoogleOAuth');
    const here = await tokensOf(server, done);
    const there = await signInWith(server, 'GoogleOAuth', { authorize: { client_id: other.clientId } });
    const tokens = await tokensOf(server, there.done, { client_id: other.clientId, client_secret: other.apiKey });
    assert.notEqual(tokens.user.id, here.user.id);
  });
});

onEachEngine('signing in with a provider, where the app has pages of its own', (start) => {
  it('links the account once the app has presented the mailed code', async () => {
    await using server = await start();
    const ada = await makeUser(server, { email: 'ada@example.com' });
    await setProvider(server, 'GitHubOAuth', { hasTokensReturned: true });
    for (const [email, id] of [
      ['ada@example.com', ada.id],
      ['new@example.com', null],
    ] as const) {
      const { done } = await straight(server, 'GitHubOAuth', { email });
      const { json: stepUp } = await server.token(byCode(codeOf(done)));
      assert.equal(stepUp.code, 'email_verification_required');
      const [user] = await usersOf(server, email);
      assert.deepEqual(await identitiesOf(server, String(user?.id)), []);
      const { status, json, text } = await server.token({
        grant_type: 'urn:workos:oauth:grant-type:email-verification:code',
        code: await server.codeFor(email),
        pending_authentication_token: stepUp.pending_authentication_token,
      });
      assert.equal(status, 200, text);
      assert.deepEqual([json.authentication_method, json.user.email_verified], ['GitHubOAuth', true]);
      if (id) assert.equal(json.user.id, id);
      assert.equal(json.oauth_tokens.provider, 'GitHubOAuth');
      assert.equal((await identitiesOf(server, json.user.id)).length, 1);
    }
  });

  it('empties an account that nobody had proved, before it is linked', async () => {
    await using server = await start();
    const { id } = await makeUser(server, { email: 'victim@example.com', email_verified: false });
    const { done } = await straight(server, 'GitHubOAuth', { email: 'victim@example.com' });
    const { json: stepUp } = await server.token(byCode(codeOf(done)));
    const { json } = await server.token({
      grant_type: 'urn:workos:oauth:grant-type:email-verification:code',
      code: await server.codeFor('victim@example.com'),
      pending_authentication_token: stepUp.pending_authentication_token,
    });
    assert.equal(json.user?.id, id, JSON.stringify(json));
    const password = { grant_type: 'password', email: 'victim@example.com', password: goodPassword };
    assert.equal((await server.token(password)).json.code, 'invalid_credentials');
    assert.equal((await identitiesOf(server, id)).length, 1);
  });
});

onEachEngine('a provider named by an app on ground it shares with strangers', (start) => {
  it('hands no code to the address before the person has seen whose it is', async () => {
    await using server = await start();
    const uri = 'https://*-gitethanwoos-projects.vercel.app/callback';
    assert.equal((await server.api('POST', '/user_management/redirect_uris', { uri })).status, 201);
    const redirect_uri = 'https://app-gitethanwoos-projects.vercel.app/callback';
    const { done, browser } = await straight(server, 'GoogleOAuth', { authorize: { redirect_uri } });
    assert.equal(done.location, null, 'the address has a code nobody agreed to');
    assert.match(browser.path, /^\/sign-in\/confirm/);
    assert.match(browser.text, /app-gitethanwoos-projects\.vercel\.app/);
    const agreed = await browser.submit({}, '/sign-in/confirm');
    assert.equal(agreed.location?.host, 'app-gitethanwoos-projects.vercel.app');
    assert.equal((await server.token(byCode(codeOf(agreed), { client_secret: null }))).status, 400);
  });

  it('nor when a code of the inbox is missing as well', async () => {
    await using server = await start();
    const uri = 'https://*-gitethanwoos-projects.vercel.app/callback';
    assert.equal((await server.api('POST', '/user_management/redirect_uris', { uri })).status, 201);
    const redirect_uri = 'https://app-gitethanwoos-projects.vercel.app/callback';
    const wanted = { persona: 'unverified', authorize: { redirect_uri } };
    const { browser } = await straight(server, 'GoogleOAuth', wanted);
    const proved = await proveInbox(server, browser, 'ada@example.com');
    assert.equal(proved.location, null);
    assert.match(browser.path, /^\/sign-in\/confirm/);
  });
});
