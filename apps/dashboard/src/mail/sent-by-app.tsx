import { Switch } from '@radix-ui/themes';
import { sentenceOf } from '../core/problems.ts';
import { type Settings, useUpdateSettings } from '../environments/queries.ts';
import { SettingRow } from '../parts/field.tsx';
import { toast } from '../parts/toast.tsx';

const kinds = [
  {
    field: 'send_verification_mails',
    label: 'Codes that verify an address',
    about: 'Event email_verification.created; the code is at GET /user_management/email_verification/{id}.',
  },
  {
    field: 'send_magic_auth_mails',
    label: 'Codes to sign in with',
    about: 'Event magic_auth.created; the code is at GET /user_management/magic_auth/{id}.',
  },
  {
    field: 'send_password_reset_mails',
    label: 'Links that reset a password',
    about: 'Event password_reset.created; the link is at GET /user_management/password_reset/{id}.',
  },
  {
    field: 'send_invitation_mails',
    label: 'Invitations',
    about: 'Event invitation.created; the link is at GET /user_management/invitations/{id}.',
  },
] as const;

/** Which mails are sent from here, and which the application sends itself. */
export function SentByApp({ settings }: { settings: Settings }) {
  const update = useUpdateSettings();
  const change = (field: (typeof kinds)[number]['field'], label: string, sends: boolean) =>
    update.mutate(
      { [field]: sends },
      {
        onSuccess: () => toast(sends ? `${label}: sent from here` : `${label}: sent by your application`),
        onError: (error) => toast(sentenceOf(error)),
      },
    );
  return kinds.map(({ field, label, about }) => (
    <SettingRow key={field} id={field} label={label} about={about}>
      <Switch
        id={field}
        aria-describedby={`${field}-about`}
        checked={settings[field]}
        disabled={update.isPending}
        onCheckedChange={(sends) => change(field, label, sends)}
      />
    </SettingRow>
  ));
}
