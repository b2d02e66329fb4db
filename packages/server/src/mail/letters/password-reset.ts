import { z } from 'zod';
import { button, letterKind, pageOf, paragraph } from './letter.ts';

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

/** Whoever did not change it cannot sign in any more, so the button leads to where a link for another one is asked for. */
export const passwordChanged = letterKind('password_changed', z.object({}), (_data, sender) => {
  const { t, app } = sender;
  return {
    subject: t('mail.passwordChangedSubject', { app }),
    title: t('mail.passwordChangedTitle'),
    preview: t('mail.passwordChangedNext'),
    body: [
      paragraph('mail.passwordChanged', { app }),
      paragraph('mail.passwordChangedNext'),
      paragraph('mail.newDeviceNotYou'),
      button('mail.resetTitle', pageOf(sender, '/forgot-password')),
    ],
    small: [t('mail.newDeviceCalm')],
  };
});
