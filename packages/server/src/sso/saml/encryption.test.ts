import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { describe, it } from 'node:test';
import { eventsNamed } from '../../../test/flows/steps.ts';
import { onEachEngine, startServer, type TestServer } from '../../../test/harness.ts';
import { encoded, otherKey, ownKey, partsFor, samlConnection, signedFor } from '../../../test/saml.ts';
import {
  type EncryptionStyle,
  encrypted,
  responseFor,
  type SignatureStyle,
  signed,
} from '../../../test/saml-provider.ts';
import { type Secret, systemTenant } from '../../core/index.ts';
import type { ConnectionRow } from '../connection.ts';
import { updateConnection } from '../connections.ts';
import type { SignOnResult } from '../exchange.ts';
import { endSaml } from './index.ts';
import { addKey, keysOf, openKey, removeKey } from './keys.ts';

const checks = { state: 'some-state', nonce: 'request', codeVerifier: '' };

const end = (server: TestServer, connection: ConnectionRow, xml: string): Promise<SignOnResult> =>
  endSaml(server.running.services, connection, checks, encoded(xml));

async function refused(result: Promise<SignOnResult>, reason: RegExp, message?: string): Promise<void> {
  const got = await result;
  assert.equal(got.outcome, 'failed', message);
  assert.match(got.outcome === 'failed' ? got.reason : '', reason, message);
}

const keys = (server: TestServer, connection: ConnectionRow) =>
  keysOf(server.running.services, systemTenant(server.environmentId), connection);

const certificatesOf = async (server: TestServer, connection: ConnectionRow) =>
  (await keys(server, connection)).map(({ certificate }) => certificate);

/** The assertion signed and then encrypted, as providers do it. */
async function hidden(
  server: TestServer,
  connection: ConnectionRow,
  { pems, ...style }: EncryptionStyle & { readonly pems?: readonly string[] } = {},
): Promise<string> {
  return encrypted(await signedFor(server, connection), pems ?? (await certificatesOf(server, connection)), style);
}

/** Encrypted first, then the whole signed. */
async function signedOutside(server: TestServer, connection: ConnectionRow, style: SignatureStyle = {}) {
  const plain = responseFor(partsFor(server, connection));
  const xml = await encrypted(plain, await certificatesOf(server, connection));
  return signed(xml, await ownKey(server.clock.now()), { ...style, element: 'Response' });
}

const encryptedIn = (xml: string): string =>
  /<saml:EncryptedAssertion>[\s\S]*<\/saml:EncryptedAssertion>/.exec(xml)?.[0] ?? assert.fail('nothing is encrypted');

onEachEngine('an encrypted assertion', (start) => {
  it('is opened by every method that our metadata names, whichever of the two is signed', async () => {
    await using server = await start();
    const connection = await samlConnection(server);
    for (const dataMethod of [
      'http://www.w3.org/2009/xmlenc11#aes256-gcm',
      'http://www.w3.org/2009/xmlenc11#aes128-gcm',
      'http://www.w3.org/2001/04/xmlenc#aes256-cbc',
      'http://www.w3.org/2001/04/xmlenc#aes128-cbc',
    ] as const) {
      const got = await end(server, connection, await hidden(server, connection, { dataMethod }));
      assert.equal(got.outcome === 'identified' && got.assertion.email, 'ada@example.com', JSON.stringify(got));
    }
    const got = await end(server, connection, await signedOutside(server, connection));
    assert.equal(got.outcome === 'identified' && got.assertion.email, 'ada@example.com', JSON.stringify(got));
  });

  it('counts once, encrypted anew each time and all at once', async () => {
    await using server = await start();
    const connection = await samlConnection(server);
    const inside = await signedFor(server, connection);
    const pems = await certificatesOf(server, connection);
    const copies = await Promise.all(Array.from({ length: 6 }, () => encrypted(inside, pems)));
    const results = await Promise.all(copies.map((xml) => end(server, connection, xml)));
    assert.equal(results.filter(({ outcome }) => outcome === 'identified').length, 1);
    await refused(end(server, connection, await encrypted(inside, pems)), /used before/);
  });

  it('is opened by the old key and the new one while they change, and by no key that was removed', async () => {
    await using server = await start();
    const { services } = server.running;
    const tenant = systemTenant(server.environmentId);
    const connection = await samlConnection(server);
    const [first = ''] = await certificatesOf(server, connection);
    await addKey(services, tenant, connection.id);
    await assert.rejects(addKey(services, tenant, connection.id), /two keys already/);
    const [, second = ''] = await certificatesOf(server, connection);
    for (const pem of [first, second])
      assert.equal(
        (await end(server, connection, await hidden(server, connection, { pems: [pem] }))).outcome,
        'identified',
      );
    await updateConnection(services, tenant, connection.id, { isRequestSigned: true });
    await removeKey(services, tenant, connection.id, '1');
    const [renewed] = await eventsNamed(server, 'connection.saml_certificate_renewed');
    assert.deepEqual(renewed?.certificate, {
      certificate_type: 'RequestSigning',
      expiry_date: new X509Certificate(second).validToDate.toISOString(),
    });
    await refused(
      end(server, connection, await hidden(server, connection, { pems: [first] })),
      /not encrypted for a key/,
    );
    await assert.rejects(removeKey(services, tenant, connection.id, '2'), /only key/);
    await assert.rejects(removeKey(services, tenant, connection.id, '7'), /Key not found/);
  });

  it('has one first key, however many ask for it at once', async () => {
    await using server = await start();
    const connection = await samlConnection(server);
    const all = await Promise.all(Array.from({ length: 6 }, () => certificatesOf(server, connection)));
    assert.equal(new Set(all.flat()).size, 1);
  });
});

describe('an encrypted assertion that somebody made up', () => {
  async function stage() {
    const server = await startServer();
    return { server, connection: await samlConnection(server) };
  }

  it('is nothing without a signature, which anybody who reads our metadata can do without', async () => {
    const { server, connection } = await stage();
    await using _ = server;
    const pems = await certificatesOf(server, connection);
    await refused(
      end(server, connection, await encrypted(responseFor(partsFor(server, connection)), pems)),
      /not signed/,
    );
    const foreign = signed(responseFor(partsFor(server, connection)), await otherKey(server.clock.now()));
    await refused(end(server, connection, await encrypted(foreign, pems)), /signature does not hold/);
    const changed = (await signedFor(server, connection)).replace('subject-1', 'subject-2');
    await refused(end(server, connection, await encrypted(changed, pems)), /signature does not hold/);
  });

  it('is nothing when it is for somebody else’s key, or for another connection’s', async () => {
    const { server, connection } = await stage();
    await using _ = server;
    const globex = await samlConnection(server);
    const { certificate } = await otherKey(server.clock.now());
    for (const pems of [[certificate], await certificatesOf(server, globex)])
      await refused(end(server, connection, await hidden(server, connection, { pems })), /not encrypted for a key/);
  });

  it('is refused with methods that are worn out, and says so', async () => {
    const { server, connection } = await stage();
    await using _ = server;
    const [rsa15, tripleDes] = [
      'http://www.w3.org/2001/04/xmlenc#rsa-1_5',
      'http://www.w3.org/2001/04/xmlenc#tripledes-cbc',
    ] as const;
    await refused(
      end(server, connection, await hidden(server, connection, { keyMethod: rsa15 })),
      /rsa-1_5, which is not/,
    );
    await refused(
      end(server, connection, await hidden(server, connection, { dataMethod: tripleDes })),
      /tripledes-cbc, which is not/,
    );
  });

  it('is not wrapped around, beside or inside another one', async () => {
    const { server, connection } = await stage();
    await using _ = server;
    const pems = await certificatesOf(server, connection);
    const good = await hidden(server, connection);
    const evil = responseFor(partsFor(server, connection)).replaceAll('subject-1', 'subject-evil');
    const evilAssertion = /<saml:Assertion[ >][\s\S]*<\/saml:Assertion>/.exec(evil)?.[0] ?? assert.fail();
    const part = encryptedIn(good);
    const evilPart = encryptedIn(await encrypted(evil, pems));
    const put = (text: string) => good.replace(part, () => text);
    await refused(end(server, connection, put(evilAssertion + part)), /exactly one assertion/, 'plain beside');
    await refused(end(server, connection, put(part + evilPart)), /exactly one assertion/, 'encrypted beside');
    const inObject = `<samlp:Extensions>${part}</samlp:Extensions>${evilPart}`;
    await refused(end(server, connection, put(inObject)), /exactly one assertion/, 'moved away');
    await refused(end(server, connection, put(`<samlp:Extensions>${part}</samlp:Extensions>`)), /does not stand/);
    // Encrypted inside an encrypted one, the signed assertion hides in one that nobody signed.
    const signedOne =
      /<saml:Assertion[ >][\s\S]*<\/saml:Assertion>/.exec(await signedFor(server, connection))?.[0] ?? '';
    const nested = evil.replace('</saml:Issuer><saml:Subject>', () => `</saml:Issuer>${signedOne}<saml:Subject>`);
    await refused(end(server, connection, await encrypted(nested, pems)), /exactly one assertion/, 'nested');
    // Of two keys or two texts a library takes the one, a reader the other.
    const [key = ''] = /<e:EncryptedKey[\s\S]*<\/e:EncryptedKey>/.exec(good) ?? [];
    await refused(
      end(
        server,
        connection,
        good.replace(key, () => key + key),
      ),
      /exactly one key/,
    );
    await refused(
      end(server, connection, good.replace('</saml:EncryptedAssertion>', `${key}</saml:EncryptedAssertion>`)),
      /nothing beside/,
    );
    const [text = ''] = /<xenc:CipherValue>[^<]*<\/xenc:CipherValue>/.exec(good) ?? [];
    await refused(
      end(
        server,
        connection,
        good.replace(text, () => text + text),
      ),
      /exactly one CipherValue/,
    );
  });

  it('exchanged in a response that is signed as a whole breaks its signature', async () => {
    const { server, connection } = await stage();
    await using _ = server;
    const good = await signedOutside(server, connection);
    const evil = responseFor(partsFor(server, connection)).replaceAll('subject-1', 'subject-evil');
    const evilPart = encryptedIn(await encrypted(evil, await certificatesOf(server, connection)));
    await refused(
      end(
        server,
        connection,
        good.replace(encryptedIn(good), () => evilPart),
      ),
      /signature does not hold/,
    );
  });

  it('says the same whatever is wrong with its ciphertext', async () => {
    const { server, connection } = await stage();
    await using _ = server;
    const cbc = 'http://www.w3.org/2001/04/xmlenc#aes256-cbc';
    const good = await hidden(server, connection, { dataMethod: cbc });
    const [, text = ''] = /<xenc:CipherValue>([^<]*)<\/xenc:CipherValue>/.exec(good) ?? [];
    const bytes = Buffer.from(text, 'base64');
    const flipped = (at: number): string => {
      const changed = Buffer.from(bytes);
      changed.writeUInt8(changed.readUInt8(at) ^ 0x80, at);
      return good.replace(text, () => changed.toString('base64'));
    };
    // Near the end it is the padding that breaks, elsewhere the text: neither is let in, nor is told which it was.
    for (const at of [bytes.length - 17, bytes.length - 1, 40, 400])
      assert.equal((await end(server, connection, flipped(at))).outcome, 'failed');
  });
});

describe('our keys at a SAML connection', () => {
  it('are kept sealed, go with the connection, and are nobody else’s', async () => {
    await using server = await startServer();
    const { services } = server.running;
    const connection = await samlConnection(server);
    const [row] = await keys(server, connection);
    assert.ok(row);
    assert.doesNotMatch(row.sealedPrivateKey, /PRIVATE KEY/);
    const opened: Secret = openKey(services, row);
    assert.match(opened.reveal(), /^-----BEGIN PRIVATE KEY-----/);
    assert.throws(() => openKey(services, { ...row, connectionId: 'conn_another' }));
    await updateConnection(services, systemTenant(server.environmentId), connection.id, { isRequestSigned: true });
    await server.api('DELETE', `/connections/${connection.id}`);
    await assert.rejects(addKey(services, systemTenant(server.environmentId), connection.id), /Connection not found/);
  });
});
