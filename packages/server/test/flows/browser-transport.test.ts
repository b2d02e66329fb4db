import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { cookieHeader } from '../../src/core/http/answer.ts';
import type { RequestInfo, Services } from '../../src/core/index.ts';
import { keptInBrowser } from '../../src/oauth/browser-transport.ts';
import { type Answer, claimsOf, onEachEngine, type TestServer } from '../harness.ts';
import { byCode, byRefresh, newSession, otherEnvironment, pkce, signedInBrowser, signIn, silentCode } from './steps.ts';

onEachEngine('sessions kept in the browser', (start) => {
  let server: TestServer;
  before(async () => {
    server = await start();
  });
  after(() => server[Symbol.asyncDispose]());

  const tokenCookie = (clientId = server.clientId) => `authkit-refresh-${clientId}`;
  const cookiesOf = (answer: Answer) =>
    Object.fromEntries(
      answer.headers.getSetCookie().map((line) => {
        const [, name = '', value = '', attributes = ''] = /^([^=]*)=([^;]*);?\s*(.*)$/.exec(line) ?? [];
        return [name, { value, attributes }];
      }),
    );
  const signOut = (sid: string, cookie: string, more: Record<string, string> = {}) =>
    server.api('GET', `/user_management/sessions/logout?session_id=${sid}`, undefined, { cookie, ...more });
  const signedIn = async () => {
    const person = await signedInBrowser(server);
    const tokens = await newSession(server, person.browser);
    return { ...person, tokens, sid: claimsOf(tokens.access_token).sid };
  };
  const goesOn = async (token: string) => (await server.token(byRefresh(token))).status === 200;

  const app = 'http://localhost:5173';
  const missing = [400, 'invalid_request', 'Missing refresh token.'];
  const refused = ({ status, json }: Answer) => [status, json.error, json.error_description];
  /** As the SDK asks: no secret, no token in the body. */
  const byCookie = (
    token: string | null,
    { origin = app, more = {}, headers = {} }: { origin?: string | null; more?: object; headers?: object } = {},
  ) =>
    server.token(
      { client_secret: null, grant_type: 'refresh_token', ...more },
      {
        ...(token === null ? {} : { cookie: `${tokenCookie()}=${token}` }),
        ...(origin === null ? {} : { origin }),
        ...headers,
      },
    );

  describe('the token endpoint', () => {
    it('hands the session to a listed page that exchanges a code, and to nobody else', async () => {
      const { browser } = await signedInBrowser(server);
      const exchange = async (origin: string | null, secret: string | null = null) => {
        const { verifier, asked } = pkce();
        const code = await silentCode(server, browser, asked);
        const headers: Record<string, string> = origin === null ? {} : { origin };
        return server.token(byCode(code, { code_verifier: verifier, client_secret: secret }), headers);
      };
      const listed = await exchange(app);
      const cookies = cookiesOf(listed);
      assert.equal(cookies[tokenCookie()]?.value, listed.json.refresh_token);
      assert.match(cookies[tokenCookie()]?.attributes ?? '', /^Path=\/; Max-Age=259\d{4}; HttpOnly; SameSite=Lax$/);
      assert.equal(cookies['workos-has-session']?.value, server.clientId);
      assert.match(cookies['workos-has-session']?.attributes ?? '', /^Path=\/; Max-Age=259\d{4}; SameSite=Lax$/);
      for (const other of [await exchange('https://evil.example'), await exchange('null'), await exchange(null)]) {
        assert.equal(other.status, 200);
        assert.deepEqual(cookiesOf(other), {});
      }
      assert.deepEqual(cookiesOf(await exchange(app, server.apiKey)), {});
    });

    it('refreshes by the cookie, and hands out the next one', async () => {
      const { tokens, sid } = await signedIn();
      const first = await byCookie(tokens.refresh_token);
      assert.equal(first.status, 200);
      assert.equal(claimsOf(first.json.access_token).sid, sid);
      const next = cookiesOf(first)[tokenCookie()]?.value ?? '';
      assert.equal(next, first.json.refresh_token);
      assert.equal((await byCookie(next)).status, 200);
    });

    it('prefers the token in the body, whatever the cookie says', async () => {
      const { tokens, sid } = await signedIn();
      const other = await signedIn();
      const answer = await byCookie(other.tokens.refresh_token, { more: { refresh_token: tokens.refresh_token } });
      assert.equal(claimsOf(answer.json.access_token).sid, sid);
      const none = await byCookie(other.tokens.refresh_token, { more: { refresh_token: null } });
      assert.equal(claimsOf(none.json.access_token).sid, other.sid);
    });

    it('sees no cookie of a page that is not listed, of a form, or of a server', async () => {
      const { tokens } = await signedIn();
      for (const origin of [null, 'null', 'https://evil.example', `${app}/`, `${app}.evil.example`]) {
        assert.deepEqual(refused(await byCookie(tokens.refresh_token, { origin })), missing, String(origin));
      }
      const form = await fetch(`${server.url}/user_management/authenticate`, {
        method: 'POST',
        headers: { cookie: `${tokenCookie()}=${tokens.refresh_token}`, origin: 'https://evil.example' },
        body: new URLSearchParams({ grant_type: 'refresh_token', client_id: server.clientId }),
      });
      assert.deepEqual([form.status, form.headers.getSetCookie()], [400, []]);
      const confidential = await byCookie(tokens.refresh_token, { more: { client_secret: server.apiKey } });
      assert.deepEqual(refused(confidential), missing);
      assert.equal(await goesOn(tokens.refresh_token), true);
    });

    it('sees no cookie of another client', async () => {
      const other = await otherEnvironment(server, { corsOrigins: [app] });
      const { tokens } = await signedIn();
      const named = await byCookie(tokens.refresh_token, { more: { client_id: other.clientId } });
      assert.deepEqual(refused(named), missing);
      const cookie = `${tokenCookie(other.clientId)}=${tokens.refresh_token}`;
      const moved = await byCookie(null, { more: { client_id: other.clientId }, headers: { cookie } });
      assert.deepEqual(refused(moved).slice(0, 2), [400, 'invalid_grant']);
      assert.equal(await goesOn(tokens.refresh_token), true);
    });

    it('names every client that has a session in this browser', async () => {
      const { tokens } = await signedIn();
      const cookie = `${tokenCookie('client_other')}=x; ${tokenCookie()}=${tokens.refresh_token}`;
      const cookies = cookiesOf(await byCookie(null, { headers: { cookie } }));
      assert.deepEqual(
        cookies['workos-has-session']?.value.split('.').sort(),
        ['client_other', server.clientId].sort(),
      );
    });

    it('takes what is worth nothing any more from the browser, readable by the app', async () => {
      const { tokens, sid } = await signedIn();
      await server.api('POST', '/user_management/sessions/revoke', { session_id: sid });
      const answer = await byCookie(tokens.refresh_token);
      assert.deepEqual(refused(answer), [400, 'invalid_grant', 'Session has already ended.']);
      assert.equal(answer.headers.get('access-control-allow-origin'), app);
      assert.equal(answer.headers.get('access-control-allow-credentials'), 'true');
      assert.equal(cookiesOf(answer)[tokenCookie()]?.value, '');
      assert.equal(cookiesOf(answer)['workos-has-session']?.value, '');
      assert.deepEqual(refused(await byCookie(null)), missing);
    });

    it('gives ten tabs with one cookie one successor, and ends the session for a thief', async () => {
      const { tokens } = await signedIn();
      const answers = await Promise.all(Array.from({ length: 10 }, () => byCookie(tokens.refresh_token)));
      assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200]);
      const successors = new Set(answers.map((answer) => cookiesOf(answer)[tokenCookie()]?.value));
      assert.equal(successors.size, 1);
      server.clock.advance(31);
      assert.deepEqual(refused(await byCookie(tokens.refresh_token)).slice(0, 2), [400, 'invalid_grant']);
      assert.deepEqual(refused(await byCookie([...successors][0] ?? '')).slice(0, 2), [400, 'invalid_grant']);
    });

    it('gives a repeated Idempotency-Key without the cookie nothing of what the cookie got', async () => {
      const { tokens } = await signedIn();
      const headers = { 'idempotency-key': 'known to an attacker' };
      assert.equal((await byCookie(tokens.refresh_token, { headers })).status, 200);
      const stolen = await byCookie(null, { headers });
      assert.ok(stolen.status >= 400, stolen.text);
      assert.equal(stolen.json.refresh_token, undefined);
    });
  });

  describe('signing out', () => {
    it('takes the token and the name of the client from the browser', async () => {
      const { tokens, sid } = await signedIn();
      const cookie = `${tokenCookie()}=${tokens.refresh_token}; workos-has-session=${server.clientId}`;
      const cookies = cookiesOf(await signOut(sid, cookie));
      assert.match(cookies[tokenCookie()]?.attributes ?? '', /Max-Age=0; HttpOnly/);
      assert.equal(cookies[tokenCookie()]?.value, '');
      assert.deepEqual(cookies['workos-has-session'], { value: '', attributes: 'Path=/; Max-Age=0; SameSite=Lax' });
    });

    it('leaves the sessions of other clients', async () => {
      const { tokens, sid } = await signedIn();
      const cookie = `${tokenCookie('client_other')}=x; ${tokenCookie()}=${tokens.refresh_token}`;
      const cookies = cookiesOf(await signOut(sid, cookie));
      assert.equal(cookies['workos-has-session']?.value, 'client_other');
      assert.equal(cookies[tokenCookie('client_other')], undefined);
    });

    it('sets none of these cookies for a browser that has none', async () => {
      const { sid } = await signedIn();
      assert.deepEqual(Object.keys(cookiesOf(await signOut(sid, ''))), [
        `authkit-session-${server.environmentId.slice('environment_'.length).toLowerCase()}`,
      ]);
    });

    it('ends the newer session of the same person too, but nobody else’s', async () => {
      const ada = await signedIn();
      const newer = await newSession(server, (await signIn(server, ada.email)).browser);
      await signOut(ada.sid, `${tokenCookie()}=${newer.refresh_token}`);
      assert.equal(await goesOn(newer.refresh_token), false);

      const grace = await signedIn();
      const brian = await signedIn();
      const answer = await signOut(grace.sid, `${tokenCookie()}=${brian.tokens.refresh_token}`);
      assert.equal(cookiesOf(answer)[tokenCookie()], undefined);
      assert.equal(await goesOn(brian.tokens.refresh_token), true);
      assert.equal(await goesOn(grace.tokens.refresh_token), false);
    });

    it('clears what is no token of ours', async () => {
      const { sid, tokens } = await signedIn();
      for (const value of ['garbage', `${tokens.refresh_token}x`, '%00']) {
        const cookies = cookiesOf(await signOut(sid, `${tokenCookie()}=${value}`));
        assert.equal(cookies[tokenCookie()]?.value, '', value);
      }
    });
  });
});

describe('the cookies of a browser’s session', () => {
  const request = { cookieNames: () => [], header: () => null } as unknown as RequestInfo;
  const at = new Date('2026-03-01T00:00:00Z');
  const linesAt = (publicUrl: string): string[] => {
    const services = { config: { publicUrl }, now: () => at } as unknown as Services;
    const session = { expiresAt: new Date(at.getTime() + 60_000) };
    const cookies = keptInBrowser(services, request, { clientId: 'client_1' }, session, 'token');
    return cookieHeader(services, cookies)['set-cookie'] ?? [];
  };

  it('go to a page of another site on https only, and the token to our host alone', () => {
    assert.deepEqual(linesAt('https://auth.example.com'), [
      '__Host-authkit-refresh-client_1=token; Path=/; Max-Age=60; HttpOnly; Secure; SameSite=None',
      'workos-has-session=client_1; Domain=example.com; Path=/; Max-Age=60; Secure; SameSite=None',
    ]);
  });

  it('name the clients to siblings of our host, where it has any', () => {
    const domainAt = (publicUrl: string) => /Domain=([^;]+)/.exec(linesAt(publicUrl)[1] ?? '')?.[1];
    assert.equal(domainAt('https://login.shop.example.co.uk'), 'example.co.uk');
    assert.equal(domainAt('https://example.com'), 'example.com');
    assert.equal(domainAt('https://auth.acme.vercel.app'), 'acme.vercel.app');
    for (const alone of [
      'https://vercel.app',
      'http://localhost:4100',
      'http://127.0.0.1:4100',
      'https://[::1]',
      'https://com',
    ])
      assert.equal(domainAt(alone), undefined, alone);
  });
});
