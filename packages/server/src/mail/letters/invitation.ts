import { z } from 'zod';
import { unlinked } from '../app-name.ts';
import { button, letterKind, paragraph } from './letter.ts';

/** Both names are somebody's choice: neither may look like a link, because the button must be the only one. */
export const invitation = letterKind(
  'invitation',
  z.object({
    url: z.url({ protocol: /^https?$/ }),
    /** Null: to the application alone. */
    organizationName: z.string().nullable(),
    /** Null: nobody in particular. */
    inviterName: z.string().nullable(),
    expiresInDays: z.number().int().positive(),
  }),
  ({ url, organizationName, inviterName, expiresInDays }, { t, app }) => {
    const where = organizationName === null ? app : unlinked(organizationName);
    const key = inviterName === null ? 'organizations.mailInvited' : 'organizations.mailInvitedBy';
    const names = { where, inviter: unlinked(inviterName ?? '') };
    return {
      subject: t('organizations.mailSubject', { where }),
      title: t('organizations.mailTitle'),
      preview: t(key, names),
      body: [
        paragraph(key, names),
        paragraph('organizations.mailWhere', { app }),
        button('organizations.acceptInvitation', url),
      ],
      small: [t('organizations.mailLifetime', { days: expiresInDays }), t('organizations.mailCalm')],
    };
  },
);
