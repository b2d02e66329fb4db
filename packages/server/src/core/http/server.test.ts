import assert from 'node:assert/strict';
import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { describe, it } from 'node:test';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { z } from 'zod';
import { ApiError, EntityNotFound, Unauthorized, Unavailable } from '../errors.ts';
import { createJobs } from '../jobs.ts';
import { createLogger } from '../log.ts';
import { reply } from '../reply.ts';
import { anyone, apiKey, type RequestInfo, type Route, route } from '../route.ts';
import type { Services } from '../services.ts';
import { migrate, openSqlite } from '../sql/index.ts';
import { authenticatedTenant } from '../tenant.ts';
import { Vault } from '../vault.ts';
import type { MountOptions } from './options.ts';
import { createHttpServer } from './server.ts';

class TeapotError extends ApiError {
  static override readonly code = 'teapot';
  static override readonly status = 418;
}

const auth = anyone('a test');
const base = { auth, summary: 'x', errors: [] } as const;

/** A server of these routes. `url` is where it is reached; `config.publicUrl` is what it believes. */
async function serve(
  routes: readonly Route[],
  { publicUrl = 'http://localhost', ...more }: Partial<MountOptions> & { publicUrl?: string } = {},
) {
  const db = openSqlite(':memory:');
  const now = () => new Date();
  await migrate(db, now);
  const vault = new Vault([{ id: '01', bytes: new Uint8Array(32).fill(1) }]);
  const logged: string[] = [];
  const log = createLogger({ level: 'info', destination: { write: (line: string) => void logged.push(line) } });
  const services: Services = {
    db,
    clock: { now },
    now,
    vault,
    log,
    jobs: createJobs({ db, now, vault, log }),
    reactions: [],
    resolveTxt: async () => [],
    resolveAddresses: async () => [],
    hostEnvironmentId: null,
    config: {
      mode: 'dev',
      publicUrl,
      serverUrl: publicUrl,
      localUrl: publicUrl,
      version: '1.2.3',
      trustedProxies: 0,
      dashboardDir: null,
      docsDir: null,
      outboundNetworks: [],
      stagingLimitFactor: 1,
      strictAnswers: true,
    },
  };
  const app = await createHttpServer({
    services,
    routes,
    authenticators: {
      async tenant(request) {
        const [, environment, key] = /^Bearer (\w+)\/(\w+)$/.exec(request.authorization ?? '') ?? [];
        if (!environment || !key) throw new Unauthorized();
        return authenticatedTenant(environment, { type: 'api_key', id: key, name: null });
      },
      async operator() {
        throw new Unauthorized();
      },
    },
    servicesAt: (known) => known,
    renderErrorPage: async (_services, error) => (nonce) => `<h1 nonce="${nonce}">${error.code}</h1>`,
    allowOrigin: async () => false,
    ...more,
  });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  return {
    app,
    url,
    logged: () => logged.map((line) => JSON.parse(line)),
    async [Symbol.asyncDispose]() {
      await app.close();
      await db.close();
    },
  };
}

const page = route(
  {
    ...base,
    operationId: 'page',
    method: 'GET',
    path: '/page',
    page: true,
    returns: { status: 200 },
    errors: [TeapotError],
  },
  async () => {
    throw new TeapotError('short and stout');
  },
);

const failing = (error: unknown) =>
  route({ ...base, operationId: 'fail', method: 'GET', path: '/fail', returns: { status: 200 } }, async () => {
    throw error;
  });

describe('an unexpected failure', () => {
  it('says that it is ours, names the request, and shows nothing of what happened', async () => {
    const cause = Object.assign(new Error('select * from users at /srv/app/users.ts'), { code: '42P01' });
    for (const thrown of [cause, 'text', undefined, null, { statusCode: 404, message: 'somebody else’s 404' }]) {
      await using server = await serve([failing(thrown)]);
      const response = await fetch(`${server.url}/fail`);
      assert.equal(response.status, 500);
      assert.deepEqual(await response.json(), {
        code: 'internal_error',
        message: 'Something went wrong on our side. The request id names it in the log.',
      });
      const record = server.logged().find(({ level }) => level === 'error');
      assert.equal(record.request, response.headers.get('x-request-id'));
      if (thrown === cause) assert.match(record.err.cause.stack, /server\.test/);
    }
  });

  it('is a 503 that may be tried again when the database is away', async () => {
    await using server = await serve([failing(new Unavailable(new Error('ECONNREFUSED 10.0.0.7')))]);
    const response = await fetch(`${server.url}/fail`);
    const text = await response.text();
    assert.deepEqual([response.status, response.headers.get('retry-after')], [503, '1']);
    assert.equal(JSON.parse(text).code, 'unavailable');
    assert.ok(!text.includes('10.0.0.7'));
  });

  it('is a page where people look, also when the page that explains it fails', async () => {
    await using server = await serve([page]);
    const shown = await fetch(`${server.url}/page`);
    assert.equal(shown.status, 418);
    const nonce = /nonce="([\w-]+)"/.exec(await shown.text())?.[1] ?? 'none';
    assert.ok(shown.headers.get('content-security-policy')?.includes(`'nonce-${nonce}'`));

    await using broken = await serve([page], {
      renderErrorPage: async () => {
        throw new Error('a template of ours at /srv/app');
      },
    });
    const plain = await fetch(`${broken.url}/page`);
    const text = await plain.text();
    assert.deepEqual([plain.status, plain.headers.get('content-type')], [418, 'text/html; charset=utf-8']);
    assert.ok(text.includes(plain.headers.get('x-request-id') ?? 'missing') && !text.includes('/srv/app'), text);
  });
});

describe('strictAnswers', () => {
  it('fails what a route does not declare: an error, a body, a shape', async () => {
    const shaped = (path: string, answer: unknown, body?: z.ZodType) =>
      route(
        { ...base, operationId: path, method: 'GET', path, returns: { status: 200, ...(body ? { body } : {}) } },
        async () => answer as never,
      );
    await using server = await serve([
      failing(new TeapotError('not listed')),
      shaped('/right', { a: 1 }, z.object({ a: z.number() })),
      shaped('/wrong', { a: 'x' }, z.object({ a: z.number() })),
      shaped('/surprise', { a: 1 }),
    ]);
    const statuses = await Promise.all(
      ['/fail', '/right', '/wrong', '/surprise'].map(async (path) => (await fetch(server.url + path)).status),
    );
    assert.deepEqual(statuses, [500, 200, 500, 500]);
  });
});

describe('what a request may send', () => {
  const echo = route(
    {
      ...base,
      operationId: 'echo',
      method: 'POST',
      path: '/echo',
      body: z.looseObject({}),
      returns: { status: 200, body: z.unknown() },
    },
    async ({ body }) => ({ keys: Object.keys(body), body }),
  );
  const form = route(
    {
      ...base,
      operationId: 'form',
      method: 'POST',
      path: '/form',
      form: true,
      body: z.object({ a: z.string() }),
      returns: { status: 200, body: z.unknown() },
    },
    async ({ body }) => body,
  );

  it('is JSON under every spelling of its type, and nothing else', async () => {
    await using server = await serve([echo, form]);
    const post = async (path: string, type: string | null, body: string | Uint8Array<ArrayBuffer>) =>
      (
        await fetch(server.url + path, {
          method: 'POST',
          body: new Blob([body]),
          headers: type === null ? {} : { 'content-type': type },
        })
      ).status;
    for (const type of [
      'application/json',
      'application/json; charset=utf-8',
      'Application/JSON',
      'application/json;charset=UTF-8',
    ])
      assert.equal(await post('/echo', type, '{}'), 200, type);
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'application/jsonp',
      'multipart/form-data; boundary=x',
      'text/xml',
      'nonsense',
      null,
    ])
      assert.equal(await post('/echo', type, '{}'), 415, String(type));
    assert.equal(await post('/form', 'application/x-www-form-urlencoded', 'a=1'), 200);
    assert.equal(await post('/form', 'application/json', '{"a":"1"}'), 200);
    assert.equal(await post('/form', 'text/plain', 'a=1'), 415);
    assert.equal(await post('/form', 'application/x-www-form-urlencoded', 'a=1&a=2'), 422);
    assert.equal(await post('/echo', 'application/json', Uint8Array.from([0xff, 0xfe])), 400);
  });

  it('may be empty with a JSON type on every method', async () => {
    const empty = (method: Route['method']) =>
      route({ ...base, operationId: method, method, path: '/empty', returns: { status: 204 } }, async () =>
        reply.empty({ status: 204 }),
      );
    await using server = await serve((['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const).map(empty));
    for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']) {
      const response = await fetch(`${server.url}/empty`, { method, headers: { 'content-type': 'application/json' } });
      assert.deepEqual([response.status, response.headers.get('content-type')], [204, null], method);
    }
  });

  it('may name __proto__ and constructor, which are plain data', async () => {
    await using server = await serve([echo]);
    const response = await fetch(`${server.url}/echo`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"__proto__":{"admin":true},"constructor":{"prototype":{"admin":true}},"a":1}',
    });
    assert.equal(response.status, 200);
    assert.equal(({} as { admin?: boolean }).admin, undefined);
  });
});

describe('compression', () => {
  const words = 'Sign in to your app. '.repeat(400);
  const show = route(
    { ...base, operationId: 'show', method: 'GET', path: '/show', page: true, returns: { status: 200 } },
    async () => reply.page(() => words),
  );
  const tell = route(
    {
      ...base,
      operationId: 'tell',
      method: 'GET',
      path: '/tell',
      returns: { status: 200, body: z.object({ words: z.string() }) },
    },
    async () => ({ words }),
  );

  /** The bytes that travel, which `fetch` would not show. */
  const travelling = async (url: string, accepts: string) => {
    const [response] = (await once(get(url, { headers: { 'accept-encoding': accepts } }), 'response')) as [
      IncomingMessage,
    ];
    const { 'content-encoding': encoding, vary } = response.headers;
    return { encoding, vary, bytes: await buffer(response) };
  };

  it('makes pages small in the way the browser asks for, and tells caches of it', async () => {
    await using server = await serve([show]);
    for (const [accepts, encoding, read] of [
      ['gzip, deflate, br', 'br', brotliDecompressSync],
      ['gzip', 'gzip', gunzipSync],
    ] as const) {
      const answer = await travelling(`${server.url}/show`, accepts);
      assert.equal(answer.encoding, encoding);
      assert.match(answer.vary ?? '', /accept-encoding/i);
      assert.equal(read(answer.bytes).toString(), words);
      assert.ok(answer.bytes.length < words.length / 10, `${answer.bytes.length} bytes`);
    }
    const plain = await travelling(`${server.url}/show`, 'identity');
    assert.deepEqual([plain.encoding, plain.bytes.toString()], [undefined, words]);
  });

  it('leaves answers of the API as they are, whose length could tell of the secrets in them', async () => {
    await using server = await serve([tell]);
    const answer = await travelling(`${server.url}/tell`, 'br, gzip');
    assert.deepEqual([answer.encoding, JSON.parse(answer.bytes.toString())], [undefined, { words }]);
  });
});

describe('HEAD', () => {
  it('asks what a GET would show, and reaches nothing that leads on', async () => {
    let calls = 0;
    const shows = route(
      { ...base, operationId: 'shows', method: 'GET', path: '/shows', returns: { status: 200, body: z.unknown() } },
      async () => ({ text: 'twelve bytes' }),
    );
    const leads = route(
      { ...base, operationId: 'leads', method: 'GET', path: '/leads', page: true, returns: { status: 302 } },
      async () => {
        calls++;
        return reply.redirect('/elsewhere');
      },
    );
    await using server = await serve([shows, leads]);
    const head = await fetch(`${server.url}/shows`, { method: 'HEAD' });
    assert.deepEqual([head.status, head.headers.get('content-length'), await head.text()], [200, '23', '']);
    assert.equal((await fetch(`${server.url}/leads`, { method: 'HEAD', redirect: 'manual' })).status, 404);
    assert.equal(calls, 0);
  });
});

describe('cookies', () => {
  const names = route(
    { ...base, operationId: 'names', method: 'GET', path: '/names', returns: { status: 200, body: z.unknown() } },
    async ({ request }) =>
      reply.json(
        { session: request.cookie('session'), names: request.cookieNames() },
        {
          cookies: [
            { name: 'session', value: 'x y', sameSite: 'strict', maxAgeSeconds: 60 },
            { name: 'old', value: '' },
          ],
        },
      ),
  );
  const ask = async (url: string, cookie: string) => {
    const response = await fetch(`${url}/names`, { headers: { cookie } });
    return { body: await response.json(), set: response.headers.getSetCookie() };
  };

  it('carry __Host- and Secure behind https, and the bare name is somebody else’s', async () => {
    await using server = await serve([names], { publicUrl: 'https://id.example.com' });
    const own = await ask(server.url, '__Host-session=ours; other=1');
    assert.deepEqual(own.body, { session: 'ours', names: ['session'] });
    assert.deepEqual(own.set, [
      '__Host-session=x%20y; Path=/; Max-Age=60; HttpOnly; Secure; SameSite=Strict',
      '__Host-old=; Path=/; Max-Age=0; HttpOnly; Secure; SameSite=Lax',
    ]);
    // What a sibling domain can set with Domain=example.com.
    const tossed = await ask(server.url, 'session=theirs');
    assert.deepEqual(tossed.body, { session: null, names: [] });
  });

  it('are named as they are on http', async () => {
    await using server = await serve([names]);
    const { body, set } = await ask(server.url, 'session=ours');
    assert.deepEqual(body, { session: 'ours', names: ['session'] });
    assert.deepEqual(set[0], 'session=x%20y; Path=/; Max-Age=60; HttpOnly; SameSite=Strict');
  });
});

describe('headers', () => {
  it('name the request everywhere, forbid sniffing, and ask for https where that is what we are', async () => {
    await using server = await serve([page, failing(new EntityNotFound('User', 'user_1'))], {
      publicUrl: 'https://id.example.com',
    });
    const seen = new Set<string>();
    for (const [method, path] of [
      ['GET', '/page'],
      ['GET', '/fail'],
      ['GET', '/none'],
      ['OPTIONS', '/fail'],
      ['DELETE', '/page'],
      ['GET', '/%zz'],
      ['PROPFIND', '/page'],
    ] as const) {
      const { headers } = await fetch(server.url + path, { method });
      assert.match(headers.get('x-request-id') ?? '', /^req_[0-9A-Z]{26}$/, `${method} ${path}`);
      seen.add(headers.get('x-request-id') ?? '');
      assert.equal(headers.get('x-content-type-options'), 'nosniff');
      assert.equal(headers.get('strict-transport-security'), 'max-age=63072000; includeSubDomains');
      assert.equal(headers.get('server'), null);
      assert.equal(headers.get('x-powered-by'), null);
    }
    assert.equal(seen.size, 7);
  });

  it('take the client’s address from a proxy of ours only', async () => {
    const who = route(
      { ...base, operationId: 'who', method: 'GET', path: '/who', returns: { status: 200, body: z.unknown() } },
      async ({ request }: { request: RequestInfo }) => ({ ip: request.ip }),
    );
    await using server = await serve([who]);
    const response = await fetch(`${server.url}/who`, { headers: { 'x-forwarded-for': '203.0.113.9' } });
    assert.deepEqual(await response.json(), { ip: '127.0.0.1' });
  });

  it('never log the query', async () => {
    await using server = await serve([page]);
    await fetch(`${server.url}/page?code=123456`);
    const records = server.logged();
    assert.ok(records.some(({ path, status }) => path === '/page' && status === 418));
    assert.ok(!JSON.stringify(records).includes('123456'));
  });
});

describe('what is hardly HTTP', () => {
  /** Sends bytes. @returns everything that comes back */
  async function raw(url: string, bytes: string): Promise<string> {
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    let answer = '';
    socket.on('data', (text) => {
      answer += text;
    });
    socket.on('error', () => {});
    await once(socket, 'connect');
    socket.write(bytes);
    await once(socket, 'close');
    return answer;
  }

  it('is refused as JSON with a request id', async () => {
    await using server = await serve([page]);
    const tooMany = `GET /page HTTP/1.1\r\nhost: x\r\ncookie: a=${'x'.repeat(70_000)}\r\n\r\n`;
    for (const [bytes, status, code] of [
      ['nonsense\r\n\r\n', 400, 'malformed_request'],
      ['GET /page HTTP/1.1\r\nhost: x\r\nbad header\r\n\r\n', 400, 'malformed_request'],
      [tooMany, 431, 'headers_too_large'],
    ] as const) {
      const answer = await raw(server.url, bytes);
      assert.ok(answer.startsWith(`HTTP/1.1 ${status} `), answer.slice(0, 200));
      assert.match(answer, /\r\nx-request-id: req_\w+\r\n/);
      assert.equal(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n'))).code, code);
    }
  });

  it('does not get more than fifteen seconds for its headers or its body', async () => {
    await using server = await serve([page]);
    const { headersTimeout, requestTimeout } = server.app.server;
    assert.deepEqual({ headersTimeout, requestTimeout }, { headersTimeout: 15_000, requestTimeout: 15_000 });
  });
});

describe('an Idempotency-Key', () => {
  it('does not reach from one environment into another, nor from one caller to another', async () => {
    let calls = 0;
    const create = route(
      {
        ...base,
        auth: apiKey('x'),
        operationId: 'create',
        method: 'POST',
        path: '/create',
        returns: { status: 201, body: z.unknown() },
      },
      async ({ tenant }) => ({ n: ++calls, environment: tenant.environmentId }),
    );
    await using server = await serve([create]);
    const ask = async (who: string, key: string) =>
      (
        await fetch(`${server.url}/create`, {
          method: 'POST',
          headers: { authorization: `Bearer ${who}`, 'idempotency-key': key },
        })
      ).json();
    // The same operator looks at two environments.
    assert.deepEqual(await ask('one/grace', 'k'), { n: 1, environment: 'one' });
    assert.deepEqual(await ask('two/grace', 'k'), { n: 2, environment: 'two' });
    assert.deepEqual(await ask('one/ada', 'k'), { n: 3, environment: 'one' });
    assert.deepEqual(await ask('one/grace', 'k'), { n: 1, environment: 'one' });
    // An empty one is none.
    assert.deepEqual(await ask('one/grace', ''), { n: 4, environment: 'one' });
    assert.deepEqual(await ask('one/grace', ''), { n: 5, environment: 'one' });
  });
});
