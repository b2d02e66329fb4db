/** How much, how deep and how odd a request may be, at the whole server. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, it } from 'node:test';
import { contractRoutes } from '../../src/app.ts';
import { goodPassword, startServer, type TestServer } from '../harness.ts';

/** Sends bytes to the server and gives back what comes until it is quiet or closed. */
/** Whether it has its head, and as much of a body as that announces. */
function isWhole(answer: string): boolean {
  const end = answer.indexOf('\r\n\r\n');
  const length = /\r\ncontent-length: (\d+)/i.exec(answer.slice(0, end))?.[1];
  return end >= 0 && length !== undefined && answer.length >= end + 4 + Number(length);
}

async function raw(server: TestServer, bytes: string): Promise<string> {
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
  let answer = '';
  socket.setEncoding('latin1');
  const answered = new Promise<void>((resolve) => {
    socket.on('data', (text) => {
      answer += text;
      if (isWhole(answer)) resolve();
    });
  });
  socket.on('error', () => {});
  const closed = once(socket, 'close');
  await once(socket, 'connect');
  socket.write(bytes);
  await Promise.race([answered, closed]);
  socket.destroy();
  return answer;
}

const nested = (depth: number): string =>
  `{"email":"a@example.com","metadata":${'{"a":'.repeat(depth - 1)}1${'}'.repeat(depth - 1)}}`;

describe('a body', () => {
  it('of more than a megabyte is refused by what its header says, before any of it came', async () => {
    await using server = await startServer();
    const answer = await raw(
      server,
      `POST /user_management/users HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer ${server.apiKey}\r\ncontent-type: application/json\r\ncontent-length: 1048577\r\n\r\n`,
    );
    assert.match(answer, /^HTTP\/1\.1 413 /);
    assert.match(answer, /\r\nx-request-id: req_/);
    assert.equal(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n'))).code, 'body_too_large');
  });

  it('of more than a megabyte is refused on the way when its header says nothing', async () => {
    await using server = await startServer();
    const body = new ReadableStream({
      start(controller) {
        for (let n = 0; n < 20; n++) controller.enqueue(new TextEncoder().encode('x'.repeat(64 * 1024)));
        controller.close();
      },
    });
    const response = await fetch(`${server.url}/user_management/users`, {
      method: 'POST',
      body,
      duplex: 'half',
      headers: { authorization: `Bearer ${server.apiKey}`, 'content-type': 'application/json' },
    } as RequestInit).catch((error: unknown) => error);
    // The connection may be closed while we are still sending.
    if (response instanceof Response) assert.equal(response.status, 413);
    assert.equal((await server.api('GET', '/user_management/users')).status, 200);
  });

  it('just below a megabyte is read', async () => {
    await using server = await startServer();
    const { status } = await server.api('POST', '/user_management/users', {
      email: 'a@example.com',
      unknown: 'x'.repeat(1024 * 1024 - 100),
    });
    assert.equal(status, 201);
  });

  it('nests 32 levels and no deeper', async () => {
    await using server = await startServer();
    const at = async (depth: number) => (await server.api('POST', '/user_management/users', nested(depth))).json;
    assert.notEqual((await at(31)).code, 'malformed_body');
    assert.deepEqual((await at(32)).code === 'malformed_body', false);
    assert.deepEqual(await at(33), { code: 'malformed_body', message: 'The body is nested deeper than 32 levels.' });
  });

  it('that is no JSON or of another type says so', async () => {
    await using server = await startServer();
    for (const [body, type, status, code] of [
      ['{"email":', 'application/json', 400, 'malformed_body'],
      ['email=a@example.com', 'application/x-www-form-urlencoded', 415, 'unsupported_media_type'],
      ['{}', 'text/plain', 415, 'unsupported_media_type'],
      ['<a/>', 'application/xml', 415, 'unsupported_media_type'],
      ['[]', 'application/json', 422, 'invalid_request_parameters'],
      ['null', 'application/json', 422, 'invalid_request_parameters'],
      ['"text"', 'application/json', 422, 'invalid_request_parameters'],
    ] as const) {
      const answer = await server.api('POST', '/user_management/users', body, { 'content-type': type });
      assert.deepEqual([answer.status, answer.json.code], [status, code], `${type} ${body}`);
      assert.ok(answer.json.message);
    }
  });

  it('that cannot be read is an invalid request where clients authenticate (RFC 6749 section 5.2)', async () => {
    await using server = await startServer();
    for (const path of ['/user_management/authenticate', '/user_management/authorize/device', '/sso/token'])
      for (const [body, type] of [
        ['{bad', 'application/json'],
        [nested(33), 'application/json'],
        ['grant_type=x', 'text/plain'],
        ['<a/>', 'application/xml'],
      ] as const) {
        const { status, json } = await server.api('POST', path, body, { 'content-type': type });
        assert.deepEqual([status, json.error, json.error_description === json.message], [400, 'invalid_request', true]);
        assert.ok(json.error_description.length > 10, `${path} ${type} ${body}`);
      }
  });

  it('may be empty with a JSON type wherever nothing is required of it', async () => {
    await using server = await startServer();
    const user = await server.create.user();
    const json = { 'content-type': 'application/json' };
    const empty = async (method: string, path: string) => (await server.api(method, path, undefined, json)).status;
    assert.equal(await empty('GET', `/user_management/users/${user.id}`), 200);
    assert.equal(await empty('PUT', `/user_management/users/${user.id}`), 200);
    assert.equal(await empty('POST', `/user_management/users/${user.id}/email_verification/send`), 200);
    const missing = await server.api('POST', '/user_management/users', undefined, json);
    assert.deepEqual([missing.status, missing.json.code], [422, 'invalid_request_parameters']);
    const deleted = await server.api('DELETE', `/user_management/users/${user.id}`, undefined, json);
    // SDKs parse whatever claims to be JSON, and an empty text is none.
    assert.deepEqual([deleted.status, deleted.headers.get('content-type'), deleted.text], [200, null, '']);
  });

  it('cannot reach a prototype, nor fields that are not the caller’s to set', async () => {
    await using server = await startServer();
    const { status, json } = await server.api(
      'POST',
      '/user_management/users',
      `{"email":"a@example.com","__proto__":{"email_verified":true},"constructor":{"prototype":{"polluted":true}},
        "id":"user_mine","environment_id":"environment_other","is_email_verified":1,"created_at":"2000-01-01T00:00:00.000Z",
        "metadata":{"__proto__":"x","constructor":"y"}}`,
    );
    assert.equal(status, 201);
    assert.match(json.id, /^user_[0-9A-Z]{26}$/);
    assert.equal(json.email_verified, false);
    assert.notEqual(json.created_at, '2000-01-01T00:00:00.000Z');
    assert.equal(({} as { polluted?: boolean }).polluted, undefined);
    assert.equal(Object.getPrototypeOf(json.metadata), Object.prototype);
    const again = (await server.api('GET', `/user_management/users/${json.id}`)).json;
    assert.deepEqual(again, json);
  });
});

describe('an address', () => {
  it('may carry a state of several kilobytes beside cookies, and it comes back byte for byte', async () => {
    await using server = await startServer();
    await server.signUp('grace@example.com');
    for (const size of [2500, 8000, 12_000]) {
      const state = 'aZ0-_.~'.repeat(size).slice(0, size);
      const browser = server.browser();
      for (const app of ['one', 'two', 'three']) browser.cookies.set(`wos-session-${app}`, 'x'.repeat(3900));
      const opened = await browser.open(server.authorizeUrl({ state }));
      assert.equal(opened.status, 200, `${size}`);
      await browser.submit({ email: 'grace@example.com' });
      const done = await browser.submit({ password: goodPassword });
      assert.equal(done.location?.searchParams.get('state'), state, `${size}`);
    }
  });

  it('that is not understood is refused in the shape of its readers', async () => {
    await using server = await startServer();
    for (const path of ['/%', '/user_management/users/%zz', '/user_management/users/%c0%af']) {
      const { status, headers, json } = await server.api('GET', path);
      assert.equal(status, 400, path);
      assert.deepEqual(json, { code: 'malformed_request', message: 'The percent-encoding of this address is broken.' });
      assert.match(headers.get('x-request-id') ?? '', /^req_/);
    }
    const { status, json } = await server.api('GET', `/user_management/users/${'x'.repeat(600)}`);
    assert.deepEqual([status, json.code], [400, 'malformed_request']);
    const nul = await server.api('GET', '/user_management/users/user_%00');
    assert.ok(nul.status === 404 || nul.status === 422, nul.text);
  });

  it('that leads nowhere is JSON for programs and a page for people', async () => {
    await using server = await startServer();
    for (const [method, path] of [
      ['GET', '/nothing'],
      ['PATCH', '/user_management/users'],
      ['DELETE', '/sign-in'],
      ['OPTIONS', '/user_management/users'],
      ['GET', '/dashboard/api/nothing'],
    ] as const) {
      const { status, headers, json } = await server.api(method, path);
      assert.deepEqual([status, json?.code], [404, 'not_found'], `${method} ${path}`);
      assert.match(headers.get('x-request-id') ?? '', /^req_/);
    }
    const page = await server.browser().open('/nothing?email=grace@example.com');
    assert.deepEqual([page.status, page.headers.get('content-type')], [404, 'text/html; charset=utf-8']);
    assert.match(page.text, /There is nothing here/);
    assert.ok(!page.text.includes('grace'));
  });
});

describe('a refusal', () => {
  it('is JSON with code and message on every route of the API, and a page on every page', async () => {
    await using server = await startServer();
    for (const route of contractRoutes) {
      const path = route.path.replace(/\{\w+\*?\}/g, 'unknown');
      const headers: Record<string, string> = route.page ? { accept: 'text/html' } : {};
      const body = route.method === 'GET' ? undefined : '{"broken":';
      const response = await fetch(server.url + path, {
        method: route.method,
        redirect: 'manual',
        headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
        ...(body === undefined ? {} : { body }),
      });
      const text = await response.text();
      const where = `${route.method} ${path} → ${response.status}`;
      assert.ok(response.status < 500, `${where} ${text}`);
      assert.match(response.headers.get('x-request-id') ?? '', /^req_/, where);
      // Nothing of what runs here: no stack, statement, file or version. Documents speak of files, and are no refusal.
      if (route.path.startsWith('/docs') || route.path === '/llms.txt') continue;
      assert.doesNotMatch(text, /\.ts\b|node_modules|\bat \w+ \(|\bselect \*|sqlite|fastify|\/srv\/|\/work\//i, where);
      if (response.status < 400) continue;
      if (route.page) {
        assert.equal(response.headers.get('content-type'), 'text/html; charset=utf-8', where);
        assert.match(response.headers.get('content-security-policy') ?? '', /default-src 'none'/, where);
        continue;
      }
      assert.equal(response.headers.get('content-type'), 'application/json; charset=utf-8', where);
      assert.equal(response.headers.get('cache-control'), 'no-store', where);
      const json = JSON.parse(text);
      assert.ok(json.message && (response.status === 401 || json.code), where);
    }
  });

  it('names every wrong field at once', async () => {
    await using server = await startServer();
    const { json } = await server.api('POST', '/user_management/users', { first_name: 5, email_verified: 'yes' });
    const fields = json.errors.map(({ field }: { field: string }) => field);
    assert.deepEqual(fields.sort(), ['email', 'email_verified', 'first_name']);
    for (const error of json.errors) assert.ok(error.code && error.message, JSON.stringify(error));
  });

  it('of a list says what is wrong with its limit, order or cursor', async () => {
    await using server = await startServer();
    for (const query of [
      'limit=0',
      'limit=101',
      'limit=x',
      'limit=1.5',
      'order=random',
      'after=nobody',
      'before=',
      'limit=1&limit=2',
      'before=a&after=b',
    ]) {
      const { status, json } = await server.api('GET', `/user_management/users?${query}`);
      assert.deepEqual([status, json.code], [422, 'invalid_request_parameters'], query);
    }
  });
});

describe('liveness and readiness', () => {
  it('answer without a credential, also by HEAD, and name no version', async () => {
    await using server = await startServer();
    for (const path of ['/healthz', '/readyz']) {
      const response = await fetch(server.url + path);
      assert.deepEqual([response.status, await response.json()], [200, { status: 'ok' }]);
      assert.equal((await fetch(server.url + path, { method: 'HEAD' })).status, 200);
    }
  });

  it('differ while the database is away', async () => {
    await using server = await startServer();
    await server.running.services.db.close();
    assert.equal((await fetch(`${server.url}/healthz`)).status, 200);
    const ready = await fetch(`${server.url}/readyz`);
    assert.deepEqual([ready.status, ready.headers.get('retry-after')], [503, '1']);
    // Transient, so that SDKs keep their session; people get a page.
    const token = await server.token({ grant_type: 'refresh_token', refresh_token: 'x'.repeat(43) });
    assert.equal(token.status, 503);
    const page = await server.browser().open(server.authorizeUrl());
    assert.deepEqual([page.status, page.headers.get('content-type')], [503, 'text/html; charset=utf-8']);
  });
});
