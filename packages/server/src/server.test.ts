import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { startServer } from '../test/harness.ts';

/** Far below the half minute that requests under way are given, and above what a busy machine needs to close a file. */
const atOnceMs = 3_000;

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
      let answer = '';
      connection.setEncoding('utf8').on('data', (text: string) => {
        answer += text;
      });
      await once(connection, 'connect');
      // Hashing the password keeps it busy for a while.
      const body = JSON.stringify({ email: 'grace@example.com', password: 'a perfectly fine passphrase' });
      connection.write(
        `POST /user_management/users HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${server.apiKey}\r\n` +
          `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
      );
      const end = once(connection, 'close');
      await sleep(20);

      const began = performance.now();
      await server[Symbol.asyncDispose]();
      await end;

      assert.match(answer, /^HTTP\/1\.1 201 /);
      assert.ok(performance.now() - began < atOnceMs);
    });
  }
});
