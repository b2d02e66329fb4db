import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, it } from 'node:test';
import { startServer } from '../test/harness.ts';
import { localNetworks } from './core/index.ts';

/** Below the half minute that requests under way are given, and far above what a busy machine needs to close a file. */
const atOnceMs = 15_000;

describe('ending the server', () => {
  for (const host of ['127.0.0.1', '::1']) {
    it(`does not wait for connections that nobody asks anything on (${host})`, async () => {
      const server = await startServer();
      const port = Number(new URL(server.url).port);
      // What a browser leaves open: one it connected ahead, and one it keeps after an answer.
      const ahead = connect({ host, port });
      const kept = connect({ host, port });
      await Promise.all([once(ahead, 'connect'), once(kept, 'connect')]);
      kept.write('GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n');
      await once(kept, 'data');
      const ends = Promise.all([once(ahead.resume(), 'close'), once(kept.resume(), 'close')]);

      const began = performance.now();
      await server[Symbol.asyncDispose]();

      assert.ok(performance.now() - began < atOnceMs);
      await ends;
    });

    it(`answers what was asked before (${host})`, async () => {
      const server = await startServer();
      const connection = connect({ host, port: Number(new URL(server.url).port) });
      connection.setEncoding('utf8');
      await once(connection, 'connect');
      const body = JSON.stringify({ email: 'grace@example.com', password: 'a perfectly fine passphrase' });
      connection.write(
        `POST /user_management/users HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${server.apiKey}\r\n` +
          `Content-Type: application/json\r\nContent-Length: ${body.length}\r\nExpect: 100-continue\r\n\r\n`,
      );
      // What it says as soon as it has read so far: from here on it is under way.
      assert.match(String(await once(connection, 'data')), /^HTTP\/1\.1 100 /);
      let answer = '';
      connection.on('data', (text: string) => {
        answer += text;
      });
      const end = once(connection, 'close');
      connection.write(body);

      const began = performance.now();
      await server[Symbol.asyncDispose]();
      await end;

      assert.match(answer, /^HTTP\/1\.1 201 /);
      assert.ok(performance.now() - began < atOnceMs);
    });
  }
});

describe('the networks that typed hosts may lead to', () => {
  it('are those of this machine at home, and none where others reach the server', async () => {
    await using home = await startServer();
    assert.deepEqual(home.running.services.config.outboundNetworks, localNetworks);
    await using abroad = await startServer('sqlite', { publicUrl: 'https://auth.example.com' });
    assert.deepEqual(abroad.running.services.config.outboundNetworks, []);
  });

  it('are refused at the start when one of them is none', () =>
    assert.rejects(
      startServer('sqlite', { outboundNetworks: ['10.0.0.0/8', '10.0.0.0/99'] }),
      /'10\.0\.0\.0\/99' is no/,
    ));
});
