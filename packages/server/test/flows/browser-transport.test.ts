import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type Answer, claimsOf, onEachEngine, type TestServer } from '../harness.ts';
import { byRefresh, newSession, signedInBrowser, signIn } from './steps.ts';

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
