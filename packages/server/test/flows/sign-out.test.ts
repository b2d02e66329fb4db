import assert from 'node:assert/strict';
import { get, type IncomingHttpHeaders } from 'node:http';
import { after, before, describe, it } from 'node:test';
import { sql } from '../../src/core/index.ts';
import { type Answer, claimsOf, onEachEngine, type TestBrowser, type TestServer } from '../harness.ts';
import {
  asOperator,
  becomeOwner,
  byRefresh,
  makeUser,
  newSession,
  otherEnvironment,
  signedInBrowser,
  signIn,
} from './steps.ts';

onEachEngine('signing out', (start) => {
  let server: TestServer;
  before(async () => {
    server = await start();
  });
  after(() => server[Symbol.asyncDispose]());

  const signedIn = async () => {
    const person = await signedInBrowser(server);
    const tokens = await newSession(server, person.browser);
    return { ...person, tokens, sid: claimsOf(tokens.access_token).sid };
  };
  const logout = (sid: string, returnTo?: string) => {
    const query = new URLSearchParams({ session_id: sid, ...(returnTo === undefined ? {} : { return_to: returnTo }) });
    return `/user_management/sessions/logout?${query}`;
  };
  const isCleared = (answer: Answer) => {
    const name = `authkit-session-${server.environmentId.slice('environment_'.length).toLowerCase()}`;
    return answer.headers.getSetCookie().some((each) => each.startsWith(`${name}=; Path=/; Max-Age=0; HttpOnly`));
  };
  const hasEnded = async (token: string) => {
    const answer = await server.token(byRefresh(token));
    return answer.json.error === 'invalid_grant' && answer.json.error_description === 'Session has already ended.';
  };
  const asksAgain = async (browser: TestBrowser) => (await browser.open(server.authorizeUrl())).status === 200;

  it('ends the session and goes to the default when the app names no place', async () => {
    const { browser, tokens, sid, id } = await signedIn();
    const answer = await browser.open(logout(sid));
    assert.equal(answer.status, 302);
    assert.equal(answer.headers.get('location'), 'http://localhost:3000/');
    assert.ok(isCleared(answer));
    assert.ok(await hasEnded(tokens.refresh_token));
    assert.ok(await asksAgain(browser));
    const sessions = (await server.api('GET', `/user_management/users/${id}/sessions`)).json.data;
    const session = sessions.find((each: { id: string }) => each.id === sid);
    assert.equal(session.status, 'revoked');
    assert.ok(session.ended_at);
  });

  it('ends the browser’s sign-in too, for whoever copied its cookie', async () => {
    const { browser, sid } = await signedIn();
    const copy = browser.clone();
    await browser.open(logout(sid));
    assert.ok(await asksAgain(copy));
  });

  it('ends the browser’s sign-in also after that was proved anew', async () => {
    const { browser, sid, email } = await signedIn();
    await signIn(server, email, { browser, authorize: { prompt: 'login' } });
    const copy = browser.clone();
    await browser.open(logout(sid));
    assert.ok(await asksAgain(copy));
  });

  it('goes to a listed place, as it was written', async () => {
    const { browser, sid } = await signedIn();
    const answer = await browser.open(logout(sid, 'http://localhost:3000/'));
    assert.equal(answer.headers.get('location'), 'http://localhost:3000/');
  });

  describe('to a place that is not listed', () => {
    for (const place of [
      'https://evil.example/',
      'http://localhost:3000',
      'http://localhost:3000/callback',
      'http://localhost:3000/?x=1',
      '//evil.example/',
      '/dashboard',
      'javascript:alert(1)',
      '',
    ]) {
      it(`shows a page for ${JSON.stringify(place)}, and ends the session all the same`, async () => {
        const { browser, tokens, sid } = await signedIn();
        const answer = await browser.open(logout(sid, place));
        assert.equal(answer.status, 400);
        assert.equal(answer.headers.get('location'), null);
        assert.match(answer.text, /You are signed out/);
        assert.doesNotMatch(answer.text, /href="(https:\/\/evil|javascript:)/);
        // An operator adds it there, with a click.
        const asked = new URLSearchParams({ list: 'sign_out_redirects', check: place });
        assert.ok(answer.text.includes(`${asked}#checker`.replaceAll('&', '&amp;')));
        assert.ok(isCleared(answer));
        assert.ok(await hasEnded(tokens.refresh_token));
        assert.ok(await asksAgain(browser));
      });
    }
  });

  it('works for a session that has expired, or was ended before', async () => {
    const { browser, sid } = await signedIn();
    assert.equal((await browser.open(logout(sid))).status, 302);
    assert.equal((await server.browser().open(logout(sid))).status, 302);
    const old = await signedIn();
    server.clock.advance(31 * 86_400);
    const answer = await old.browser.open(logout(old.sid, 'http://localhost:3000/'));
    assert.equal(answer.status, 302);
    assert.ok(isCleared(answer));
  });

  it('explains itself to a script in no words: an empty answer, and the session is over', async () => {
    const { tokens, sid } = await signedIn();
    for (const id of [sid, 'session_01ARZ3NDEKTSV4RRFFQ69G5FAV']) {
      const { status, headers, body } = await asScript(server.url + logout(id));
      assert.deepEqual([status, body, headers['content-type'], headers.location], [200, '', undefined, undefined]);
    }
    assert.ok(await hasEnded(tokens.refresh_token));
  });

  it('shows a page where there is no such session, or none is named', async () => {
    const unknown = await server.browser().open(logout('session_01ARZ3NDEKTSV4RRFFQ69G5FAV', 'http://localhost:3000/'));
    assert.equal(unknown.status, 400);
    assert.equal(unknown.location, null);
    assert.match(unknown.text, /There is nothing to sign out of/);
    assert.doesNotMatch(unknown.text, /You are signed out|For developers/);
    assert.equal((await server.browser().open('/user_management/sessions/logout')).status, 422);
    assert.equal((await server.browser().open(`${logout('a')}&session_id=b`)).status, 422);
    assert.ok((await server.browser().open(logout('a\0'))).status < 500);
  });

  it('uses the list of the session’s own environment', async () => {
    const elsewhere = 'https://other.example/bye';
    await otherEnvironment(server, { signOutRedirects: [{ uri: elsewhere, isDefault: true }] });
    const { browser, sid } = await signedIn();
    assert.equal((await browser.open(logout(sid, elsewhere))).status, 400);
  });

  it('explains what to set up where there is no sign-out redirect at all', async () => {
    await using own = await start();
    const owner = await becomeOwner(own);
    const { json } = await asOperator(own, owner, 'GET', '/dashboard/api/sign_out_redirects');
    for (const { id } of json.data) {
      assert.equal((await asOperator(own, owner, 'DELETE', `/dashboard/api/sign_out_redirects/${id}`)).status, 204);
    }
    const { email } = await makeUser(own);
    const { browser } = await signIn(own, email);
    const tokens = await newSession(own, browser);
    const answer = await browser.open(logout(claimsOf(tokens.access_token).sid));
    assert.equal(answer.status, 400);
    assert.match(answer.text, /You are signed out/);
    assert.match(answer.text, /sign-out redirect/);
    assert.equal((await own.token(byRefresh(tokens.refresh_token))).json.error, 'invalid_grant');
  });

  it('leaves the person’s sign-ins in other browsers alone', async () => {
    const { sid, email, browser } = await signedIn();
    const { browser: other } = await signIn(server, email);
    const elsewhere = await newSession(server, other);
    await browser.open(logout(sid));
    assert.equal((await server.token(byRefresh(elsewhere.refresh_token))).status, 200);
    assert.ok(!(await asksAgain(other)));
  });

  it('is recorded once', async () => {
    const { browser, sid, id } = await signedIn();
    await Promise.all(Array.from({ length: 5 }, () => browser.clone().open(logout(sid))));
    const rows = await server.running.services.db.all(
      sql<{ data: { id: string } }>`select data_json from events where name = 'session.revoked' and user_id = ${id}`,
    );
    assert.deepEqual(
      rows.map(({ data }) => data.id),
      [sid],
    );
  });
});

/** `fetch` of Node says of itself that it is `cors`, whatever it is told. */
function asScript(url: string): Promise<{ status: number | undefined; headers: IncomingHttpHeaders; body: string }> {
  return new Promise((resolve, reject) => {
    get(url, { headers: { 'sec-fetch-mode': 'no-cors' } }, (response) => {
      let body = '';
      response.on('data', (chunk) => {
        body += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, body }));
    }).on('error', reject);
  });
}
