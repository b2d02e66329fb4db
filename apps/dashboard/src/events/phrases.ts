import type { Event } from './queries.ts';

type Tone = 'plain' | 'good' | 'danger';

interface Phrase {
  readonly text: string;
  readonly tone: Tone;
}

const phrases: Readonly<Record<string, string>> = {
  'user.created': 'Account created',
  'user.updated': 'Profile changed',
  'user.deleted': 'Account deleted',
  'session.created': 'Session started',
  'session.revoked': 'Session ended',
  'email_verification.created': 'Verification code sent',
  'authentication.password_succeeded': 'Password accepted',
  'authentication.password_failed': 'Password refused',
  'authentication.email_verification_succeeded': 'Email address verified',
  'authentication.email_verification_failed': 'Verification code refused',
  'authentication.magic_auth_succeeded': 'Signed in with an emailed code',
  'authentication.magic_auth_failed': 'Emailed code refused',
  'authentication.passkey_succeeded': 'Passkey accepted',
  'authentication.passkey_failed': 'Passkey refused',
  'passkey.created': 'Passkey added',
  'passkey.updated': 'Passkey renamed',
  'passkey.deleted': 'Passkey deleted',
  'passkey.counter_went_back': 'A passkey was used that may be a copy',
  'authentication.oauth_succeeded': 'Signed in with a social account',
  'authentication.sso_succeeded': 'Signed in through single sign-on',
  'sign_in.completed': 'Signed in',
  'device_authorization.approved': 'A device was let in',
  'device_authorization.denied': 'A device was turned away',
  'impersonation.requested': 'An operator asked to act as this user',
  'impersonation.started': 'An operator began to act as this user',
  'impersonation.ended': 'An operator stopped acting as this user',
  'user.credentials_changed': 'Password changed',
  'refresh_token.reused': 'A spent refresh token was used again, so the session was ended',
  'authorization_code.replayed': 'A spent authorization code was used again',
  'organization.created': 'Organization created',
  'organization.updated': 'Organization changed',
  'organization.deleted': 'Organization deleted',
  'organization.policy_updated': 'Policy of an organization changed',
  'organization_membership.created': 'Became a member of an organization',
  'organization_membership.updated': 'Membership changed',
  'organization_membership.deleted': 'Left an organization',
  'organization_domain.created': 'Domain added',
  'organization_domain.updated': 'Domain changed',
  'organization_domain.deleted': 'Domain removed',
  'organization_domain.verified': 'Domain verified',
  'organization_domain.verification_failed': 'Domain not verified',
  'invitation.created': 'Invitation sent',
  'invitation.resent': 'Invitation sent again',
  'invitation.accepted': 'Invitation accepted',
  'invitation.revoked': 'Invitation revoked',
  'waitlist_user.created': 'Joined the waitlist',
  'waitlist_user.approved': 'Let in from the waitlist',
  'waitlist_user.denied': 'Turned down on the waitlist',
  'suppressed_address.created': 'Nothing more is sent to an address',
  'suppressed_address.deleted': 'Mail may go to an address again',
  'custom_domain.created': 'Custom domain added',
  'custom_domain.verified': 'Custom domain proved',
  'custom_domain.activated': 'Custom domain in use',
  'custom_domain.deactivated': 'Custom domain not in use any more',
  'custom_domain.deleted': 'Custom domain removed',
  'environment.updated': 'Settings changed',
  'signing_key.rotated': 'Signing keys rotated',
  'api_key.created': 'API key created',
  'api_key.revoked': 'API key revoked',
};

/** An event in words. One this dashboard has not met yet is shown by its own name, with spaces. */
export function phraseOf(event: Event): Phrase {
  const text = changedPart(event) ?? phrases[event.event] ?? spelledOut(event.event);
  return { text, tone: toneOf(event.event) };
}

const parts: Readonly<Record<string, string>> = {
  application: 'Application changed',
  redirect_uris: 'Redirect URIs changed',
  sign_out_redirects: 'Sign-out redirects changed',
  cors_origins: 'CORS origins changed',
  branding_draft: 'Draft of the branding saved',
  branding: 'Branding changed',
  mail_provider: 'Mail server changed',
};

/** What of the environment changed, where the event names a part that has words of its own. */
function changedPart({ event, data }: Event): string | undefined {
  if (event !== 'environment.updated' || typeof data.part !== 'string') return undefined;
  return data.part.startsWith('social_providers.') ? 'A social provider was set up' : parts[data.part];
}

function toneOf(name: string): Tone {
  if (/failed|replayed|reused|denied|went_back/.test(name)) return 'danger';
  return /succeeded|completed/.test(name) ? 'good' : 'plain';
}

function spelledOut(name: string): string {
  const words = name.replaceAll(/[._]/g, ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Whom an event is about, as far as its data says. */
export function subjectOf(event: Event): { userId: string | null; email: string | null } {
  const { user_id, email, id, object } = event.data;
  const own = object === 'user' || event.event.startsWith('user.') ? id : null;
  return { userId: textOr(user_id, textOr(own, null)), email: textOr(email, null) };
}

function textOr(value: unknown, otherwise: string | null): string | null {
  return typeof value === 'string' ? value : otherwise;
}
