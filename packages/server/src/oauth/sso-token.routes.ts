import { z } from 'zod';
import { anyone, InvalidRequestParameters, type Route, reply, route, Secret } from '../core/index.ts';
import { accessTokenSeconds, Profile, redeemSsoCode, toProfileWire } from '../sso/index.ts';
import { authenticateClient } from './client-authentication.ts';
import { InvalidClient, InvalidGrant, UnauthorizedClient, UnsupportedGrantType } from './errors.ts';

const SsoTokenResponse = z
  .object({
    token_type: z.literal('Bearer'),
    access_token: z.string().describe('For `GET /sso/profile`, and for nothing else.'),
    expires_in: z.number().int(),
    profile: Profile,
  })
  .meta({ id: 'SsoTokenResponse' });

const maxLength = 4096;
const value = z.string().max(maxLength);
const SsoTokenRequest = z.object({
  client_id: value,
  client_secret: value.describe('An API key of the environment.'),
  grant_type: z.literal('authorization_code'),
  code: value,
});

/** A parameter as it was sent, in a form or as JSON. @throws {InvalidRequestParameters} */
function textOf(body: Readonly<Record<string, unknown>>, field: string): string {
  const sent = body[field];
  if (typeof sent === 'string' && sent !== '' && sent.length <= maxLength) return sent;
  const isMissing = sent === undefined || sent === null || sent === '';
  const message = `The parameter '${field}' is ${isMissing ? 'missing' : 'not valid'}.`;
  throw new InvalidRequestParameters([{ code: `${field}_invalid`, message, field }]);
}

const token = route(
  {
    operationId: 'getSsoToken',
    method: 'POST',
    path: '/sso/token',
    summary: 'Get a profile and an access token for a code of `/sso/authorize`',
    description: 'As a form or as JSON. The code works once, for ten minutes.',
    auth: anyone('the client proves itself with its secret'),
    body: z.record(z.string(), z.unknown()),
    documentedBody: SsoTokenRequest,
    returns: { status: 200, body: SsoTokenResponse },
    errors: [InvalidClient, UnauthorizedClient, InvalidGrant, UnsupportedGrantType],
    form: true,
  },
  async ({ body, request }, services) => {
    if (textOf(body, 'grant_type') !== 'authorization_code')
      throw new UnsupportedGrantType("The grant type is not supported; send 'authorization_code'.");
    const [clientId, code] = [textOf(body, 'client_id'), new Secret(textOf(body, 'code'))];
    if (body.client_secret === undefined) throw new UnauthorizedClient('This grant needs the client secret.');
    const { tenant } = await authenticateClient(services, clientId, textOf(body, 'client_secret'), request);
    const redeemed = await redeemSsoCode(services, tenant, { clientId, code });
    if (!redeemed) throw new InvalidGrant('The code has expired or has already been used.');
    const answer: z.input<typeof SsoTokenResponse> = {
      token_type: 'Bearer',
      access_token: redeemed.accessToken.reveal(),
      expires_in: accessTokenSeconds,
      profile: toProfileWire(redeemed.profile, redeemed.connection),
    };
    return reply.json(answer, { headers: { 'cache-control': 'no-store' } });
  },
);

export const ssoTokenRoutes: readonly Route[] = [token];
