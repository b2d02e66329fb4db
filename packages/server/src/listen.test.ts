import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, it } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { fastify } from 'fastify';
import { type Closing, closeAll } from './closing.ts';
import { listen } from './listen.ts';

/** Below the half minute that requests under way are given. */
const atOnceMs = 15_000;

describe('ending the door', () => {
  it('lets an answer under way end, and does not wait for what its connection might ask next', async () => {
    const app = fastify();
    let finish = () => {};
    app.get('/', (_, reply) => {
      reply.hijack();
      reply.raw.write('begun, ');
      finish = () => reply.raw.end('and ended');
    });
    const closing: Closing = [];
    const port = await listen(app, { port: 0, host: '127.0.0.1' }, closing);
    const connection = connect({ host: '127.0.0.1', port }).setEncoding('utf8');
    await once(connection, 'connect');
    connection.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
    let answer = String(await once(connection, 'data'));
    connection.on('data', (text: string) => {
      answer += text;
    });
    const end = once(connection, 'close');

    const began = performance.now();
    const ended = closeAll(closing);
    while (app.server.listening) await setImmediate();
    finish();
    await Promise.all([ended, end]);

    assert.match(answer, /begun, .*and ended/s);
    assert.ok(performance.now() - began < atOnceMs);
  });
});
