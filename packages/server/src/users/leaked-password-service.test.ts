import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { it, type TestContext } from 'node:test';
import { changeSettings } from '../../test/flows/steps.ts';
import { goodPassword, onEachEngine, startServer, type TestServer } from '../../test/harness.ts';
import { letPass } from '../../test/time.ts';
import { localNetworks, randomBase62 } from '../core/index.ts';

const leakedPassword = 'seven unrelated wagons of tulips';
const digestOf = (plain: string): string => hash('sha1', plain).toUpperCase();
const [prefix, suffix] = [digestOf(leakedPassword).slice(0, 5), digestOf(leakedPassword).slice(5)];

/** A range server as the published one: the suffixes of what leaked, others, and padding that nobody counted. */
function answerRange({ url = '' }: IncomingMessage, response: ServerResponse): void {
  const known = url.split('?')[0]?.endsWith(`/${prefix}`) ? [`${suffix}:37`] : [];
  const padding = `${digestOf(goodPassword).slice(5)}:0`;
  response.end([`${'0'.repeat(34)}A:3`, ...known, padding].join('\r\n'));
}

async function rangeServer(answer: typeof answerRange = answerRange) {
  const asked: { readonly path: string; readonly padding: unknown; readonly sent: string }[] = [];
  const server = createServer((request, response) => {
    const { url = '', headers } = request;
    asked.push({ path: url, padding: headers['add-padding'], sent: JSON.stringify([url, request.rawHeaders]) });
    answer(request, response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/range`,
    asked,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** What becomes of a password that somebody is created with. */
async function outcomeOf(server: TestServer, password: string): Promise<string> {
  const email = `${randomBase62(10)}@example.com`;
  const { status, json } = await server.api('POST', '/user_management/users', { email, password });
  return status === 201 ? 'taken' : json.errors[0].code;
}

/** The log’s lines of that level, as they are written. */
function warnings(t: TestContext, server: TestServer): string[] {
  const lines: string[] = [];
  t.mock.method(server.running.services.log, 'warn', (...said: unknown[]) => {
    lines.push(said.map((each) => (each instanceof Object ? describe(each) : String(each))).join(' '));
  });
  return lines;
}

const describe = (record: object): string =>
  JSON.stringify(record, (_key, value) => (value instanceof Error ? `${value.stack} ${value.cause}` : value));

onEachEngine('the service of leaked passwords', (start) => {
  it('is asked by nobody who did not switch it on, nor where leaked passwords may be had', async () => {
    await using service = await rangeServer();
    await using server = await start();
    assert.equal(await outcomeOf(server, leakedPassword), 'taken');
    await changeSettings(server, { leakedPasswordServiceUrl: service.url, refuseLeakedPasswords: false });
    assert.equal(await outcomeOf(server, leakedPassword), 'taken');
    assert.deepEqual(service.asked, []);
  });

  it('refuses what only it knows at every door, and never sees more than five digits of a hash', async () => {
    await using service = await rangeServer();
    await using server = await start();
    await changeSettings(server, { leakedPasswordServiceUrl: `${service.url}?key=of-a-mirror` });
    assert.equal(await outcomeOf(server, leakedPassword), 'password_leaked');
    const { id } = await server.create.user({ email: 'grace@example.com' });
    const changed = await server.api('PUT', `/user_management/users/${id}`, { password: leakedPassword });
    assert.equal(changed.json.errors[0].code, 'password_leaked');
    const reset = await server.api('POST', '/user_management/password_reset', { email: 'grace@example.com' });
    const wanted = { token: reset.json.password_reset_token, new_password: leakedPassword };
    const confirmed = await server.api('POST', '/user_management/password_reset/confirm', wanted);
    assert.equal(confirmed.json.errors[0].code, 'password_leaked');
    const browser = server.browser();
    await browser.open(server.authorizeUrl({ screen_hint: 'sign-up' }));
    assert.equal((await browser.submit({ email: 'ada@example.com', password: leakedPassword })).status, 422);
    assert.match(browser.text, /leaked/);
    assert.equal(await outcomeOf(server, goodPassword), 'taken', 'padding is no entry');

    assert.deepEqual(
      service.asked.map(({ path, padding }) => [path, padding]),
      [leakedPassword, goodPassword].map((plain) => [`/range/${digestOf(plain).slice(0, 5)}?key=of-a-mirror`, 'true']),
      'each range once',
    );
    for (const { sent } of service.asked)
      for (const plain of [leakedPassword, goodPassword])
        assert.ok(!sent.toUpperCase().includes(digestOf(plain).slice(0, 6)) && !sent.includes(plain), sent);
  });

  it('hears nothing of what is refused without it, nor of what is being typed', async () => {
    await using service = await rangeServer();
    await using server = await start();
    await changeSettings(server, { leakedPasswordServiceUrl: service.url });
    assert.equal(await outcomeOf(server, 'qwertyuiop'), 'password_leaked');
    assert.equal(await outcomeOf(server, 'Summer2025!'), 'password_too_weak');
    const browser = server.browser();
    await browser.open(server.authorizeUrl({ screen_hint: 'sign-up' }));
    const { csrf = '' } = browser.form().hidden;
    const typed = { csrf, password: leakedPassword, email: 'ada@example.com', name: '', first_name: '', last_name: '' };
    const advice = await browser.post(browser.path.replace(/^\/[^?]*/, '/password-strength'), typed);
    assert.equal(advice.json.is_accepted, true);
    assert.deepEqual(service.asked, []);
  });

  const broken: Readonly<Record<string, typeof answerRange>> = {
    'never answers': () => undefined,
    'stops in the middle': (_request, response) => void response.write(`${suffix}:37\r\n`),
    'answers garbage': (_request, response) => void response.end(`<html>${suffix}:37</html>`),
    'answers an error': (_request, response) => void response.writeHead(503).end(`${suffix}:37`),
    'leads elsewhere': (_request, response) => void response.writeHead(302, { location: '/range/elsewhere' }).end(),
    'answers 5 MB': (_request, response) => void response.end(`${suffix}:37\r\n`.repeat(128 * 1024)),
    'hangs up': (request) => void request.socket.destroy(),
  };

  it('keeps nobody from a password when it is broken, which the log tells without any part of the hash', async (t) => {
    await using server = await start();
    const lines = warnings(t, server);
    for (const [what, answer] of Object.entries(broken)) {
      await using service = await rangeServer(answer);
      await changeSettings(server, { leakedPasswordServiceUrl: service.url });
      assert.equal(await outcomeOf(server, leakedPassword), 'taken', what);
      assert.equal(service.asked.length, 1, what);
      const [said, ...more] = lines.splice(0);
      assert.match(said ?? '', /compared with the built-in list alone/, what);
      assert.deepEqual(more, [], what);
      for (const secret of [leakedPassword, prefix, suffix])
        assert.ok(!said?.toUpperCase().includes(secret.toUpperCase()), `${what}: ${said}`);
      assert.equal(await outcomeOf(server, 'qwertyuiop'), 'password_leaked', 'the built-in list goes on');
    }
  });

  it('rests for half a minute after a failure, and says so, while others are asked', async (t) => {
    await using broken = await rangeServer((_request, response) => void response.writeHead(500).end());
    await using whole = await rangeServer();
    await using server = await start();
    const lines = warnings(t, server);
    await changeSettings(server, { leakedPasswordServiceUrl: broken.url });
    for (const password of [leakedPassword, goodPassword, `${goodPassword} and one more`])
      assert.equal(await outcomeOf(server, password), 'taken');
    assert.equal(broken.asked.length, 1);
    assert.deepEqual(
      lines.map((line) => /rests for 30 s/.test(line)),
      [false, true, true],
    );
    await changeSettings(server, { leakedPasswordServiceUrl: whole.url });
    assert.equal(await outcomeOf(server, leakedPassword), 'password_leaked');
    await changeSettings(server, { leakedPasswordServiceUrl: broken.url });
    assert.equal(await outcomeOf(server, goodPassword), 'taken');
    assert.equal(broken.asked.length, 1);
    server.clock.advance(31);
    assert.equal(await outcomeOf(server, goodPassword), 'taken');
    assert.equal(await outcomeOf(server, goodPassword), 'taken');
    assert.equal(broken.asked.length, 2);
  });

  it('is asked again once it is up, and about the same range once in five minutes', async (t) => {
    let isUp = false;
    await using service = await rangeServer((request, response) =>
      isUp ? answerRange(request, response) : void response.writeHead(500).end(),
    );
    await using server = await start();
    await changeSettings(server, { leakedPasswordServiceUrl: service.url });
    assert.equal(await outcomeOf(server, leakedPassword), 'taken');
    isUp = true;
    server.clock.advance(31);
    const outcomes = await Promise.all([1, 2, 3].map(() => outcomeOf(server, leakedPassword)));
    assert.deepEqual(outcomes, Array(3).fill('password_leaked'));
    assert.equal(service.asked.length, 2);
    await letPass(t, 5 * 60_000);
    assert.equal(await outcomeOf(server, leakedPassword), 'password_leaked');
    assert.equal(service.asked.length, 3);
  });
});

it('is no way into a private network, whatever was saved when that was still allowed', async (t) => {
  await using service = await rangeServer();
  await using server = await startServer('sqlite', { outboundNetworks: [] });
  const { services } = server.running;
  const lines = warnings(t, server);
  const before = { ...services, config: { ...services.config, outboundNetworks: localNetworks } };
  const atHome = { ...server, running: { ...server.running, services: before } };
  await changeSettings(atHome, { leakedPasswordServiceUrl: service.url });
  assert.equal(await outcomeOf(server, leakedPassword), 'taken');
  assert.match(lines.join(), /private network/);
  assert.deepEqual(service.asked, []);
});
