import assert from 'node:assert/strict';
import { it } from 'node:test';
import { onEachEngine } from '../../test/harness.ts';
import { atProvider, attemptId, enable, offeredAt, trip } from '../../test/providers.ts';
import { sql } from '../core/index.ts';
import { socialProviders } from '../protocol/index.ts';
import type { Fetch, Profile } from './index.ts';
import { descriptionOf } from './providers.ts';
import type { Arrival } from './trips.ts';

const profileOf = (arrival: Arrival): Profile => {
  assert.equal(arrival.outcome, 'identified', JSON.stringify(arrival));
  return (arrival as Extract<Arrival, { outcome: 'identified' }>).profile;
};

/** Providers that tell no verified address, or none at all unless it is. */
const trusted = ['AppleOAuth', 'GoogleOAuth'];

onEachEngine('a journey to a provider and back', (start) => {
  it('says who somebody is, at every provider and as every persona', async () => {
    await using server = await start();
    await enable(server, ...socialProviders);
    for (const provider of socialProviders) {
      const go = async (persona: string) => {
        const journey = await trip(server, provider);
        return journey.end(await atProvider(journey.url, { persona, email: 'grace.hopper@example.com' }));
      };
      const verified = profileOf(await go('verified'));
      assert.equal(verified.email, 'grace.hopper@example.com', provider);
      assert.equal(verified.isEmailVerified, trusted.includes(provider), provider);
      const name = verified.name ?? `${verified.firstName} ${verified.lastName}`;
      assert.equal(name, 'Grace Hopper', provider);
      const again = profileOf(await go('verified'));
      assert.equal(again.subject, verified.subject, provider);

      const unverified = profileOf(await go('unverified'));
      assert.equal(unverified.isEmailVerified, false, provider);
      assert.equal(unverified.email, provider === 'XOAuth' ? null : 'grace.hopper@example.com', provider);
      assert.notEqual(unverified.subject, verified.subject);

      const other = profileOf(await go('other_email'));
      assert.deepEqual([other.subject, other.email], [verified.subject, 'grace.hopper.other@example.com'], provider);
      assert.equal(other.isEmailVerified, provider === 'AppleOAuth', provider);

      assert.equal(profileOf(await go('no_email')).email, null, provider);
      assert.deepEqual(await go('refuse'), { outcome: 'refused' }, provider);
      assert.deepEqual(
        await go('error'),
        { outcome: 'failed', reason: 'the provider answered server_error' },
        provider,
      );
    }
  });

  it('brings tokens along, with the scopes that were given', async () => {
    await using server = await start();
    const journey = await trip(server, 'GoogleOAuth', { wishes: { scopes: ['calendar', 'email'] } });
    const arrival = await journey.end(await atProvider(journey.url));
    assert.ok(arrival.outcome === 'identified');
    const { accessToken, refreshToken, expiresAt, ...rest } = arrival.tokens;
    assert.deepEqual(rest, { provider: 'GoogleOAuth', scopes: ['openid', 'profile', 'email', 'calendar'] });
    assert.ok(accessToken.length > 20 && refreshToken !== null && expiresAt !== null);
    const github = await trip(server, 'GitHubOAuth');
    const atGitHub = await github.end(await atProvider(github.url));
    assert.ok(atGitHub.outcome === 'identified');
    assert.deepEqual(
      [atGitHub.tokens.scopes, atGitHub.tokens.refreshToken, atGitHub.tokens.expiresAt],
      [['read:user', 'user:email'], null, null],
    );
  });

  it('hands on hints and parameters, and lets none take the place of ours', async () => {
    await using server = await start();
    const { url, offered } = await trip(server, 'GoogleOAuth', {
      wishes: {
        loginHint: 'ada@example.com',
        domainHint: 'example.com',
        asksAgain: true,
        parameters: {
          access_type: 'offline',
          state: 'mine',
          redirect_uri: 'https://evil.example',
          client_id: 'other',
          nonce: 'n',
          scope: 's',
          code_challenge: 'c',
          request: 'jwt',
        },
      },
    });
    const sent = Object.fromEntries(url.searchParams);
    const { state, nonce, code_challenge, ...rest } = sent;
    assert.match(state ?? '', /^attempt_[0-9A-Z]{26}\.[0-9A-Za-z]{43}$/);
    assert.ok((nonce ?? '').length === 43 && (code_challenge ?? '').length === 43);
    assert.deepEqual(rest, {
      access_type: 'offline',
      client_id: offered.credentials.clientId,
      code_challenge_method: 'S256',
      hd: 'example.com',
      login_hint: 'ada@example.com',
      prompt: 'select_account',
      redirect_uri: `${server.url}/sso/oauth/google/callback`,
      response_type: 'code',
      scope: 'openid profile email',
    });
  });

  it('works once', async () => {
    await using server = await start();
    const journey = await trip(server, 'GoogleOAuth');
    const answer = await atProvider(journey.url);
    assert.equal((await journey.end(answer)).outcome, 'identified');
    assert.deepEqual(await journey.end(answer), { outcome: 'unknown' });
  });

  it('lets one of many win who come back at the same time', async () => {
    await using server = await start();
    const journey = await trip(server, 'GitHubOAuth');
    const answer = await atProvider(journey.url);
    const arrivals = await Promise.all(Array.from({ length: 20 }, () => journey.end(answer)));
    const outcomes = arrivals.map(({ outcome }) => outcome).sort();
    assert.deepEqual(outcomes, ['identified', ...Array(19).fill('unknown')]);
  });

  it('is over after ten minutes, and stays spent when the clock moves back', async () => {
    await using server = await start();
    const journey = await trip(server, 'GoogleOAuth');
    const answer = await atProvider(journey.url);
    server.clock.advance(601);
    assert.deepEqual(await journey.end(answer), { outcome: 'unknown' });
    server.clock.advance(-601);
    assert.deepEqual(await journey.end(answer), { outcome: 'unknown' });
  });

  it('ends in the sign-in, at the provider and in the environment where it began', async () => {
    await using server = await start();
    const journey = await trip(server, 'GoogleOAuth');
    const answer = await atProvider(journey.url);
    const github = await offeredAt(server, 'GitHubOAuth');
    for (const elsewhere of [
      { attempt: attemptId(server) },
      { provider: 'GitHubOAuth', offered: github },
      { environmentId: 'environment_01JD0V5W3N8QK2Z7T4B9XM6YCE' },
    ] as const) {
      assert.deepEqual(await journey.end(answer, elsewhere), { outcome: 'unknown' });
    }
    assert.equal((await journey.end(answer)).outcome, 'identified');
  });

  it('takes no state but its own, and no two', async () => {
    await using server = await start();
    const journey = await trip(server, 'GoogleOAuth');
    const answer = await atProvider(journey.url);
    const other = await trip(server, 'GoogleOAuth');
    const foreign = new URLSearchParams(answer);
    foreign.set('state', other.url.searchParams.get('state') ?? '');
    assert.deepEqual(await journey.end(foreign), { outcome: 'unknown' });
    const twice = new URLSearchParams(answer);
    twice.append('state', 'x');
    assert.deepEqual(await journey.end(twice), { outcome: 'unknown' });
    const without = new URLSearchParams(answer);
    without.delete('state');
    assert.deepEqual(await journey.end(without), { outcome: 'unknown' });
  });

  it('refuses a code that was given for another journey: its challenge and nonce are not ours', async () => {
    await using server = await start();
    for (const provider of ['GoogleOAuth', 'GitHubOAuth'] as const) {
      const victim = await trip(server, provider);
      const attacker = await trip(server, provider);
      const stolen = await atProvider(attacker.url, { email: 'mallory@example.com' });
      const injected = await atProvider(victim.url);
      injected.set('code', stolen.get('code') ?? '');
      assert.equal((await victim.end(injected)).outcome, 'failed', provider);
    }
  });

  it('refuses an answer that names another issuer (RFC 9207)', async () => {
    await using server = await start();
    for (const provider of ['GoogleOAuth', 'GitHubOAuth'] as const) {
      const journey = await trip(server, provider);
      const answer = await atProvider(journey.url);
      answer.set('iss', 'https://evil.example');
      assert.equal((await journey.end(answer)).outcome, 'failed', provider);
    }
  });

  it('refuses when the provider was switched off or got other credentials meanwhile', async () => {
    await using server = await start();
    const journey = await trip(server, 'GoogleOAuth');
    const answer = await atProvider(journey.url);
    assert.equal((await journey.end(answer, { offered: null })).outcome, 'failed');
    const second = await trip(server, 'GoogleOAuth');
    const credentials = { ...second.offered.credentials, clientId: 'another' };
    const changed = await second.end(await atProvider(second.url), { offered: { ...second.offered, credentials } });
    assert.equal(changed.outcome, 'failed');
  });

  it('keeps state as a hash, and nonce and verifier sealed', async () => {
    await using server = await start();
    const { url } = await trip(server, 'GoogleOAuth');
    const rows = JSON.stringify(await server.running.services.db.all(sql`select * from social_trips`));
    for (const name of ['state', 'nonce']) assert.ok(!rows.includes(url.searchParams.get(name) ?? 'missing'), name);
  });
});

onEachEngine('what a provider answers', (start, engine) => {
  if (engine !== 'sqlite') return;

  /** A journey whose provider's answers are tampered with on their way to us. */
  const tampered = async (tamper: (url: string, response: Response) => Promise<Response> | Response) => {
    const server = await start();
    const journey = await trip(server, 'GoogleOAuth');
    const answer = await atProvider(journey.url);
    const fetch: Fetch = async (url, init) => tamper(url, await globalThis.fetch(url, init));
    const arrival = await journey.end(answer, { fetch });
    await server[Symbol.asyncDispose]();
    return arrival;
  };
  const atToken = (change: (body: Record<string, string>) => unknown) =>
    tampered(async (url, response) =>
      url.endsWith('/token') ? Response.json(change((await response.json()) as Record<string, string>)) : response,
    );
  const resigned = (
    idToken: string,
    change: (claims: Record<string, unknown>, header: Record<string, unknown>) => void,
  ) => {
    const [header = '', claims = '', signature = ''] = idToken.split('.');
    const read = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString());
    const [head, body] = [read(header), read(claims)];
    change(body, head);
    const write = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
    return `${write(head)}.${write(body)}.${signature}`;
  };

  it('is refused when its ID token is not what was signed', async () => {
    for (const change of [
      (claims: Record<string, unknown>) => Object.assign(claims, { email: 'victim@example.com' }),
      (claims: Record<string, unknown>) => Object.assign(claims, { nonce: 'other' }),
      (claims: Record<string, unknown>) => Object.assign(claims, { iss: 'https://evil.example' }),
      (claims: Record<string, unknown>) => Object.assign(claims, { aud: 'somebody-else' }),
      (claims: Record<string, unknown>) => Object.assign(claims, { exp: 1 }),
      (_: unknown, header: Record<string, unknown>) => Object.assign(header, { alg: 'none' }),
      (_: unknown, header: Record<string, unknown>) => Object.assign(header, { alg: 'HS256' }),
      (_: unknown, header: Record<string, unknown>) => Object.assign(header, { kid: 'unknown' }),
    ]) {
      const arrival = await atToken((body) => ({ ...body, id_token: resigned(body.id_token ?? '', change) }));
      assert.equal(arrival.outcome, 'failed', String(change));
    }
  });

  it('is refused without an ID token, as an error, as no JSON, too large, or as a redirect', async () => {
    assert.equal((await atToken(({ id_token: _, ...body }) => body)).outcome, 'failed');
    assert.equal((await atToken(() => ({ error: 'invalid_grant' }))).outcome, 'failed');
    assert.equal((await atToken((body) => ({ ...body, padding: 'x'.repeat(1024 * 1024) }))).outcome, 'failed');
    const instead = (response: () => Response) => tampered((url, real) => (url.endsWith('/token') ? response() : real));
    assert.equal((await instead(() => new Response('<html>'))).outcome, 'failed');
    assert.equal((await instead(() => Response.redirect('https://evil.example/', 307))).outcome, 'failed');
    assert.equal((await instead(() => new Response('', { status: 503 }))).outcome, 'failed');
  });

  it('is not waited for longer than ten seconds', async (t) => {
    await using server = await start();
    const journey = await trip(server, 'GoogleOAuth');
    const answer = await atProvider(journey.url);
    const { timeout } = AbortSignal;
    const waited: number[] = [];
    t.mock.method(AbortSignal, 'timeout', (ms: number) => {
      waited.push(ms);
      // The limit is ours; the longer one of openid-client is never reached.
      return timeout.call(AbortSignal, ms === 10_000 ? 1 : ms);
    });
    const never: Fetch = (_url, { signal }) =>
      new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
    const arrival = await journey.end(answer, { fetch: never });
    assert.equal(arrival.outcome, 'failed');
    assert.ok(waited.includes(10_000), `${waited}`);
  });

  it('of a profile is refused when it is of somebody else', async () => {
    const server = await start();
    await enable(server, 'GitLabOAuth');
    const journey = await trip(server, 'GitLabOAuth');
    const answer = await atProvider(journey.url);
    const fetch: Fetch = async (url, init) => {
      const response = await globalThis.fetch(url, init);
      if (!url.endsWith('/userinfo')) return response;
      return Response.json({ ...((await response.json()) as object), sub: 'somebody-else' });
    };
    assert.equal((await journey.end(answer, { fetch })).outcome, 'failed');
    await server[Symbol.asyncDispose]();
  });

  it('without a list of addresses leaves the address out', async () => {
    await using server = await start();
    const journey = await trip(server, 'GitHubOAuth');
    const answer = await atProvider(journey.url);
    const fetch: Fetch = (url, init) =>
      url.endsWith('/user/emails')
        ? Promise.resolve(Response.json({ message: 'Not Found' }, { status: 404 }))
        : globalThis.fetch(url, init);
    const profile = profileOf(await journey.end(answer, { fetch }));
    assert.equal(profile.email, null);
    assert.equal(descriptionOf('GitHubOAuth').label, 'GitHub');
  });
});
