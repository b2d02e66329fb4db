import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import type { Config } from '../config.ts';
import { localNetworks } from './addresses.ts';
import { outbound } from './fetch.ts';
import { OutboundRefused } from './host.ts';

const config: Config = {
  mode: 'dev',
  serverUrl: 'http://localhost:4100',
  publicUrl: 'http://localhost:4100',
  localUrl: 'http://localhost:4100',
  version: '0',
  trustedProxies: 0,
  dashboardDir: null,
  docsDir: null,
  outboundNetworks: localNetworks,
  stagingLimitFactor: 1,
  strictAnswers: true,
};

const resolveAddresses = async (name: string) => (name === 'localhost' ? ['127.0.0.1', '::1'] : ['93.184.215.14']);
/** As a developer runs it. */
const home = { config, resolveAddresses };
/** As behind a public address: nothing of this machine is for callers any more. */
const abroad = { config: { ...config, outboundNetworks: [] }, resolveAddresses };

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
    ['an IPv4 address in IPv6 clothes', 'https://[::ffff:127.0.0.1]/'],
    ['the same behind NAT64', 'https://[64:ff9b::7f00:1]/'],
    ['the same by 6to4', 'https://[2002:7f00:1::]/'],
    ['a link-local address', 'https://[fe80::1]/'],
    ['this machine by name', 'https://localhost/'],
  ] as const) {
    it(`is not made with ${what}`, () => assert.rejects(outbound(abroad)(address, {}), OutboundRefused));
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
    assert.equal(await (await outbound(home)(peer.url, {})).text(), 'here');
    await assert.rejects(outbound(abroad)(peer.url, {}), OutboundRefused);
  });

  it('follows no redirect, and reads no more than it may', async () => {
    await using peer = await here((request, response) => {
      if (request.url === '/') response.writeHead(302, { location: '/secret' }).end();
      else response.end('x'.repeat(2000));
    });
    const answer = await outbound(home)(peer.url, {});
    assert.deepEqual([answer.status, answer.headers.get('location')], [302, '/secret']);
    await assert.rejects(outbound(home, 1000)(`${peer.url}large`, {}), OutboundRefused);
  });

  it('dials what was looked at, and not what the name leads to a moment later', async () => {
    await using peer = await here((request, response) => response.end(request.headers.host));
    const { port } = new URL(peer.url);
    const asked: string[] = [];
    // First a harmless answer, then the one that an attacker is after.
    const rebinding = async (name: string) => {
      asked.push(name);
      return asked.length === 1 ? ['127.0.0.1'] : ['169.254.169.254'];
    };
    const call = outbound({ config, resolveAddresses: rebinding });
    assert.equal(await (await call(`http://rebind.example.com:${port}/`, {})).text(), `rebind.example.com:${port}`);
    assert.deepEqual(asked, ['rebind.example.com']);
    await assert.rejects(call(`http://rebind.example.com:${port}/`, {}), OutboundRefused);
  });

  it('is not made to a name one of whose addresses is private, in whichever place', async () => {
    for (const addresses of [['10.0.0.1', '8.8.8.8'], ['8.8.8.8', '10.0.0.1'], ['::ffff:10.0.0.1'], ['fd00::1'], []]) {
      const call = outbound({ ...abroad, resolveAddresses: async () => addresses });
      await assert.rejects(call('https://idp.example.com/', {}), OutboundRefused, addresses.join());
    }
  });

  it('speaks in the open only where all of a host is in a permitted network', async () => {
    const call = outbound({ ...home, resolveAddresses: async () => ['127.0.0.1', '8.8.8.8'] });
    await assert.rejects(call('http://both.example.com/', {}), OutboundRefused);
  });

  it('waits for name servers no longer than its caller does', async () => {
    const call = outbound({ config, resolveAddresses: () => new Promise(() => {}) });
    await assert.rejects(
      call('https://slow.example.com/', { signal: AbortSignal.abort(new Error('enough')) }),
      /enough/,
    );
  });
});
