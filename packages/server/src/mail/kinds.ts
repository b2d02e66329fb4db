import type { Settings } from '../environments/index.ts';
import type { Letter } from './write-mail.ts';

/** The kinds that an application may send itself, because the API gives it the code or the link. */
const switches: Partial<Record<Letter['template'], keyof Settings>> = {
  verify_email: 'sendVerificationMails',
  magic_auth: 'sendMagicAuthMails',
  password_reset: 'sendPasswordResetMails',
  invitation: 'sendInvitationMails',
};

/** What has no switch is always ours: notices about an account, which the API does not give anybody else to send. */
export function isSentByApp(settings: Settings, template: Letter['template']): boolean {
  const name = switches[template];
  return name !== undefined && settings[name] === false;
}
