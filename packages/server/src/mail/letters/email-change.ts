import { z } from 'zod';
import { unlinked } from '../app-name.ts';
import { code, letterKind, paragraph } from './letter.ts';

/** To the address somebody wants to have. */
export const emailChange = letterKind(
  'email_change',
  z.object({ code: z.string().regex(/^\d{6}$/), expiresInMinutes: z.number().int().positive() }),
  (data, { t, app }) => {
    const use = { minutes: data.expiresInMinutes };
    return {
      subject: t('mail.newAddressSubject', { code: data.code, app }),
      title: t('mail.newAddressTitle'),
      preview: t('mail.codeUse', use),
      body: [paragraph('mail.newAddress', { app }), code(data.code), paragraph('mail.codeUse', use)],
      small: [t('mail.newAddressCalm')],
      boundCode: data.code,
    };
  },
);

/** To the address from before and the new one. */
export const emailChanged = letterKind(
  'email_changed',
  z.object({ newEmail: z.string() }),
  ({ newEmail }, { t, app }) => ({
    subject: t('mail.addressChangedSubject', { app }),
    title: t('mail.addressChangedTitle'),
    preview: t('mail.addressChangedPreview', { email: unlinked(newEmail) }),
    body: [paragraph('mail.addressChanged', { app, email: unlinked(newEmail) })],
    small: [t('mail.addressChangedAlarm', { app })],
  }),
);
