import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { inflateRawSync } from 'node:zlib';
import { onEachEngine, startServer, type TestServer } from '../../../test/harness.ts';
import { encoded, otherKey, ownKey, partsFor, samlConnection, signedFor } from '../../../test/saml.ts';
import { refusalFor, responseFor, type SignatureStyle, signed } from '../../../test/saml-provider.ts';
import { after, minutes } from '../../core/index.ts';
import type { ConnectionRow } from '../connection.ts';
import type { SignOnResult } from '../exchange.ts';
import { beginSaml, endSaml, isSolicited, readUnsolicited } from './index.ts';

const checks = { state: 'some-state', nonce: 'request', codeVerifier: '' };

const end = (server: TestServer, connection: ConnectionRow, xml: string): Promise<SignOnResult> =>
  endSaml(server.running.services, connection, checks, encoded(xml));

/** Not one byte of the answer may count. */
async function refused(result: Promise<SignOnResult>, reason: RegExp, message?: string): Promise<void> {
  const got = await result;
  assert.equal(got.outcome, 'failed', message);
  assert.match(got.outcome === 'failed' ? got.reason : '', reason, message);
}

const tagOf = (xml: string, name: string): string =>
  new RegExp(`<(?:\\w+:)?${name}[ >][\\s\\S]*</(?:\\w+:)?${name}>`).exec(xml)?.[0] ?? assert.fail(`no ${name}`);

onEachEngine('a SAML response', (start) => {
  it('says who somebody is, whichever of the two is signed', async () => {
    await using server = await start();
    const connection = await samlConnection(server);
    for (const element of ['Assertion', 'Response'] as const) {
      assert.deepEqual(await end(server, connection, await signedFor(server, connection, {}, { element })), {
        outcome: 'identified',
        assertion: {
          subject: 'subject-1',
          email: 'ada@example.com',
          firstName: 'Ada',
          lastName: 'Lovelace',
          name: null,
          groups: ['Everyone', 'Admins'],
          attributes: {
            email: 'ada@example.com',
            firstName: 'Ada',
            lastName: 'Lovelace',
            groups: ['Everyone', 'Admins'],
          },
        },
      });
    }
  });

  it('counts once, also when it comes in many copies at once', async () => {
    await using server = await start();
    const connection = await samlConnection(server);
    const xml = await signedFor(server, connection);
    const results = await Promise.all(Array.from({ length: 8 }, () => end(server, connection, xml)));
    const outcomes = results.map(({ outcome }) => outcome).sort();
    assert.deepEqual(outcomes, [...Array.from({ length: 7 }, () => 'failed'), 'identified']);
    await refused(end(server, connection, xml), /used before/);
  });

  it('stays used for as long as it is good, skew included', async () => {
    await using server = await start();
    const connection = await samlConnection(server);
    const xml = await signedFor(server, connection);
    assert.equal((await end(server, connection, xml)).outcome, 'identified');
    server.clock.advance(7 * 60 + 50);
    await refused(end(server, connection, xml), /used before/);
    server.clock.advance(20);
    await refused(end(server, connection, xml), /not valid on or after/);
  });

  it('to another connection is none to this one, nor is the answer to another request', async () => {
    await using server = await start();
    const [acme, globex] = [await samlConnection(server), await samlConnection(server)];
    await refused(end(server, globex, await signedFor(server, acme)), /destination/);
    const { audience } = partsFor(server, acme);
    const { acsUrl } = partsFor(server, globex);
    await refused(end(server, globex, await signedFor(server, acme, { acsUrl, audience })), /audience/);
    await refused(end(server, acme, await signedFor(server, acme, { inResponseTo: '_another' })), /another request/);
    await refused(end(server, acme, await signedFor(server, acme, { inResponseTo: null })), /another request/);
    // The response around the assertion is not signed and says what its sender likes.
    const stolen = await signedFor(server, acme, { inResponseTo: '_another' });
    await refused(
      end(server, acme, stolen.replace('InResponseTo="_another"', 'InResponseTo="_request"')),
      /another request/,
    );
  });

  it('that nobody asked for counts only where that is switched on, and never as an answer', async () => {
    await using server = await start();
    const { services } = server.running;
    const off = await samlConnection(server);
    const on = await samlConnection(server, { isIdpInitiatedAllowed: true });
    const sent = async (connection: ConnectionRow) =>
      encoded(await signedFor(server, connection, { inResponseTo: null }));
    await refused(readUnsolicited(services, off, await sent(off)), /may not begin at the provider/);
    const response = await sent(on);
    assert.equal(isSolicited(response), false);
    assert.equal((await readUnsolicited(services, on, response)).outcome, 'identified');
    await refused(readUnsolicited(services, on, response), /used before/);
    await refused(readUnsolicited(services, on, encoded(await signedFor(server, on))), /another request/);
  });

  it('is held to its times, with three minutes of skew and no more', async () => {
    await using server = await start();
    const connection = await samlConnection(server);
    const now = server.clock.now();
    const made = (at: Date, forMs: number) => signedFor(server, connection, { at, notOnOrAfter: after(at, forMs) });
    assert.equal((await end(server, connection, await made(after(now, minutes(2)), minutes(5)))).outcome, 'identified');
    await refused(end(server, connection, await made(after(now, minutes(4)), minutes(5))), /not valid before/);
    assert.equal(
      (await end(server, connection, await made(after(now, -minutes(7)), minutes(5)))).outcome,
      'identified',
    );
    await refused(end(server, connection, await made(after(now, -minutes(9)), minutes(5))), /not valid on or after/);
    server.clock.advance(9 * 60);
    await refused(end(server, connection, await made(now, minutes(5))), /not valid on or after/);
  });
});

describe('a forged SAML response', () => {
  /** What an attacker with an account of their own at the provider has: something it signed. */
  async function stage() {
    const server = await startServer();
    const connection = await samlConnection(server);
    const at = server.clock.now();
    const good = await signedFor(server, connection);
    const assertion = tagOf(good, 'Assertion');
    const evil = tagOf(
      responseFor(
        partsFor(server, connection, {
          account: { ...partsFor(server, connection).account, subject: 'ceo', email: 'ceo@example.com' },
        }),
      ),
      'Assertion',
    );
    return { server, connection, good, assertion, evil, own: await ownKey(at), other: await otherKey(at) };
  }

  it('cannot wrap a signed assertion in another one (XSW)', async () => {
    const { server, connection, good, assertion, evil } = await stage();
    await using _ = server;
    const signature = tagOf(assertion, 'Signature');
    const unsigned = assertion.replace(signature, '');
    const id = /<saml:Assertion[^>]* ID="([^"]+)"/.exec(assertion)?.[1] ?? '';
    const evilWith = (inner: string, place: 'first' | 'last' = 'last'): string =>
      place === 'last'
        ? evil.replace('</saml:Assertion>', `${inner}</saml:Assertion>`)
        : evil.replace('</saml:Issuer>', `</saml:Issuer>${inner}`);
    const variants: Readonly<Record<string, string>> = {
      'a second assertion before': good.replace(assertion, evil + assertion),
      'a second assertion after': good.replace(assertion, assertion + evil),
      'the signed one inside the evil one': good.replace(assertion, evilWith(assertion)),
      'the signed one inside the evil one, at its beginning': good.replace(assertion, evilWith(assertion, 'first')),
      'the signed one inside the signature of the evil one': good.replace(
        assertion,
        evilWith(signature.replace('</ds:Signature>', `<ds:Object>${unsigned}</ds:Object></ds:Signature>`), 'first'),
      ),
      'the signature moved to the evil one': good.replace(assertion, evilWith(signature, 'first')),
      'the evil one under the name of the signed one': good.replace(
        assertion,
        evilWith(signature, 'first').replace(/ ID="[^"]+"/, ` ID="${id}"`),
      ),
      'both under one name': good.replace(assertion, evil.replace(/ ID="[^"]+"/, ` ID="${id}"`) + assertion),
      'the signed one moved into extensions': good
        .replace(assertion, evil)
        .replace('<samlp:Status>', `<samlp:Extensions>${assertion}</samlp:Extensions><samlp:Status>`),
      'the signed one moved into advice': good.replace(
        assertion,
        evil.replace('<saml:AttributeStatement>', `<saml:Advice>${assertion}</saml:Advice><saml:AttributeStatement>`),
      ),
      'the signed one around its own response': good
        .replace(assertion, evil)
        .replace('</samlp:Response>', `${good}</samlp:Response>`),
      'the signature in the response': good
        .replace(assertion, evil)
        .replace('<samlp:Status>', `${signature}<samlp:Status>`),
      'an evil one in another namespace': good.replace(
        assertion,
        assertion +
          evil
            .replaceAll('saml:', 'x:')
            .replace('xmlns:x=', 'xmlns:x=')
            .replace(/ ID="[^"]+"/, ` ID="${id}"`),
      ),
    };
    for (const [name, xml] of Object.entries(variants)) {
      assert.notEqual(xml, good, name);
      const result = await end(server, connection, xml);
      assert.equal(result.outcome, 'failed', name);
    }
    assert.equal(
      (await end(server, connection, good)).outcome,
      'identified',
      'what was forged from still counts itself',
    );
  });

  it('cannot change a value, nor hide half of one behind a comment', async () => {
    const { server, connection, good, own } = await stage();
    await using _ = server;
    await refused(end(server, connection, good.replace('ada@example.com', 'eve@example.com')), /signature/);
    await refused(end(server, connection, good.replace('subject-1', 'subject-2')), /signature/);
    await refused(end(server, connection, good.replace('Admins', 'Owners')), /signature/);
    const { account } = partsFor(server, connection);
    // Signed for `ceo.attacker`; canonical XML drops the comment, so the signature would hold.
    const longer = signed(
      responseFor(partsFor(server, connection, { account: { ...account, subject: 'ceo.attacker' } })),
      own,
    );
    await refused(end(server, connection, longer.replace('ceo.attacker', 'ceo<!-- -->.attacker')), /comment/);
    await refused(end(server, connection, longer.replace('ceo.attacker', 'ceo<?x y?>.attacker')), /processing/);
    await refused(end(server, connection, longer.replace('ceo.attacker', '<![CDATA[ceo.attacker]]>')), /CDATA/);
    const marked = responseFor(partsFor(server, connection)).replace('subject-1', 'ceo<b>.attacker</b>');
    await refused(end(server, connection, signed(marked, own)), /markup/);
  });

  it('needs a signature by a certificate of the connection', async () => {
    const { server, connection, own, other } = await stage();
    await using _ = server;
    const bare = responseFor(partsFor(server, connection));
    await refused(end(server, connection, bare), /not signed/);
    await refused(end(server, connection, signed(bare, other)), /signature/);
    // The key that a message brings along is the attacker's own choice.
    const withOwnKeyInfo = signed(bare, { ...other, certificate: own.certificate });
    await refused(end(server, connection, withOwnKeyInfo), /signature/);
    assert.match(signed(bare, other), /X509Certificate/);
    const rotating = await samlConnection(server, { certificates: [own.certificate, other.certificate] });
    const renewed = signed(responseFor(partsFor(server, rotating)), other);
    assert.equal((await end(server, rotating, renewed)).outcome, 'identified');
  });

  it('needs the one form of signature that SAML has, by SHA-256 or better', async () => {
    const { server, connection, own, good } = await stage();
    await using _ = server;
    const exclusive = 'http://www.w3.org/2001/10/xml-exc-c14n#';
    const enveloped = 'http://www.w3.org/2000/09/xmldsig#enveloped-signature';
    const styles: readonly SignatureStyle[] = [
      { signatureAlgorithm: 'http://www.w3.org/2000/09/xmldsig#rsa-sha1' },
      { digestAlgorithm: 'http://www.w3.org/2000/09/xmldsig#sha1' },
      { transforms: [exclusive] },
      { transforms: [enveloped] },
      { transforms: [enveloped, 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315'] },
      { transforms: [enveloped, `${exclusive}WithComments`] },
      { canonicalization: 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315' },
    ];
    for (const style of styles) {
      const xml = signed(responseFor(partsFor(server, connection)), own, style);
      await refused(end(server, connection, xml), /A signature uses/, JSON.stringify(style));
    }
    const hmac = good.replace('2001/04/xmldsig-more#rsa-sha256', '2000/09/xmldsig#hmac-sha1');
    await refused(end(server, connection, hmac), /A signature uses/);
    const whole = good.replace(/URI="#[^"]+"/, 'URI=""');
    await refused(end(server, connection, whole), /something else/);
    const twice = good.replace(tagOf(good, 'Reference'), tagOf(good, 'Reference').repeat(2));
    await refused(end(server, connection, twice), /exactly one Reference/);
  });

  it('has to be of our provider, and for us', async () => {
    const { server, connection } = await stage();
    await using _ = server;
    const refuse = async (changes: Parameters<typeof signedFor>[2], reason: RegExp) =>
      refused(end(server, connection, await signedFor(server, connection, changes)), reason);
    await refuse({ issuer: 'https://other.example' }, /another issuer/);
    await refuse({ audience: 'https://other.example' }, /audience/);
    await refuse({ acsUrl: 'https://other.example/acs' }, /destination/);
    const elsewhere = await signedFor(server, connection, { acsUrl: 'https://other.example/acs' });
    const { acsUrl } = partsFor(server, connection);
    await refused(
      end(server, connection, elsewhere.replace('Destination="https://other.example/acs"', `Destination="${acsUrl}"`)),
      /recipient/,
    );
  });

  it('is refused for what it lacks, and for conditions nobody knows', async () => {
    const { server, connection, own } = await stage();
    await using _ = server;
    const bare = responseFor(partsFor(server, connection));
    const cases: readonly (readonly [string | RegExp, string, RegExp])[] = [
      [/<saml:AudienceRestriction>.*<\/saml:AudienceRestriction>/, '', /audience/],
      [/<saml:Conditions.*<\/saml:Conditions>/, '', /Conditions/],
      [/<saml:AuthnStatement.*<\/saml:AuthnStatement>/, '', /AuthnStatement/],
      [/<saml:SubjectConfirmation .*<\/saml:SubjectConfirmation>/, '', /confirmation/],
      ['cm:bearer', 'cm:sender-vouches', /confirmation/],
      ['nameid-format:persistent', 'nameid-format:transient', /transient/],
      ['</saml:AudienceRestriction>', '</saml:AudienceRestriction><saml:Condition/>', /condition that is not known/],
      ['subject-1', '', /names nobody/],
      [/(<saml:Conditions[^>]*) NotOnOrAfter="[^"]*"/, '$1', /NotOnOrAfter/],
      [/ Recipient="[^"]*"/, '', /Recipient/],
    ];
    for (const [part, instead, reason] of cases) {
      const changed = bare.replace(part, instead);
      assert.notEqual(changed, bare, String(part));
      await refused(end(server, connection, signed(changed, own)), reason, String(part));
    }
  });

  it('can neither fetch, nor swell, nor nest', async () => {
    const { server, connection, good } = await stage();
    await using _ = server;
    const entity = good.replace('subject-1', '&secret;');
    const doctype = '<!DOCTYPE r [<!ENTITY secret SYSTEM "file:///etc/passwd">]>';
    await refused(end(server, connection, doctype + entity), /DOCTYPE/);
    const laughs = '<!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY secret "&b;&b;&b;&b;">]>';
    await refused(end(server, connection, laughs + entity), /DOCTYPE/);
    await refused(end(server, connection, entity), /refused/);
    const deep = good.replace('</samlp:Response>', `${'<a>'.repeat(100)}${'</a>'.repeat(100)}</samlp:Response>`);
    await refused(end(server, connection, deep), /nested/);
    const wide = good.replace('</samlp:Response>', `${'<a/>'.repeat(20_000)}</samlp:Response>`);
    await refused(end(server, connection, wide), /tags/);
    await refused(end(server, connection, `${good}<!-- -->`), /comment/);
    await refused(end(server, connection, `${good}<x/>`), /well-formed/);
    await refused(end(server, connection, 'hello'), /refused/);
    await refused(end(server, connection, good.replace('</saml:Issuer>', '</saml:Issuer')), /refused/);
    const { services } = server.running;
    await refused(endSaml(services, connection, checks, '%%%'), /base64/);
    await refused(
      endSaml(services, connection, checks, Buffer.from([0xff, 0xfe, 0x3c, 0]).toString('base64')),
      /UTF-8/,
    );
    await refused(endSaml(services, connection, checks, 'A'.repeat(600_000)), /base64/);
  });
});

describe('what a provider says when it signs nobody in', () => {
  it('tells a refusal from a failure', async () => {
    await using server = await startServer();
    const connection = await samlConnection(server);
    const parts = partsFor(server, connection);
    const status = (...names: string[]) =>
      refusalFor(
        parts,
        names.map((name) => `urn:oasis:names:tc:SAML:2.0:status:${name}`),
      );
    assert.deepEqual(await end(server, connection, status('Responder', 'RequestDenied')), { outcome: 'refused' });
    assert.deepEqual(await end(server, connection, status('Responder', 'AuthnFailed')), { outcome: 'refused' });
    await refused(end(server, connection, status('Requester', 'InvalidNameIDPolicy')), /InvalidNameIDPolicy/);
  });
});

describe('a SAML request', () => {
  it('goes to the provider in the query, with its ID tied to the trip', async () => {
    await using server = await startServer();
    const { services } = server.running;
    const connection = await samlConnection(server, { signOnUrl: 'https://idp.example/sign-on?tenant=7' });
    const url = await beginSaml(services, connection, checks, { loginHint: 'ada@example.com', asksAgain: true });
    assert.equal(`${url.origin}${url.pathname}`, 'https://idp.example/sign-on');
    assert.equal(url.searchParams.get('tenant'), '7');
    assert.equal(url.searchParams.get('RelayState'), 'some-state');
    assert.equal(url.searchParams.get('login_hint'), 'ada@example.com');
    const xml = inflateRawSync(Buffer.from(url.searchParams.get('SAMLRequest') ?? '', 'base64')).toString();
    const { acsUrl, audience } = partsFor(server, connection);
    assert.match(xml, /ID="_request"/);
    assert.match(xml, /ForceAuthn="true"/);
    assert.ok(xml.includes(`AssertionConsumerServiceURL="${acsUrl}"`));
    assert.ok(xml.includes(`>${audience}</saml:Issuer>`));
  });
});
