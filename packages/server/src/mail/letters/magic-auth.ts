import { z } from 'zod';
import { code, letterKind, paragraph } from './letter.ts';

export const magicAuth = letterKind(
  'magic_auth',
  z.object({ code: z.string().regex(/^\d{6}$/), expiresInMinutes: z.number().int().positive() }),
  (data, { t, app }) => {
    const use = { minutes: data.expiresInMinutes };
    return {
      subject: t('mail.signInCodeSubject', { code: data.code, app }),
      title: t('mail.signInCodeTitle'),
      preview: t('mail.codeUse', use),
      body: [paragraph('mail.signInCodeHere', { app }), code(data.code), paragraph('mail.codeUse', use)],
      small: [t('mail.codeWarning', { app })],
      boundCode: data.code,
    };
  },
);
