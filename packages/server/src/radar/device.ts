import {
  base62,
  type CookieToSet,
  days,
  type Hash,
  type RequestInfo,
  randomBase62,
  type Services,
  sameText,
  sha256,
  type Tenant,
} from '../core/index.ts';

/** A browser, or what an application calls a device. */
export interface Device {
  /** What is kept of it. */
  readonly hash: Hash;
  /** The cookie's value; null where there is no browser of ours behind it. */
  readonly cookie: string | null;
}

const cookieSeconds = days(365) / 1000;
const form = /^([0-9A-Za-z]{22})\.([0-9A-Za-z]{43,44})$/;

/** One per environment: an origin serves many, and none is to know what people do in another. */
const cookieNameOf = ({ environmentId }: Pick<Tenant, 'environmentId'>): string =>
  `authkit-device-${environmentId.slice('environment_'.length).toLowerCase()}`;

/**
 * The browser of a request: the one its cookie names, or a new one. The cookie is a random value with our MAC, so that
 * nobody can choose one, and says nothing about who signed in.
 *
 * @param attemptId - a new device is derived from it: a form that was sent twice makes one device and not two
 */
export function deviceOf(
  { vault }: Pick<Services, 'vault'>,
  tenant: Tenant,
  request: Pick<RequestInfo, 'cookie'>,
  attemptId: string | null = null,
): Device {
  const known = form.exec(request.cookie(cookieNameOf(tenant)) ?? '')?.[1];
  const isOurs =
    known !== undefined && sameText(request.cookie(cookieNameOf(tenant)) ?? '', signed(vault, tenant, known));
  const drawn = attemptId === null ? randomBase62(22) : base62(vault.mac('device-id', attemptId)).slice(-22);
  const id = isOurs ? known : drawn;
  return { hash: hashOf(tenant, id), cookie: signed(vault, tenant, id) };
}

const signed = (vault: Services['vault'], { environmentId }: Tenant, id: string): string =>
  `${id}.${base62(vault.mac('device', `${environmentId}\n${id}`))}`;

const hashOf = ({ environmentId }: Tenant, id: string): Hash => sha256(`${environmentId}\n${id}`);

/** What an application's server calls the device it speaks for (`device_id`). */
export const deviceOfApp = (tenant: Tenant, deviceId: string): Device => ({
  hash: hashOf(tenant, `app\n${deviceId}`),
  cookie: null,
});

/** Set with every sign-in, so that a browser in use stays known. */
export const deviceCookie = (tenant: Tenant, { cookie }: Device): CookieToSet[] =>
  cookie === null ? [] : [{ name: cookieNameOf(tenant), value: cookie, maxAgeSeconds: cookieSeconds }];
