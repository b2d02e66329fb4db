import { z } from 'zod';
import { anyone, OAuthError, type Route, route } from '../../core/index.ts';
import { addressOf } from '../../environments/index.ts';
import { authenticateClient } from '../client-authentication.ts';
import { InvalidClient, InvalidRequest } from '../errors.ts';
import { beginDeviceAuthorization, deviceLifetimeSeconds, pollIntervalSeconds } from './begin.ts';

/** The owner of the environment has switched the device flow off. */
export class DeviceAuthorizationOff extends OAuthError {
  static override readonly code = 'access_denied';
  static override readonly status = 403;
}

const DeviceAuthorization = z
  .object({
    device_code: z.string().describe('What the device polls with. Never shown.'),
    user_code: z.string().describe('What the person types, `BCDF-GHJK`; dashes and case do not matter.'),
    verification_uri: z.string().describe('The page to type it on.'),
    verification_uri_complete: z.string().describe('The same with the code filled in, for a QR code or a link.'),
    expires_in: z.number().describe('Seconds until both codes are over.'),
    interval: z.number().describe('Seconds to wait between two polls.'),
  })
  .meta({ id: 'DeviceAuthorization' });

const DeviceAuthorizationRequest = z.object({
  client_id: z.string().describe('`client_…`'),
  client_secret: z.string().nullish().describe('An API key of the environment, where the client has one.'),
  scope: z.string().nullish().describe('Accepted and not used.'),
});

const begin = route(
  {
    operationId: 'authorizeDevice',
    method: 'POST',
    path: '/user_management/authorize/device',
    summary: 'Start a sign-in on a device without a browser',
    description:
      'The device authorization endpoint (RFC 8628 section 3.1). Show `user_code` and `verification_uri`, then poll `POST /user_management/authenticate` with `device_code`.',
    auth: anyone('a device has no credential; the person decides on a page of ours'),
    documentedBody: DeviceAuthorizationRequest,
    body: z.unknown(),
    returns: { status: 200, body: DeviceAuthorization },
    errors: [InvalidRequest, InvalidClient, DeviceAuthorizationOff],
    form: true,
    cors: 'client',
  },
  async ({ body, request }, services) => {
    const wanted = DeviceAuthorizationRequest.safeParse(body);
    if (!wanted.success) throw new InvalidRequest("The parameter 'client_id' is missing.");
    const { client } = await authenticateClient(
      services,
      wanted.data.client_id,
      wanted.data.client_secret ?? null,
      request,
    );
    if (!client.environment.settings.deviceAuthorization) {
      throw new DeviceAuthorizationOff(
        'Device authorization is switched off in this environment. Its owner can switch it on under Authentication.',
      );
    }
    const { deviceCode, userCode } = await beginDeviceAuthorization(services, client, request);
    const page = `${addressOf(services.config, client.environment)}/device`;
    return {
      device_code: deviceCode.reveal(),
      user_code: userCode,
      verification_uri: page,
      verification_uri_complete: `${page}?user_code=${userCode}`,
      expires_in: deviceLifetimeSeconds,
      interval: pollIntervalSeconds,
    };
  },
);

export const deviceRoutes: readonly Route[] = [begin];
