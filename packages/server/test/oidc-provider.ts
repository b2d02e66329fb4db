/**
 * Somebody else's OpenID provider, over HTTP: discovery, authorization, tokens, keys, userinfo. It signs in whoever a test
 * says, and can be told to lie.
 */
import { createHash, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';

/** Who is signed in there: claims of the ID token. */
export interface Person {
  readonly sub: string;
  readonly email?: string;
  readonly [claim: string]: unknown;
}

interface Grant {
  readonly person: Person;
  readonly nonce: string;
  readonly clientId: string;
  readonly redirectUri: string;
  readonly challenge: string;
}

export interface OidcProvider extends AsyncDisposable {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Whose session the browser has there; null: the person refuses. */
  person: Person | null;
  /** What the next ID tokens say instead of the truth. */
  lies: Readonly<Record<string, unknown>>;
  /** Signs with a key that it does not publish. */
  usesForeignKey: boolean;
  /** Claims that stand in userinfo and not in the ID token. */
  userInfo: Readonly<Record<string, unknown>>;
  /** The last authorization request. */
  asked: URLSearchParams | null;
  /** What a browser that opens this address at the provider brings back. */
  answer(url: URL | string): Promise<URL>;
}

export async function startOidcProvider(): Promise<OidcProvider> {
  const keys = await generateKeyPair('RS256');
  const foreign = await generateKeyPair('RS256');
  const kid = 'key-1';
  const jwk = { ...(await exportJWK(keys.publicKey)), kid, alg: 'RS256', use: 'sig' };
  const grants = new Map<string, Grant>();
  const tokens = new Map<string, Person>();
  const server = createServer((request, response) => {
    handle(request, response).catch((error) => send(response, 500, { error: String(error) }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider: OidcProvider = {
    issuer,
    clientId: 'our-client',
    clientSecret: 'our-client-secret',
    person: null,
    lies: {},
    usesForeignKey: false,
    userInfo: {},
    asked: null,
    async answer(url) {
      const { headers, status } = await fetch(url, { redirect: 'manual' });
      const location = headers.get('location');
      if (location === null) throw new Error(`The provider answers ${status}.`);
      return new URL(location);
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return provider;

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', issuer);
    switch (url.pathname) {
      case '/.well-known/openid-configuration':
        return send(response, 200, {
          issuer,
          authorization_endpoint: `${issuer}/authorize`,
          token_endpoint: `${issuer}/token`,
          userinfo_endpoint: `${issuer}/userinfo`,
          jwks_uri: `${issuer}/jwks`,
          end_session_endpoint: `${issuer}/sign-out`,
          response_types_supported: ['code'],
          subject_types_supported: ['public'],
          id_token_signing_alg_values_supported: ['RS256'],
        });
      case '/jwks':
        return send(response, 200, { keys: [jwk] });
      case '/authorize':
        return authorize(url.searchParams, response);
      case '/token':
        return token(request, new URLSearchParams(await bodyOf(request)), response);
      case '/userinfo': {
        const person = tokens.get(request.headers.authorization?.replace('Bearer ', '') ?? '');
        return person
          ? send(response, 200, { sub: person.sub, ...provider.userInfo })
          : send(response, 401, { error: 'invalid_token' });
      }
      default:
        return send(response, 404, {});
    }
  }

  function authorize(query: URLSearchParams, response: ServerResponse): void {
    provider.asked = query;
    const redirectUri = query.get('redirect_uri') ?? '';
    const back = new URL(redirectUri);
    back.searchParams.set('state', query.get('state') ?? '');
    if (provider.person === null) {
      back.searchParams.set('error', 'access_denied');
    } else {
      const code = randomBytes(16).toString('hex');
      grants.set(code, {
        person: provider.person,
        nonce: query.get('nonce') ?? '',
        clientId: query.get('client_id') ?? '',
        redirectUri,
        challenge: query.get('code_challenge') ?? '',
      });
      back.searchParams.set('code', code);
    }
    response.writeHead(302, { location: back.href }).end();
  }

  async function token(request: IncomingMessage, body: URLSearchParams, response: ServerResponse): Promise<void> {
    const grant = grants.get(body.get('code') ?? '');
    grants.delete(body.get('code') ?? '');
    const verifier = createHash('sha256')
      .update(body.get('code_verifier') ?? '')
      .digest('base64url');
    const basic = Buffer.from(request.headers.authorization?.replace('Basic ', '') ?? '', 'base64').toString();
    const [id, secret] = basic.split(':').map(decodeURIComponent);
    const isOurs = id === grant?.clientId && id === provider.clientId && secret === provider.clientSecret;
    if (!grant || !isOurs || verifier !== grant.challenge || body.get('redirect_uri') !== grant.redirectUri)
      return send(response, 400, { error: 'invalid_grant' });
    const now = Math.floor(Date.now() / 1000);
    const claims = {
      iss: issuer,
      aud: grant.clientId,
      iat: now,
      exp: now + 300,
      nonce: grant.nonce,
      ...grant.person,
      ...provider.lies,
    };
    const key = provider.usesForeignKey ? foreign.privateKey : keys.privateKey;
    const accessToken = randomBytes(16).toString('hex');
    tokens.set(accessToken, grant.person);
    send(response, 200, {
      access_token: accessToken,
      token_type: 'Bearer',
      expires_in: 300,
      id_token: await new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid }).sign(key),
    });
  }
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}
