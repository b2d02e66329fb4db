/** For apps that hand their SDK a storage of their own: what browsers are told of its cookie. */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { freePort } from '../../packages/server/test/processes.ts';
import { startApp } from './app.ts';
import { longAgo, newcomer } from './people.ts';
import type { Stage } from './stage.ts';
import { activeSessions } from './walks/staying.ts';

/** As long as browsers keep any cookie: 400 days, what the SDKs ask for. */
const MAX_AGE_SECONDS = 400 * 24 * 3600;

export function ownStorage(stage: () => Stage): void {
  it('hides its cookie from scripts and other sites, and keeps it as long as the SDK would', async () => {
    const { visitor } = await newcomer(stage());
    await using _ = visitor;
    const cookies = await visitor.context.cookies(stage().app.url);
    const cookie = cookies.find(({ name }) => name === stage().sessionCookie) ?? assert.fail('there is one');
    const { path, httpOnly, secure, sameSite, expires } = cookie;
    assert.deepEqual(
      { path, httpOnly, secure, sameSite },
      { path: '/', httpOnly: true, secure: false, sameSite: 'Lax' },
    );
    const left = expires - Date.now() / 1000;
    assert.ok(left > MAX_AGE_SECONDS - 3600 && left <= MAX_AGE_SECONDS, `${left} s`);
  });

  it('takes a cookie for none that is no longer a seal', async () => {
    const { visitor } = await newcomer(stage());
    await using _ = visitor;
    const [name, sealed = ''] = (await visitor.session()).split('=');
    // An SDK on its own answers 500 to most of them.
    for (const value of [
      `A${sealed.slice(1)}`,
      sealed.replace('Fe26.2', 'Fe26.1'),
      sealed.replace('**', '*x*'),
      '%',
      '',
    ])
      for (const [path, status] of [
        ['/', 200],
        ['/api/me', 401],
        ['/account', 302],
      ] as const) {
        const headers = { cookie: `${name}=${value}` };
        const response = await fetch(stage().app.url + path, { headers, redirect: 'manual' });
        assert.equal(response.status, status, `${path} with ${value}`);
      }
  });

  it('marks its cookie Secure where the app has HTTPS, and forgets a session that has ended', async () => {
    const { environment, folder } = stage();
    const { visitor, person } = await longAgo(stage(), newcomer);
    await using _ = visitor;
    for (const session_id of await activeSessions(stage(), person.id))
      await stage().api('POST', '/user_management/sessions/revoke', { session_id });
    const port = await freePort();
    const https = { WORKOS_REDIRECT_URI: 'https://app.example.com/callback', PORT: `${port}` };
    await using app = await startApp(folder, port, { ...environment, ...https });
    const headers = { cookie: await visitor.session() };
    const response = await fetch(`${app.url}/api/me`, { headers });
    assert.equal(response.status, 401);
    assert.deepEqual(response.headers.getSetCookie(), [
      'wos-session=; Max-Age=0; Path=/; HttpOnly; Secure; SameSite=Lax',
    ]);
  });
}
