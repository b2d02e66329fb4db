import assert from 'node:assert/strict';
import { it } from 'node:test';
import { isGlobalAddress, isNetwork, localNetworks } from './addresses.ts';
import { HostRefused, resolveOutbound } from './host.ts';

it('tells what is on the internet from what is not, in every way to write it', () => {
  for (const address of ['8.8.8.8', '1.1.1.1', '2606:4700:4700::1111', '172.32.0.1'])
    assert.equal(isGlobalAddress(address), true, address);
  const others = [
    '0.0.0.0',
    '10.1.2.3',
    '100.64.0.1',
    '127.0.0.1',
    '127.9.9.9',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '198.18.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    'fe80::1',
    'fc00::1',
    'ff02::1',
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '0:0:0:0:0:ffff:a9fe:a9fe',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
    '2001:0:7f00:1::',
    '2001:db8::1',
    '::7f00:1',
    'not an address',
    '',
  ];
  for (const address of others) assert.equal(isGlobalAddress(address), false, address);
});

const services = (addresses: readonly string[], outboundNetworks: readonly string[] = []) =>
  ({ config: { outboundNetworks }, resolveAddresses: async () => addresses }) as never;

it('dials the address it looked at, and none where one of them is private', async () => {
  assert.deepEqual(await resolveOutbound(services(['8.8.8.8']), 'smtp.example.com'), {
    addresses: ['8.8.8.8'],
    isLocal: false,
  });
  for (const addresses of [['127.0.0.1'], ['8.8.8.8', '10.0.0.1'], ['::ffff:169.254.169.254'], []])
    await assert.rejects(resolveOutbound(services(addresses), 'smtp.example.com'), HostRefused);
  for (const host of ['127.0.0.1', '::1', '::ffff:10.0.0.1'])
    await assert.rejects(resolveOutbound(services(['8.8.8.8']), host), HostRefused);
});

it('reaches private networks where the configuration names them, and no others', async () => {
  const permitted = services(['::ffff:10.0.0.1'], localNetworks);
  assert.deepEqual(await resolveOutbound(permitted, 'mail.internal'), {
    addresses: ['::ffff:10.0.0.1'],
    isLocal: true,
  });
  await assert.rejects(resolveOutbound(services(['169.254.169.254'], localNetworks), 'metadata'), HostRefused);
  await assert.rejects(resolveOutbound(services(['192.168.0.1'], ['10.0.0.0/8']), 'router'), HostRefused);
});

it('calls a host local only where all of it is: one address on the internet makes it a stranger', async () => {
  const mixed = services(['10.0.0.1', '8.8.8.8'], localNetworks);
  assert.equal((await resolveOutbound(mixed, 'both.example.com')).isLocal, false);
});

it('knows a network when it sees one', () => {
  for (const network of [...localNetworks, '0.0.0.0/0', '10.1.2.3/32']) assert.equal(isNetwork(network), true, network);
  for (const text of [
    '',
    '10.0.0.0',
    '10.0.0.0/33',
    '10.0.0.0/-1',
    '10.0.0.0/8/8',
    '::1/129',
    'localhost/8',
    '10.0.0.0/',
  ])
    assert.equal(isNetwork(text), false, text);
});
