import { z } from 'zod';
import { letterKind, paragraph } from './letter.ts';

/** Goes out when somebody signs in with an account elsewhere whose address nobody has here, and nobody may sign up. */
export const signUpClosed = letterKind('sign_up_closed', z.object({}), (_, { t, app }) => ({
  subject: t('social.closedSubject', { app }),
  title: t('social.closedTitle'),
  preview: t('social.closedNext'),
  body: [paragraph('social.closedMail', { app }), paragraph('social.closedNext')],
  small: [t('social.closedCalm')],
}));
