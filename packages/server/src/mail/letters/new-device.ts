import { z } from 'zod';
import { button, letterKind, paragraph } from './letter.ts';

/** Tells somebody that their account was signed in to from a browser it was never used in before. */
export const newDevice = letterKind(
  'new_device',
  /** `browser`: `Firefox on Linux`. It and the address are null where nobody could say. */
  z.object({
    at: z.iso.datetime(),
    browser: z.string().nullable(),
    ipAddress: z.string().nullable(),
    changePasswordUrl: z.url(),
  }),
  ({ at, browser, ipAddress, changePasswordUrl }, { t, app }) => ({
    subject: t('mail.accountSubject', { title: t('mail.newDeviceTitle'), app }),
    title: t('mail.newDeviceTitle'),
    preview: t('mail.newDevice', { app }),
    body: [
      paragraph('mail.newDevice', { app }),
      paragraph('mail.newDeviceWhen', { at: t.dateTime(new Date(at)) }),
      ...(browser === null ? [] : [paragraph('mail.newDeviceBrowser', { browser })]),
      ...(ipAddress === null ? [] : [paragraph('mail.newDeviceAddress', { address: ipAddress })]),
      paragraph('mail.newDeviceNotYou'),
      button('mail.newDeviceChange', changePasswordUrl),
    ],
    small: [t('mail.newDeviceCalm')],
  }),
);
