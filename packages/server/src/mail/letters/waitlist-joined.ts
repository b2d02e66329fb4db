import { z } from 'zod';
import { letterKind, paragraph } from './letter.ts';

export const waitlistJoined = letterKind('waitlist_joined', z.object({}), (_, { t, app }) => ({
  subject: t('organizations.waitlistSubject', { app }),
  title: t('organizations.waitlistTitle'),
  preview: t('organizations.waitlistNext'),
  body: [paragraph('organizations.waitlistJoined', { app }), paragraph('organizations.waitlistNext')],
  small: [t('organizations.mailCalm')],
}));
