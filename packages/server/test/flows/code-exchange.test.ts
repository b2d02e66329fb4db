import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type Answer, claimsOf, onEachEngine, type TestBrowser, type TestServer } from '../harness.ts';
import {
  byCode,
  byRefresh,
  codeOf,
  eventsNamed,
  forgetRounds,
  otherEnvironment,
  pkce,
  signedInBrowser,
  silentCode,
} from './steps.ts';

onEachEngine('exchanging an authorization code', (start) => {
  let server: TestServer;
  let browser: TestBrowser;
  let userId: string;
  before(async () => {
    server = await start();
    ({ browser, id: userId } = await signedInBrowser(server));
  });
  after(() => server[Symbol.asyncDispose]());

  const newCode = (more: Record<string, string> = {}) => silentCode(server, browser, more);
  const refused = (answer: Answer, error: string) => {
    assert.equal(answer.status, 400, answer.text);
    assert.equal(answer.json.error ?? answer.json.code, error);
    assert.equal(answer.headers.get('cache-control'), 'no-store');
  };
  const isAlive = async (refreshToken: string) => (await server.token(byRefresh(refreshToken))).status === 200;

  describe('by who presents it', () => {
    it('answers tokens to the secret alone', async () => {
      const answer = await server.token(byCode(await newCode()));
      assert.equal(answer.status, 200);
      assert.deepEqual(Object.keys(answer.json).sort(), [
        'access_token',
        'authentication_method',
        'refresh_token',
        'user',
      ]);
      assert.equal(answer.json.user.id, userId);
      assert.equal(answer.json.authentication_method, 'Password');
      const { sub, sid, ...claims } = claimsOf(answer.json.access_token);
      assert.equal(sub, userId);
      assert.match(sid, /^session_/);
      assert.deepEqual(Object.keys(claims).sort(), ['auth_time', 'client_id', 'exp', 'iat', 'iss', 'jti']);
      assert.match(answer.json.refresh_token, /^[0-9A-Za-z]{43,}$/);
    });

    it('answers them to the verifier alone, and to both', async () => {
      for (const client_secret of [null, server.apiKey]) {
        const { verifier, asked } = pkce();
        const answer = await server.token(byCode(await newCode(asked), { code_verifier: verifier, client_secret }));
        assert.equal(answer.status, 200, answer.text);
      }
    });

    it('takes the secret as Bearer, and a form as well as JSON', async () => {
      const bearer = { authorization: `Bearer ${server.apiKey}` };
      assert.equal((await server.token(byCode(await newCode(), { client_secret: null }), bearer)).status, 200);

      const form = new URLSearchParams({ client_id: server.clientId, client_secret: server.apiKey });
      form.set('grant_type', 'authorization_code');
      form.set('code', await newCode());
      const response = await fetch(`${server.url}/user_management/authenticate`, { method: 'POST', body: form });
      assert.equal(response.status, 200);
      form.append('code', 'another');
      const doubled = await fetch(`${server.url}/user_management/authenticate`, { method: 'POST', body: form });
      assert.equal(((await doubled.json()) as { error: string }).error, 'invalid_request');
    });

    it('refuses neither of them, without burning the code', async () => {
      const code = await newCode();
      refused(await server.token(byCode(code, { client_secret: null })), 'unauthorized_client');
      assert.equal((await server.token(byCode(code))).status, 200);
    });

    it('refuses a secret that is wrong, of another environment or of an unknown client, without burning the code', async () => {
      const other = await otherEnvironment(server);
      const code = await newCode();
      for (const client_secret of [`${server.apiKey}0`, server.apiKey.slice(0, -1), 'sk_test_x', other.apiKey]) {
        refused(await server.token(byCode(code, { client_secret })), 'invalid_client');
      }
      refused(await server.token(byCode(code, { client_id: 'client_01UNKNOWN' })), 'invalid_client');
      refused(await server.token(byCode(code, { client_id: other.clientId })), 'invalid_client');
      assert.equal((await server.token(byCode(code))).status, 200);
    });

    it('knows no code of another environment, and leaves it alone', async () => {
      const other = await otherEnvironment(server);
      const code = await newCode();
      const stranger = { client_id: other.clientId, client_secret: other.apiKey };
      refused(await server.token(byCode(code, stranger)), 'invalid_grant');
      assert.equal((await server.token(byCode(code))).status, 200);
    });

    it('burns a code with one wrong verifier', async () => {
      const { verifier, asked } = pkce();
      const wrong = [pkce().verifier, verifier.slice(1), verifier.toLowerCase(), `${verifier} `, asked.code_challenge];
      for (const code_verifier of wrong as string[]) {
        const code = await newCode(asked);
        refused(await server.token(byCode(code, { code_verifier, client_secret: null })), 'invalid_grant');
        refused(await server.token(byCode(code, { code_verifier: verifier })), 'invalid_grant');
      }
      const code = await newCode(asked);
      refused(await server.token(byCode(code)), 'invalid_grant');
      refused(await server.token(byCode(code, { code_verifier: verifier })), 'invalid_grant');
    });

    it('says so when a verifier comes for a code without a challenge, and burns it', async () => {
      const code = await newCode();
      const answer = await server.token(byCode(code, { code_verifier: pkce().verifier }));
      refused(answer, 'code_challenge_not_found');
      assert.equal(answer.json.error, undefined);
      refused(await server.token(byCode(code)), 'invalid_grant');
    });

    it('names what is missing or unknown', async () => {
      refused(await server.token({ grant_type: 'authorization_code' }), 'invalid_request');
      refused(await server.token({ code: 'x' }), 'invalid_request');
      refused(await server.token({ grant_type: 'implicit', code: 'x' }), 'invalid_request');
      const radar = 'urn:workos:oauth:grant-type:radar-sms-challenge:code';
      refused(await server.token({ grant_type: radar, code: 'x' }), 'unsupported_grant_type');
      refused(await server.token(byCode('x', { client_id: null })), 'invalid_request');
      const unknown = await server.token(byCode('nobody-made-this'));
      refused(unknown, 'invalid_grant');
      assert.equal(unknown.json.error_description, "The code 'nobody-made-this' has expired or is invalid.");
      const code = await newCode();
      for (const changed of [code.slice(1), `${code}0`, code.toUpperCase(), ` ${code}`]) {
        refused(await server.token(byCode(changed)), 'invalid_grant');
      }
      assert.equal((await server.token(byCode(code))).status, 200);
    });

    it('shows the browser that asked for the code, and not the app’s server that exchanges it', async () => {
      const mine = { 'user-agent': 'Mozilla/5.0 (of Ada)' };
      const seen = async (more: Record<string, string> = {}, headers: Record<string, string> = {}) => {
        forgetRounds(browser);
        const answer = await browser.open(server.authorizeUrl(), mine);
        const { json } = await server.token(byCode(codeOf(answer), more), headers);
        const { sid } = claimsOf(json.access_token);
        const sessions = (await server.api('GET', `/user_management/users/${userId}/sessions?limit=100`)).json.data;
        const { ip_address: ip, user_agent: agent } = sessions.find(({ id }: { id: string }) => id === sid);
        return [ip, agent];
      };
      const server9 = { 'user-agent': 'workos-node/9.0.0' };
      assert.deepEqual(await seen({}, server9), ['127.0.0.1', mine['user-agent']]);
      assert.deepEqual(await seen({ user_agent: '', ip_address: '' }, server9), ['127.0.0.1', mine['user-agent']]);
      const said = { ip_address: '203.0.113.7', user_agent: 'Mozilla/5.0 (told)' };
      assert.deepEqual(await seen(said, server9), ['203.0.113.7', said.user_agent]);
    });

    it('keeps what an app’s server says of its visitor, and no more than that', async () => {
      const said = { ip_address: '203.0.113.7', user_agent: 'x'.repeat(5000) };
      const { json } = await server.token(byCode(await newCode(), said));
      const { sid } = claimsOf(json.access_token);
      const sessions = (await server.api('GET', `/user_management/users/${userId}/sessions?limit=100`)).json.data;
      const session = sessions.find(({ id }: { id: string }) => id === sid);
      assert.equal(session.ip_address, '203.0.113.7');
      assert.equal(session.user_agent.length, 512);
    });
  });

  describe('by time', () => {
    it('works after 9:59 and not after 10:01', async () => {
      const [early, late] = [await newCode(), await newCode()];
      server.clock.advance(599);
      assert.equal((await server.token(byCode(early))).status, 200);
      server.clock.advance(2);
      refused(await server.token(byCode(late)), 'invalid_grant');
    });

    it('stays spent when the clock moves back', async () => {
      const code = await newCode();
      assert.equal((await server.token(byCode(code))).status, 200);
      server.clock.advance(-3600);
      refused(await server.token(byCode(code)), 'invalid_grant');
      server.clock.advance(3600);
    });
  });

  describe('a second time', () => {
    const replays = async () => (await eventsNamed(server, 'authorization_code.replayed')).length;

    it('leaves the session alone when the repeat is the same, within a minute', async () => {
      const { verifier, asked } = pkce();
      const code = await newCode(asked);
      const presented = byCode(code, { code_verifier: verifier });
      const { json } = await server.token(presented);
      const before = await replays();
      server.clock.advance(58);
      refused(await server.token(presented), 'invalid_grant');
      assert.equal(await replays(), before + 1);
      assert.ok(await isAlive(json.refresh_token));
    });

    const others: Record<string, (verifier: string) => { more: Record<string, string | null>; waitSeconds?: number }> =
      {
        'a minute later': (code_verifier) => ({ more: { code_verifier }, waitSeconds: 62 }),
        'without the secret': (code_verifier) => ({ more: { code_verifier, client_secret: null } }),
        'without the verifier': () => ({ more: {} }),
        'with another verifier': () => ({ more: { code_verifier: pkce().verifier } }),
      };
    for (const [name, how] of Object.entries(others)) {
      it(`ends the session when it comes ${name}`, async () => {
        const { verifier, asked } = pkce();
        const own = await signedInBrowser(server);
        const code = await silentCode(server, own.browser, asked);
        const { json } = await server.token(byCode(code, { code_verifier: verifier }));
        const before = await replays();
        const { more, waitSeconds = 0 } = how(verifier);
        server.clock.advance(waitSeconds);
        refused(await server.token(byCode(code, more)), 'invalid_grant');
        assert.equal(await replays(), before + 1);
        const answer = await server.token(byRefresh(json.refresh_token));
        refused(answer, 'invalid_grant');
        assert.equal(answer.json.error_description, 'Session has already ended.');
        assert.equal((await own.browser.open(server.authorizeUrl())).status, 200, 'the browser is still signed in');
      });
    }

    it('of a hundred at once exactly one gets tokens, and they work', async () => {
      const code = await newCode();
      const answers = await Promise.all(Array.from({ length: 100 }, () => server.token(byCode(code))));
      const winners = answers.filter(({ status }) => status === 200);
      assert.equal(winners.length, 1);
      assert.equal(answers.filter(({ status, json }) => status === 400 && json.error === 'invalid_grant').length, 99);
      assert.ok(await isAlive(winners[0]?.json.refresh_token));
    });
  });

  describe('with an Idempotency-Key', () => {
    it('answers a retry with the same bytes, as long as SDKs retry', async () => {
      const presented = byCode(await newCode());
      const first = await server.token(presented, { 'idempotency-key': 'retry-1' });
      server.clock.advance(60);
      const second = await server.token(presented, { 'idempotency-key': 'retry-1' });
      assert.equal(first.status, 200);
      assert.equal(second.text, first.text);
    });

    it('runs once for many at the same time', async () => {
      const presented = byCode(await newCode());
      const answers = await Promise.all(
        Array.from({ length: 10 }, () => server.token(presented, { 'idempotency-key': 'at-once' })),
      );
      assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]));
      assert.equal(new Set(answers.map(({ text }) => text)).size, 1);
    });

    it('refuses another request under the same key, and spends nothing', async () => {
      await server.token(byCode(await newCode()), { 'idempotency-key': 'reused' });
      const code = await newCode();
      const answer = await server.token(byCode(code), { 'idempotency-key': 'reused' });
      assert.equal(answer.status, 422);
      assert.equal(answer.json.code, 'idempotency_error');
      assert.equal((await server.token(byCode(code))).status, 200);
    });

    it('answers a refusal again too', async () => {
      const key = { 'idempotency-key': 'refused' };
      const first = await server.token(byCode('nobody-made-this-either'), key);
      const second = await server.token(byCode('nobody-made-this-either'), key);
      refused(first, 'invalid_grant');
      assert.equal(second.text, first.text);
    });

    // Last in here: it ends the browser's own sign-in with the session.
    it('hides no replay: two minutes later the same request ends the session', async () => {
      const presented = byCode(await newCode());
      const first = await server.token(presented, { 'idempotency-key': 'captured' });
      server.clock.advance(121);
      refused(await server.token(presented, { 'idempotency-key': 'captured' }), 'invalid_grant');
      const refresh = { grant_type: 'refresh_token', refresh_token: first.json.refresh_token };
      refused(await server.token(refresh), 'invalid_grant');
    });
  });
});
