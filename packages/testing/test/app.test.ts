/** Apps under test: started by a shell command, waited for, and ended with all below them. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, it } from 'node:test';
import { freePort, startApp } from '@authkit/testing';

/** Answers with its port and one of its variables. Quoted for the shell. */
const server = `node -e "require('http').createServer((_, r) => r.end(process.env.PORT + process.env.COLOUR)).listen(process.env.PORT, 'localhost')"`;

const newOrigin = async () => `http://localhost:${await freePort()}`;

/** An open connection to whoever listens there. @returns what resolves when they end */
async function connected(origin: string): Promise<{ readonly ended: Promise<unknown> }> {
  const connection = connect(Number(new URL(origin).port), 'localhost');
  await once(connection, 'connect');
  // A server that is killed has no manners: its connections may be reset.
  connection.on('error', () => {});
  return { ended: new Promise((resolve) => connection.once('close', resolve)) };
}

describe('startApp', () => {
  it('gives the command its port and its variables, and ends what runs below the shell', async () => {
    const origin = await newOrigin();
    const app = await startApp(`cd / && ${server} && true`, { origin, env: { COLOUR: 'green' } });
    assert.equal(await (await fetch(origin)).text(), `${new URL(origin).port}green`);
    await app.stop();
    await assert.rejects(fetch(origin));
  });

  it('keeps what it wrote, to either stream', async () => {
    await using app = await startApp(`echo out; echo err >&2; ${server}`, { origin: await newOrigin() });
    assert.equal(app.log(), 'out\nerr\n');
  });

  it('says what was wrong with one that ends, and with one that stays silent', async () => {
    const options = { origin: await newOrigin(), readyPath: '/health' };
    await assert.rejects(startApp('echo no such thing >&2; exit 3', options), {
      message: `\`echo no such thing >&2; exit 3\` ended before it answered at ${options.origin}/health.\nno such thing\n`,
    });
    await assert.rejects(
      startApp('sleep 60', { ...options, timeoutMs: 200 }),
      /`sleep 60` did not answer within 0\.2 s/,
    );
  });

  it('ends it when the process that started it is killed', async () => {
    const origin = await newOrigin();
    const script = `
      import { startApp } from '@authkit/testing';
      await startApp(${JSON.stringify(server)}, { origin: '${origin}' });
      console.log('ready');
      setInterval(() => {}, 1000);`;
    const run = spawn(process.execPath, ['--input-type=module', '-e', script], {
      cwd: import.meta.dirname,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(run.stdout, 'data');
    const { ended } = await connected(origin);
    run.kill('SIGKILL');
    await ended;
    await assert.rejects(fetch(origin));
  });
});
