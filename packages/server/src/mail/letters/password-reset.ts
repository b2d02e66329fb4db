import { z } from 'zod';
import { button, letterKind, paragraph } from './letter.ts';

/** `url`: the page that sets a new password. Opening it spends nothing, so a scanner may. */
export const passwordReset = letterKind(
  'password_reset',
  z.object({ url: z.url({ protocol: /^https?$/ }), expiresInMinutes: z.number().int().positive() }),
  ({ url, expiresInMinutes }, { t, app }) => ({
    subject: t('mail.resetSubject', { app }),
    title: t('mail.resetTitle'),
    preview: t('mail.resetUse', { minutes: expiresInMinutes }),
    body: [paragraph('mail.reset', { app }), button('mail.resetTitle', url)],
    small: [t('mail.resetUse', { minutes: expiresInMinutes }), t('mail.resetCalm')],
  }),
);

/** Goes out in its place when nobody has the address. The page says the same as for somebody who has. */
export const noAccount = letterKind('no_account', z.object({}), (_data, { t, app }) => ({
  subject: t('mail.noAccountSubject', { app }),
  title: t('mail.noAccountTitle'),
  preview: t('mail.noAccountNext'),
  body: [paragraph('mail.noAccount', { app }), paragraph('mail.noAccountNext')],
  small: [t('mail.noAccountCalm')],
}));

export const passwordChanged = letterKind('password_changed', z.object({}), (_data, { t, app }) => ({
  subject: t('mail.passwordChangedSubject', { app }),
  title: t('mail.passwordChangedTitle'),
  preview: t('mail.passwordChangedNext'),
  body: [paragraph('mail.passwordChanged', { app }), paragraph('mail.passwordChangedNext')],
  small: [t('mail.passwordChangedAlarm')],
}));
