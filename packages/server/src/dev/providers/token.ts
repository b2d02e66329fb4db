import { createHash, createPrivateKey, createPublicKey, verify } from 'node:crypto';
import { type Reply, type RequestInfo, reply, sameText } from '../../core/index.ts';
import type { Credentials } from '../../social/index.ts';
import type { Simulated } from './endpoints.ts';
import type { Grant, Grants } from './grants.ts';
import type { Signing } from './signing.ts';

const accessTokenSeconds = 3600;
const idTokenSeconds = 600;

type Sent = Readonly<Record<string, unknown>>;

/** The token endpoint (RFC 6749 section 3.2): a code or a refresh token in, tokens out. */
export async function exchange(
  at: Simulated,
  { grants, signing }: { readonly grants: Grants; readonly signing: Signing },
  body: Sent,
  request: RequestInfo,
): Promise<Reply> {
  const text = (name: string): string => (typeof body[name] === 'string' ? body[name] : '');
  const { credentials, key } = at;
  if (!isClient(at, credentials, text, request)) return failed(at, 'invalid_client', 401);
  switch (text('grant_type')) {
    case 'authorization_code': {
      const grant = grants.redeemCode(key, text('code'));
      if (grant?.redirectUri !== text('redirect_uri')) return failed(at, 'invalid_grant');
      if (!provesChallenge(grant, text('code_verifier'))) return failed(at, 'invalid_grant');
      return answer(at, grant, grants, await idTokenOf(at, grant, credentials, signing));
    }
    case 'refresh_token': {
      const grant = grants.findByToken(key, text('refresh_token'));
      return grant ? answer(at, grant, grants, null) : failed(at, 'invalid_grant');
    }
    default:
      return failed(at, 'unsupported_grant_type');
  }
}

/** The client proves itself in the one way its provider knows. */
function isClient(
  { description, contract }: Simulated,
  { clientId, secret }: Credentials,
  text: (name: string) => string,
  { authorization }: RequestInfo,
): boolean {
  if (description.clientAuthentication === 'client_secret_basic') {
    const [, encoded = ''] = /^Basic (\S+)$/i.exec(authorization ?? '') ?? [];
    const presented = Buffer.from(encoded, 'base64').toString().split(':').map(formDecoded);
    return secret.kind === 'text' && sameText(presented.join(':'), `${clientId}:${secret.value}`);
  }
  if (authorization !== null || text('client_id') !== clientId) return false;
  return secret.kind === 'text'
    ? sameText(text('client_secret'), secret.value)
    : isSignedByClient(text('client_secret'), { clientId, ...secret }, contract.issuer ?? '');
}

/** Name and secret are form-encoded before they are joined (RFC 6749 section 2.3.1). */
const formDecoded = (value: string): string => new URLSearchParams(`v=${value}`).get('v') ?? '';

/** Apple's kind of secret: signed by the developer's key, made for Apple, not out of date. */
function isSignedByClient(
  jwt: string,
  key: { readonly clientId: string; readonly teamId: string; readonly keyId: string; readonly privateKey: string },
  audience: string,
): boolean {
  const [header = '', claims = '', signature = ''] = jwt.split('.');
  const publicKey = createPublicKey(createPrivateKey(key.privateKey));
  const isGenuine = verify(
    'sha256',
    Buffer.from(`${header}.${claims}`),
    { key: publicKey, dsaEncoding: 'ieee-p1363' },
    Buffer.from(signature, 'base64url'),
  );
  if (!isGenuine) return false;
  const read = (part: string): Sent => JSON.parse(Buffer.from(part, 'base64url').toString());
  const { iss, sub, aud, exp } = read(claims);
  const { alg, kid } = read(header);
  const isNow = typeof exp === 'number' && exp > Date.now() / 1000;
  return (
    alg === 'ES256' && kid === key.keyId && iss === key.teamId && sub === key.clientId && aud === audience && isNow
  );
}

/** A verifier without a challenge is refused as well (RFC 9700 section 4.8.2). */
function provesChallenge({ codeChallenge }: Grant, verifier: string): boolean {
  if (codeChallenge === null) return verifier === '';
  return sameText(createHash('sha256').update(verifier).digest('base64url'), codeChallenge);
}

async function idTokenOf(
  { contract, description, answersOf }: Simulated,
  { account, nonce }: Grant,
  { clientId }: Credentials,
  signing: Signing,
): Promise<string | null> {
  if (contract.kind !== 'oidc') return null;
  // The provider's clock and not ours: a test that moves our time must not make every token of others stale.
  const at = Math.floor(Date.now() / 1000);
  return signing.sign({
    iss: contract.issuer,
    aud: clientId,
    sub: account.subject,
    iat: at,
    exp: at + idTokenSeconds,
    ...(nonce !== null && description.contract.kind === 'oidc' && description.contract.returnsNonce ? { nonce } : {}),
    ...answersOf(account).idToken,
  });
}

function answer({ provider }: Simulated, grant: Grant, grants: Grants, idToken: string | null): Reply {
  const isGitHub = provider === 'GitHubOAuth';
  // Its ID token is all that the marketplace gives.
  const isBare = provider === 'VercelMarketplaceOAuth';
  return reply.json({
    access_token: isBare ? null : grants.issueToken(grant),
    token_type: isBare ? null : 'Bearer',
    scope: grant.scopes.join(isGitHub ? ',' : ' '),
    ...(isGitHub ? {} : { expires_in: accessTokenSeconds }),
    ...(isGitHub || isBare ? {} : { refresh_token: grants.issueToken(grant) }),
    ...(idToken === null ? {} : { id_token: idToken }),
  });
}

/** RFC 6749 section 5.2; GitHub calls its errors 200. */
const failed = ({ provider }: Simulated, error: string, status = 400): Reply =>
  reply.json({ error, error_description: `Refused: ${error}.` }, { status: provider === 'GitHubOAuth' ? 200 : status });
