import { z } from 'zod';
import { button, letterKind, pageOf, paragraph } from './letter.ts';

const texts = {
  enrolled: { title: 'mail.factorEnrolledTitle', happened: 'mail.factorEnrolled', next: 'mail.factorEnrolledNext' },
  removed: { title: 'mail.factorRemovedTitle', happened: 'mail.factorRemoved', next: 'mail.factorRemovedNext' },
  reset: { title: 'mail.factorsResetTitle', happened: 'mail.factorsReset', next: 'mail.factorsResetNext' },
  recovery_code_redeemed: {
    title: 'mail.recoveryCodeTitle',
    happened: 'mail.recoveryCode',
    next: 'mail.recoveryCodeNext',
  },
} as const;

/** Tells the person what happened to their second factor: whoever did it may have been somebody else. */
export const secondFactorChanged = letterKind(
  'second_factor_changed',
  /** `codesLeft`: how many recovery codes still work, where one was used. */
  z.object({
    change: z.enum(['enrolled', 'removed', 'reset', 'recovery_code_redeemed']),
    codesLeft: z.number().int().min(0).optional(),
  }),
  ({ change, codesLeft }, sender) => {
    const { t, app } = sender;
    const { title, happened, next } = texts[change];
    return {
      subject: t('mail.accountSubject', { title: t(title), app }),
      title: t(title),
      preview: t(happened, { app }),
      body: [
        paragraph(happened, { app }),
        paragraph(next, { count: codesLeft ?? 0 }),
        button('account.title', pageOf(sender, '/account')),
      ],
      small: [t('mail.notYou', { app })],
    };
  },
);
