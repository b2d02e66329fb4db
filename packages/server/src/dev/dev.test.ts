import assert from 'node:assert/strict';
import type { AddressInfo } from 'node:net';
import { it } from 'node:test';
import { launchBrowser } from '../../test/browser.ts';
import { onEachEngine, type TestServices } from '../../test/engines.ts';
import {
  type ApiError,
  createHttpServer,
  html,
  type RequestInfo,
  type Services,
  sql,
  systemTenant,
  Unauthorized,
} from '../core/index.ts';
import { createEnvironment, listEnvironments } from '../environments/index.ts';
import { mailboxTransport, queueMail, registerMail } from '../mail/index.ts';
import { createFailures } from './failures.ts';
import { devRoutes } from './routes.ts';

const key = 'sk_test_key';

interface World extends AsyncDisposable {
  readonly services: Services;
  readonly url: string;
  /** With the dev key. */
  call(method: string, path: string, body?: unknown): Promise<Response>;
  read(path: string): Promise<unknown>;
  mail(to: string, code?: string): Promise<void>;
}

async function serve(opened: TestServices): Promise<World> {
  let services: Services = opened;
  const setUp = async () => {
    await opened.db.transaction((tx) =>
      createEnvironment(opened, tx, { name: 'Staging', kind: 'staging', applicationName: 'Acme' }),
    );
  };
  await setUp();
  const tenant = async (request: RequestInfo) => {
    if (request.authorization !== `Bearer ${key}`) throw new Unauthorized();
    return systemTenant('environment_dev');
  };
  // The port is known only once it is bound, and the pages hold the request's host against the public address.
  const config = { ...opened.config };
  services = { ...opened, config };
  const app = await createHttpServer({
    services,
    routes: devRoutes(services, { clock: opened.clock, setUp, failures: createFailures(), dataDir: null }),
    authenticators: { tenant, operator: async () => Promise.reject(new Unauthorized()) },
    servicesAt: (known) => known,
    renderErrorPage: async (_services, error: ApiError) => () => html`<h1>${error.message}</h1>`.markup,
    allowOrigin: async () => false,
  });
  await app.listen({ port: 0, host: '127.0.0.1' });
  const { port } = app.server.address() as AddressInfo;
  Object.assign(config, {
    publicUrl: `http://localhost:${port}`,
    serverUrl: `http://localhost:${port}`,
    localUrl: `http://localhost:${port}`,
  });
  const url = `http://localhost:${port}`;
  registerMail(services, mailboxTransport(services));
  services.jobs.start();

  const call = (method: string, path: string, body?: unknown) =>
    fetch(url + path, {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  return {
    services,
    url,
    call,
    read: async (path) => (await call('GET', path)).json(),
    async mail(to, code = '123456') {
      const [environment] = await listEnvironments(services);
      const from = systemTenant(environment?.id ?? '');
      await services.db.transaction((tx) =>
        queueMail(services, tx, from, { to, template: 'verify_email', data: { code, expiresInMinutes: 10 } }),
      );
    },
    async [Symbol.asyncDispose]() {
      await app.close();
      await services.jobs.stop();
      await opened[Symbol.asyncDispose]();
    },
  };
}

/** For what no engine can change: pages and memory. */
function onOneEngine(name: string, define: (open: () => Promise<TestServices>) => void): void {
  let isFirst = true;
  onEachEngine(name, (open) => {
    if (isFirst) define(open);
    isFirst = false;
  });
}

onEachEngine('development controls', (open) => {
  it('are for the dev key only', async () => {
    await using world = await serve(await open());
    for (const [method, path] of [
      ['GET', '/dev/mailbox/messages'],
      ['DELETE', '/dev/mailbox/messages'],
      ['GET', '/dev/clock'],
      ['POST', '/dev/clock'],
      ['DELETE', '/dev/clock'],
      ['POST', '/dev/reset'],
      ['POST', '/dev/snapshots'],
      ['POST', '/dev/snapshots/snapshot_1/restore'],
      ['POST', '/dev/sign-ins'],
      ['POST', '/dev/failures'],
      ['DELETE', '/dev/failures'],
      ['GET', '/dev/events'],
    ] as const) {
      const response = await fetch(world.url + path, { method });
      assert.deepEqual([response.status, await response.json()], [401, { message: 'Unauthorized' }], path);
    }
  });

  it('show the mails that are on their way already', async () => {
    await using world = await serve(await open());
    await world.mail('ada@example.com', '111111');
    await world.mail('grace@example.com', '222222');
    await world.mail('ada@example.com', '333333');
    const { data } = (await world.read('/dev/mailbox/messages')) as { data: Record<string, string>[] };
    assert.deepEqual(
      data.map(({ to, subject }) => [to, subject]),
      [
        ['ada@example.com', '333333 is your code for Acme'],
        ['grace@example.com', '222222 is your code for Acme'],
        ['ada@example.com', '111111 is your code for Acme'],
      ],
    );
    assert.deepEqual(Object.keys(data[0] ?? {}).sort(), ['created_at', 'from', 'html', 'id', 'subject', 'text', 'to']);
    assert.deepEqual(await world.read('/dev/mailbox/messages?to=Ada@example.com&limit=1'), { data: [data[0]] });
    assert.equal((await world.call('GET', '/dev/mailbox/messages?limit=0')).status, 422);

    assert.equal((await world.call('DELETE', '/dev/mailbox/messages')).status, 204);
    assert.deepEqual(await world.read('/dev/mailbox/messages'), { data: [] });
  });

  it('move the clock and return to real time', async () => {
    await using world = await serve(await open());
    const roundedMs = 1000;
    const at = async (method: string, body?: object) => {
      const before = Date.now();
      const response = await world.call(method, '/dev/clock', body);
      const after = Date.now();
      assert.equal(response.status, 200);
      const { now, offset_seconds } = (await response.json()) as { now: string; offset_seconds: number };
      const real = new Date(now).getTime() - offset_seconds * 1000;
      assert.ok(real >= before - roundedMs && real <= after + roundedMs, `${now} at ${before} to ${after}`);
      return offset_seconds;
    };
    assert.equal(await at('GET'), 0);
    assert.equal(await at('POST', { advance_seconds: 90 }), 90);
    assert.equal(await at('POST', { advance_seconds: -30 }), 60);
    const [asked, dayMs] = [Date.now(), 86_400_000];
    const offset = await at('POST', { now: new Date(asked + dayMs).toISOString() });
    const passed = Date.now() - asked;
    assert.ok(offset * 1000 <= dayMs + roundedMs && offset * 1000 >= dayMs - passed - roundedMs, `${offset} seconds`);
    assert.ok(world.services.now().getTime() >= asked + dayMs);
    assert.equal(await at('DELETE'), 0);
    for (const wrong of [
      {},
      { advance_seconds: '1' },
      { now: 'tomorrow' },
      { advance_seconds: 1, now: new Date().toISOString() },
      { advance_seconds: 1e12 },
    ]) {
      assert.equal((await world.call('POST', '/dev/clock', wrong)).status, 422, JSON.stringify(wrong));
    }
  });

  it('put back what a snapshot held, and reset to the first start', async () => {
    await using world = await serve(await open());
    const { services } = world;
    const mails = async () => ((await world.read('/dev/mailbox/messages')) as { data: unknown[] }).data.length;
    await world.mail('ada@example.com');
    const taken = await world.call('POST', '/dev/snapshots');
    assert.equal(taken.status, 201);
    const { id, created_at } = (await taken.json()) as { id: string; created_at: string };
    assert.match(id, /^snapshot_/);
    assert.ok(!Number.isNaN(Date.parse(created_at)));

    await world.mail('grace@example.com');
    await services.db.transaction((tx) =>
      createEnvironment(services, tx, { name: 'More', kind: 'staging', applicationName: 'More' }),
    );
    assert.deepEqual([await mails(), (await listEnvironments(services)).length], [2, 2]);

    const restored = await world.call('POST', `/dev/snapshots/${id}/restore`);
    assert.deepEqual([restored.status, await restored.text()], [204, '']);
    assert.deepEqual([await mails(), (await listEnvironments(services)).length], [1, 1]);

    await world.call('POST', '/dev/clock', { advance_seconds: 500 });
    assert.equal((await world.call('POST', '/dev/reset')).status, 204);
    assert.deepEqual([await mails(), (await listEnvironments(services)).length], [0, 1]);
    assert.equal(((await world.read('/dev/clock')) as { offset_seconds: number }).offset_seconds, 0);

    // Snapshots outlive a reset: a test suite resets between tests and restores what it prepared once.
    assert.equal((await world.call('POST', `/dev/snapshots/${id}/restore`)).status, 204);
    assert.equal(await mails(), 1);
    const unknown = await world.call('POST', '/dev/snapshots/snapshot_unknown/restore');
    assert.equal(unknown.status, 404);
    assert.equal(((await unknown.json()) as { code: string }).code, 'entity_not_found');
  });
});

onOneEngine('snapshots', (open) => {
  it('are kept in memory, the newest fifty', async () => {
    await using world = await serve(await open());
    const ids: string[] = [];
    for (let count = 0; count < 51; count++) {
      ids.push(((await (await world.call('POST', '/dev/snapshots')).json()) as { id: string }).id);
    }
    const statusOf = async (id: string | undefined) =>
      (await world.call('POST', `/dev/snapshots/${id}/restore`)).status;
    assert.deepEqual([await statusOf(ids[0]), await statusOf(ids[1]), await statusOf(ids.at(-1))], [404, 204, 204]);
  });
});

onOneEngine('the mailbox’s page', (open) => {
  const pages = ['/dev/mailbox', '/dev/mailbox/mail_1', '/dev/providers'];

  it('answers only to our own host', async () => {
    await using world = await serve(await open());
    assert.equal((await fetch(`${world.url}/dev/mailbox`)).status, 200);
    for (const path of pages) {
      // A name of somebody else's that resolves to this machine; fetch would not send another Host.
      const status = await statusWithHost(world.url, path, 'rebound.example');
      assert.equal(status, 404, path);
    }
  });

  it('answers behind a public address to this machine alone, not to whoever comes through the tunnel', async () => {
    const opened = await open();
    await using world = await serve(opened);
    Object.assign(world.services.config, { publicUrl: 'https://auth.example.com' });
    for (const path of pages) {
      // The tunnel's near end is a peer on this machine: it asks for the public host, or for ours and says for whom.
      assert.equal(await statusWithHost(world.url, path, 'auth.example.com'), 404, path);
      for (const header of ['x-forwarded-for', 'forwarded']) {
        const response = await fetch(world.url + path, { headers: { [header]: '203.0.113.9' } });
        assert.equal(response.status, 404, `${header} ${path}`);
      }
    }
    assert.equal((await fetch(`${world.url}/dev/mailbox`)).status, 200);
  });

  it('answers only to a peer on this machine', async () => {
    const opened = await open();
    await using world = await serve({ ...opened, config: { ...opened.config, trustedProxies: 1 } });
    for (const path of pages) {
      const response = await fetch(world.url + path, { headers: { 'x-forwarded-for': '203.0.113.9' } });
      assert.equal(response.status, 404, path);
    }
    const local = await fetch(`${world.url}/dev/mailbox`, { headers: { 'x-forwarded-for': '127.0.0.1' } });
    assert.equal(local.status, 200);
  });

  it('clears only by its own form', async () => {
    await using world = await serve(await open());
    await world.mail('ada@example.com');
    const page = await fetch(`${world.url}/dev/mailbox`);
    const cookie = page.headers.get('set-cookie')?.split(';', 1)[0] ?? '';
    assert.match(page.headers.get('set-cookie') ?? '', /HttpOnly; SameSite=Strict/);
    const csrf = /name="csrf" value="([^"]+)"/.exec(await page.text())?.[1] ?? '';
    assert.ok(csrf);

    const clear = async (token: string, headers: Record<string, string>) => {
      const response = await fetch(`${world.url}/dev/mailbox/clear`, {
        method: 'POST',
        redirect: 'manual',
        headers,
        body: new URLSearchParams({ csrf: token }),
      });
      const left = (await world.services.db.all(sql`select id from mailbox_messages`)).length;
      return [response.status, left];
    };
    assert.deepEqual(await clear(csrf, {}), [403, 1]);
    assert.deepEqual(await clear('guess', { cookie }), [403, 1]);
    assert.deepEqual(await clear(csrf, { cookie: 'authkit-mailbox=other' }), [403, 1]);
    assert.deepEqual(await clear(csrf, { cookie, 'sec-fetch-site': 'cross-site' }), [403, 1]);
    assert.deepEqual(await clear(csrf, { cookie, origin: 'https://evil.example' }), [403, 1]);
    assert.deepEqual(await clear(csrf, { cookie, 'sec-fetch-site': 'same-origin' }), [303, 0]);
  });
});

onOneEngine('the mailbox in a browser', (open) => {
  it('shows new mail by itself, one mail with its code, and nothing that runs', async () => {
    await using world = await serve(await open());
    await using browser = await launchBrowser({ viewport: { width: 320, height: 640 } });
    const page = await browser.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));

    await page.goto(`${world.url}/dev/mailbox`);
    await page.getByRole('heading', { name: 'No mail yet' }).waitFor();
    await world.mail('ada@example.com', '042042');
    const link = page.getByRole('link', { name: '042042 is your code for Acme' });
    await link.waitFor();
    assert.equal(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), true);
    await link.click();
    await page.getByRole('button', { name: 'Copy the code 042042' }).waitFor();

    const frame = page.frameLocator('iframe');
    const digits = frame.getByText('042042', { exact: true });
    // The mail's own styles stand in attributes; without them the digits would be one line of text high.
    assert.ok(((await digits.boundingBox())?.height ?? 0) > 60);
    assert.equal(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), true);

    await page.getByRole('link', { name: 'Mailbox' }).click();
    await page.getByRole('button', { name: 'Clear' }).click();
    await page.getByRole('heading', { name: 'No mail yet' }).waitFor();
    assert.deepEqual(complaints, []);
  });

  it('works with scripts off', async () => {
    await using world = await serve(await open());
    await using browser = await launchBrowser({ javaScript: false });
    await world.mail('ada@example.com', '042042');
    const page = await browser.newPage();
    await page.goto(`${world.url}/dev/mailbox`);
    await page.getByRole('link', { name: '042042 is your code for Acme' }).click();
    await page.getByRole('region', { name: 'Code' }).getByText('042042').waitFor();
    await page.getByRole('link', { name: 'Mailbox' }).click();
    await page.getByRole('button', { name: 'Clear' }).click();
    await page.getByRole('heading', { name: 'No mail yet' }).waitFor();
  });
});

async function statusWithHost(url: string, path: string, host: string): Promise<number> {
  const { request } = await import('node:http');
  return new Promise((resolve, reject) => {
    request(url + path, { headers: { host } }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    })
      .on('error', reject)
      .end();
  });
}
