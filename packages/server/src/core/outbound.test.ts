import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import type { Config } from './config.ts';
import { OutboundRefused, outbound } from './outbound.ts';

const config: Config = {
  mode: 'dev',
  serverUrl: 'http://localhost:4100',
  publicUrl: 'http://localhost:4100',
  localUrl: 'http://localhost:4100',
  version: '0',
  trustedProxies: 0,
  dashboardDir: null,
  docsDir: null,
  outboundNetworks: [],
  stagingLimitFactor: 1,
  strictAnswers: true,
};
/** As behind a public address: nothing of this machine is for callers any more. */
const abroad: Config = { ...config, serverUrl: 'https://auth.example.com', publicUrl: 'https://auth.example.com' };

describe('a call to an address that somebody entered', () => {
  for (const [what, address] of [
    ['plain http', 'http://idp.example.com/'],
    ['a user name', 'https://name@idp.example.com/'],
    ['another port', 'https://idp.example.com:6379/'],
    ['a private address', 'https://10.0.0.1/'],
    ['a private address in another spelling', 'https://0x0a.1/'],
    ['a private address as one number', 'https://167772161/'],
    ['an IPv6 address of this machine', 'https://[::1]/'],
    ['metadata of a cloud', 'https://169.254.169.254/latest/meta-data/'],
    ['this machine by name', 'https://localhost/'],
  ] as const) {
    it(`is not made with ${what}`, () => assert.rejects(outbound({ config: abroad })(address, {}), OutboundRefused));
  }

  /** A server on this machine, which only a development server may call. */
  async function here(listener: RequestListener) {
    const server = createServer(listener).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    return {
      url: `http://127.0.0.1:${port}/`,
      async [Symbol.asyncDispose]() {
        server.closeAllConnections();
        server.close();
        await once(server, 'close');
      },
    };
  }

  it('reaches this machine from a development server alone', async () => {
    await using peer = await here((_request, response) => response.end('here'));
    assert.equal(await (await outbound({ config })(peer.url, {})).text(), 'here');
    await assert.rejects(outbound({ config: abroad })(peer.url, {}), OutboundRefused);
  });

  it('follows no redirect, and reads no more than it may', async () => {
    await using peer = await here((request, response) => {
      if (request.url === '/') response.writeHead(302, { location: '/secret' }).end();
      else response.end('x'.repeat(2000));
    });
    const answer = await outbound({ config })(peer.url, {});
    assert.deepEqual([answer.status, answer.headers.get('location')], [302, '/secret']);
    await assert.rejects(outbound({ config }, 1000)(`${peer.url}large`, {}), OutboundRefused);
  });
});
