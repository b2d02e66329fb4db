import { z } from 'zod';
import { button, letterKind, pageOf, paragraph } from './letter.ts';

const texts = {
  connected: { title: 'mail.providerConnectedTitle', happened: 'mail.providerConnected' },
  disconnected: { title: 'mail.providerDisconnectedTitle', happened: 'mail.providerDisconnected' },
} as const;

/** Tells the person that somebody’s account at a provider signs in to theirs from now on, or no longer does. */
export const providerChanged = letterKind(
  'provider_changed',
  z.object({ change: z.enum(['connected', 'disconnected']), provider: z.string() }),
  ({ change, provider }, sender) => {
    const { t, app } = sender;
    const { title, happened } = texts[change];
    return {
      subject: t('mail.accountSubject', { title: t(title, { provider }), app }),
      title: t(title, { provider }),
      preview: t(happened, { app, provider }),
      body: [paragraph(happened, { app, provider }), button('account.title', pageOf(sender, '/account'))],
      small: [t('mail.notYou', { app })],
    };
  },
);
