/** Every SDK of a newer kind sends an Idempotency-Key with each POST (WIRE section 0, rule 14). */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { onEachEngine } from '../harness.ts';

const key = (value: string) => ({ 'idempotency-key': value });

onEachEngine('an Idempotency-Key', (start) => {
  it('gives a repeat the first answer: status, body, headers, and only one user', async () => {
    await using server = await start();
    const create = () => server.api('POST', '/user_management/users', { email: 'grace@example.com' }, key('k1'));
    const first = await create();
    const second = await create();
    assert.equal(first.status, 201);
    assert.deepEqual([second.status, second.text], [first.status, first.text]);
    for (const name of ['content-type', 'cache-control'])
      assert.equal(second.headers.get(name), first.headers.get(name));
    // Each request has its own name in the log all the same.
    assert.notEqual(second.headers.get('x-request-id'), first.headers.get('x-request-id'));
    assert.equal((await server.api('GET', '/user_management/users')).json.data.length, 1);
  });

  it('lets one of ten at once create, and gives the others what it got', async () => {
    await using server = await start();
    const answers = await Promise.all(
      Array.from({ length: 10 }, () =>
        server.api(
          'POST',
          '/user_management/users',
          { email: 'grace@example.com', password: 'a perfectly fine passphrase' },
          key('k1'),
        ),
      ),
    );
    assert.deepEqual([...new Set(answers.map(({ status, text }) => `${status} ${text}`))].length, 1);
    assert.equal(answers[0]?.status, 201);
  });

  it('refuses another request under the same key', async () => {
    await using server = await start();
    await server.api('POST', '/user_management/users', { email: 'grace@example.com' }, key('k1'));
    const other = await server.api('POST', '/user_management/users', { email: 'ada@example.com' }, key('k1'));
    assert.deepEqual([other.status, other.json.code], [422, 'idempotency_error']);
    assert.equal((await server.api('GET', '/user_management/users')).json.data.length, 1);
  });

  it('repeats a refusal, so that a retried mistake stays one', async () => {
    await using server = await start();
    const wrong = () => server.api('POST', '/user_management/users', { email: 'nobody' }, key('k1'));
    const first = await wrong();
    assert.equal(first.status, 422);
    assert.deepEqual((await wrong()).text, first.text);
  });

  it('lets a repeated exchange of a code answer like the first', async () => {
    await using server = await start();
    const { code } = await server.signUp('grace@example.com');
    const exchange = () => server.token({ grant_type: 'authorization_code', code }, key('k1'));
    const first = await exchange();
    assert.equal(first.status, 200);
    const second = await exchange();
    assert.deepEqual([second.status, second.text], [200, first.text]);
    // Without the key it is a code used twice.
    assert.equal((await server.token({ grant_type: 'authorization_code', code })).status, 400);
  });

  it('does not open anything for who has the key and not the credential', async () => {
    await using server = await start();
    const { code } = await server.signUp('grace@example.com');
    assert.equal((await server.token({ grant_type: 'authorization_code', code }, key('k1'))).status, 200);
    const thief = await server.token(
      { grant_type: 'authorization_code', code, client_secret: 'sk_test_wrong_wrong' },
      key('k1'),
    );
    assert.ok(thief.status >= 400 && thief.json.access_token === undefined, thief.text);
    const none = await server.token({ grant_type: 'authorization_code', code, client_secret: null }, key('k1'));
    assert.ok(none.status >= 400 && none.json.access_token === undefined, none.text);

    const created = await server.api('POST', '/user_management/users', { email: 'ada@example.com' }, key('k2'));
    assert.equal(created.status, 201);
    const stranger = await server.api(
      'POST',
      '/user_management/users',
      { email: 'ada@example.com' },
      { ...key('k2'), authorization: 'Bearer sk_test_wrong_wrong' },
    );
    assert.deepEqual([stranger.status, stranger.json], [401, { message: 'Unauthorized' }]);
  });

  it('counts only for POST, and has at most 255 characters', async () => {
    await using server = await start();
    const user = await server.create.user();
    const rename = (name: string) =>
      server.api('PUT', `/user_management/users/${user.id}`, { first_name: name }, key('k1'));
    assert.equal((await rename('Grace')).json.first_name, 'Grace');
    assert.equal((await rename('Ada')).json.first_name, 'Ada');
    const long = await server.api('POST', '/user_management/users', { email: 'a@example.com' }, key('k'.repeat(256)));
    assert.equal(long.status, 400);
    assert.equal(
      (await server.api('POST', '/user_management/users', { email: 'a@example.com' }, key('k'.repeat(255)))).status,
      201,
    );
  });
});
