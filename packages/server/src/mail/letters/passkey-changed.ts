import { z } from 'zod';
import { button, letterKind, pageOf, paragraph } from './letter.ts';

const texts = {
  added: { title: 'mail.passkeyAddedTitle', happened: 'mail.passkeyAdded' },
  removed: { title: 'mail.passkeyRemovedTitle', happened: 'mail.passkeyRemoved' },
} as const;

/** Tells the person that there is another way into their account, or one less: whoever did it may have been somebody else. */
export const passkeyChanged = letterKind(
  'passkey_changed',
  z.object({ change: z.enum(['added', 'removed']) }),
  ({ change }, sender) => {
    const { t, app } = sender;
    const { title, happened } = texts[change];
    return {
      subject: t('mail.accountSubject', { title: t(title), app }),
      title: t(title),
      preview: t(happened, { app }),
      body: [paragraph(happened, { app }), button('account.title', pageOf(sender, '/account'))],
      small: [t('mail.notYou', { app })],
    };
  },
);
