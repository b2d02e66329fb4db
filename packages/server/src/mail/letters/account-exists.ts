import { z } from 'zod';
import { button, letterKind, paragraph } from './letter.ts';

/** Goes out when somebody signs up with an address that has an account. The page says the same as for a new one. */
export const accountExists = letterKind(
  'account_exists',
  /** `signInUrl`: where the application lets people sign in; null when it has not said. */
  z.object({ signInUrl: z.string().nullable() }),
  ({ signInUrl }, { t, app }) => ({
    subject: t('mail.accountExistsSubject', { app }),
    title: t('mail.accountExistsTitle'),
    preview: t('mail.accountExistsPreview'),
    body: [
      paragraph('mail.accountExists', { app }),
      // An app's own scheme (`acme://login`) is no address that mail programs open.
      signInUrl && /^https?:\/\//.test(signInUrl)
        ? button('signIn.signIn', signInUrl)
        : paragraph('mail.accountExistsBack'),
    ],
    small: [t('mail.accountExistsCalm')],
  }),
);
