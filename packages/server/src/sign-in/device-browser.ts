/** What a browser at the device page holds between its steps: the code that was typed, and what proves its forms. */
import { base62, type CookieToSet, newSecret, type RequestInfo, type Services, sameText } from '../core/index.ts';
import { isSameOrigin } from './browser.ts';
import { ForgedForm } from './errors.ts';

/** Not `authkit-device-…`, by which we know a browser again. */
const cookieName = 'authkit-typed-code';
/** As long as a code lives. */
const cookieSeconds = 600;
const place = `cookie/${cookieName}`;

export interface HeldDevice {
  readonly id: string;
  readonly environmentId: string;
  /** As the device shows it. */
  readonly userCode: string;
}

export interface DeviceBrowser {
  readonly secret: string;
  /** The device whose code was typed here; null before that, and once it was answered. */
  readonly device: HeldDevice | null;
  /** Whose page the last one was. */
  readonly environmentId: string | null;
}

/** Sealed: an address alone, or a cookie that somebody made up, leads to no device. */
export function deviceBrowser({ vault }: Pick<Services, 'vault'>, request: RequestInfo): DeviceBrowser | null {
  const sealed = request.cookie(cookieName);
  if (!sealed) return null;
  try {
    return JSON.parse(vault.open(sealed, place));
  } catch {
    return null;
  }
}

export const newDeviceBrowser = (): DeviceBrowser => ({
  secret: newSecret().reveal(),
  device: null,
  environmentId: null,
});

export const deviceCookie = ({ vault }: Pick<Services, 'vault'>, held: DeviceBrowser): CookieToSet => ({
  name: cookieName,
  value: vault.seal(JSON.stringify(held), place),
  maxAgeSeconds: cookieSeconds,
});

export const deviceCsrf = ({ vault }: Pick<Services, 'vault'>, { secret }: DeviceBrowser): string =>
  base62(vault.mac('device-csrf', secret));

/**
 * The browser whose form this is.
 *
 * @throws {ForgedForm} when it did not come from our page in this browser
 */
export function ownDeviceForm(services: Services, presented: string, request: RequestInfo): DeviceBrowser {
  const held = deviceBrowser(services, request);
  if (held && sameText(presented, deviceCsrf(services, held)) && isSameOrigin(services, request)) return held;
  throw new ForgedForm({
    heading: 'errors.forgedForm',
    message: 'errors.forgedFormWhy',
    advice: 'errors.forgedFormAdvice',
    restart: { label: 'device.enterCode', url: '/device' },
  });
}
