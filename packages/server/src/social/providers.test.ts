import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { socialProviders } from '../protocol/index.ts';
import { contractAt } from './contract-at.ts';
import { readProfile } from './profile.ts';
import { descriptionOf, providerOfSlug, providers, usualOrder } from './providers.ts';
import { appleClientSecret, appleNames, isAppleKey } from './quirks/apple.ts';
import { googleIsAuthority } from './quirks/google.ts';
import { bitbucketEmail, githubEmail } from './quirks/listed-emails.ts';

const addressesOf = (endpoints: object): string[] => Object.values(endpoints);

describe('the descriptions of providers', () => {
  it('are there for every name of the contract', () => {
    assert.deepEqual(Object.keys(providers).sort(), [...socialProviders].sort());
    assert.deepEqual([...usualOrder].sort(), [...socialProviders].sort());
  });

  for (const provider of socialProviders) {
    it(`say everything there is to know of ${provider}`, () => {
      const { slug, label, contract, scopes, hints, parameters } = descriptionOf(provider);
      assert.match(slug, /^[a-z]+(-[a-z]+)*$/);
      assert.equal(providerOfSlug(slug), provider);
      assert.ok(label.length > 0 && scopes.length > 0);
      const urls = contract.endpoints === 'discovered' ? [] : addressesOf(contract.endpoints);
      for (const url of [...urls, ...(contract.issuer ? [contract.issuer] : [])]) {
        assert.equal(new URL(url).protocol, 'https:', url);
        assert.equal(new URL(url).hash, '');
        assert.ok(!url.endsWith('/'), url);
      }
      if (contract.kind === 'oidc') assert.ok(scopes.includes('openid'));
      for (const name of [...Object.values(hints ?? {}), ...Object.keys(parameters ?? {})])
        assert.match(name, /^[a-z_]+$/);
    });

    it(`reads nothing but checked values out of what ${provider} says`, () => {
      const description = descriptionOf(provider);
      for (const nonsense of [{}, { sub: '' }, { sub: 7 }, { id: null }, { data: null }, { sub: 'a\0b', id: 'a\0b' }]) {
        assert.equal(readProfile(description, nonsense, null, new URLSearchParams()), null, JSON.stringify(nonsense));
      }
    });
  }

  it('have callbacks and endpoints of their own, also side by side on one origin', () => {
    const slugs = socialProviders.map((provider) => descriptionOf(provider).slug);
    assert.equal(new Set(slugs).size, slugs.length);
    for (const provider of socialProviders) {
      const { endpoints, issuer } = contractAt(descriptionOf(provider), 'http://localhost:1/base');
      const urls = endpoints === 'discovered' ? [issuer ?? ''] : addressesOf(endpoints);
      for (const url of urls) assert.match(url, /^http:\/\/localhost:1\/base(\/|$)/);
      assert.equal(new Set(urls.map((url) => new URL(url).pathname)).size, urls.length);
    }
  });
});

describe('quirks of providers', () => {
  const google = descriptionOf('GoogleOAuth');
  const none = new URLSearchParams();

  it('believe Google for its own domains and for a Workspace it names, and for nobody else’s', () => {
    const says = (claims: object, email: string) => googleIsAuthority(claims as Record<string, unknown>, email);
    assert.equal(says({}, 'ada@gmail.com'), true);
    assert.equal(says({}, 'ada@GoogleMail.com'), true);
    assert.equal(says({ hd: 'example.com' }, 'ada@Example.com'), true);
    assert.equal(says({}, 'ada@example.com'), false);
    assert.equal(says({ hd: 'example.org' }, 'ada@example.com'), false);
    assert.equal(says({ hd: ['example.com'] }, 'ada@example.com'), false);
    assert.equal(says({ hd: 'gmail.com' }, 'ada@notgmail.com'), false);
  });

  it('take no address for verified that the provider does not say is', () => {
    const read = (claims: object) => readProfile(google, { sub: '1', ...claims }, null, none)?.isEmailVerified;
    assert.equal(read({ email: 'ada@gmail.com', email_verified: true }), true);
    for (const email_verified of [false, 'false', undefined, null, 1, 'yes', {}])
      assert.equal(read({ email: 'ada@gmail.com', email_verified }), false, String(email_verified));
    assert.equal(read({ email_verified: true }), false);
    assert.equal(read({ email: ['ada@gmail.com'], email_verified: true }), false);
  });

  it('never count an address of the others as verified, whatever they say', () => {
    const claims = {
      sub: '1',
      id: '1',
      account_id: '1',
      email: 'ada@gmail.com',
      email_verified: true,
      emailVerified: true,
      verified: true,
      hd: 'gmail.com',
      data: { id: '1', confirmed_email: 'ada@gmail.com' },
      'https://slack.com/team_id': 'T1',
    };
    for (const provider of socialProviders.filter((name) => name !== 'GoogleOAuth' && name !== 'AppleOAuth')) {
      const profile = readProfile(descriptionOf(provider), claims, null, none);
      assert.equal(profile?.isEmailVerified, false, provider);
    }
  });

  it('read the primary address of a list and no other', () => {
    assert.deepEqual(
      githubEmail([
        { email: 'old@example.com', primary: false, verified: true },
        { email: 'ada@example.com', primary: true, verified: false },
      ]),
      { email: 'ada@example.com', isEmailVerified: false },
    );
    assert.deepEqual(githubEmail([{ email: 'old@example.com', primary: false, verified: true }]), {});
    assert.deepEqual(bitbucketEmail({ values: [{ email: 'ada@example.com', is_primary: true, is_confirmed: true }] }), {
      email: 'ada@example.com',
      isEmailVerified: true,
    });
    for (const nonsense of [null, 'no', { message: 'Requires authentication' }, [null, 7], { values: 'no' }]) {
      assert.deepEqual([githubEmail(nonsense), bitbucketEmail(nonsense)], [{}, {}]);
    }
  });

  it('read Apple’s names, which come in a field that anybody could have filled in', () => {
    const apple = descriptionOf('AppleOAuth');
    const read = (user: string) => readProfile(apple, { sub: '1' }, null, new URLSearchParams({ user }));
    const ada = read('{"name":{"firstName":"Ada","lastName":"Lovelace"}}');
    assert.deepEqual([ada?.firstName, ada?.lastName], ['Ada', 'Lovelace']);
    for (const user of ['', '{', 'null', '7', '{"name":7}', '{"name":{"firstName":{"a":1}}}']) {
      assert.deepEqual([read(user)?.firstName, read(user)?.email], [null, null], user);
    }
    assert.deepEqual(appleNames(new URLSearchParams()), { firstName: undefined, lastName: undefined });
    assert.equal(isAppleKey('-----BEGIN PRIVATE KEY-----\nno\n-----END PRIVATE KEY-----'), false);
    assert.throws(() => appleClientSecret('client', { teamId: 'T', keyId: 'K', privateKey: 'no' }, 'https://a', 0));
  });

  it('drop names and pictures that are none', () => {
    const read = (claims: object) => readProfile(google, { sub: '1', ...claims }, null, none);
    assert.equal(read({ picture: 'http://example.com/a.png' })?.pictureUrl, null);
    assert.equal(read({ picture: 'javascript:alert(1)' })?.pictureUrl, null);
    assert.equal(read({ picture: 'https://example.com/a.png' })?.pictureUrl, 'https://example.com/a.png');
    assert.equal(read({ name: ' Ada\nLovelace ' })?.name, 'Ada Lovelace');
    assert.equal(read({ name: 'a'.repeat(257) })?.name, null);
    assert.equal(read({ given_name: { toString: 1 } })?.firstName, null);
    assert.equal(read({ email: 'no address' })?.email, null);
  });
});
