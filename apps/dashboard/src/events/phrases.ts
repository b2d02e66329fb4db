import { dayOf } from '../core/dates.ts';
import { phrases } from './event-phrases.ts';
import type { Event } from './queries.ts';

type Tone = 'plain' | 'good' | 'danger';

interface Phrase {
  readonly text: string;
  readonly tone: Tone;
}

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
  if (/failed|replayed|reused|denied|went_back|renewal_required/.test(name)) return 'danger';
  return /succeeded|completed/.test(name) ? 'good' : 'plain';
}

function spelledOut(name: string): string {
  const words = name.replaceAll(/[._]/g, ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export interface EventSubject {
  readonly userId: string | null;
  readonly organizationId: string | null;
  /** Of the person or the organization, as far as the event says. */
  readonly email: string | null;
  readonly organization: string | null;
  /** Why something failed; else what else it is about: a domain, a key, a connection. */
  readonly detail: string | null;
}

/** Whom and what an event is about, as far as its data says. */
export function subjectOf({ event, data }: Event): EventSubject {
  const isUser = data.object === 'user' || event.startsWith('user.');
  const isOrganization = data.object === 'organization';
  return {
    userId: text(isUser ? (data.user_id ?? data.id) : data.user_id),
    organizationId: text(
      isOrganization
        ? data.id
        : (data.organization_id ?? within(data.sso, 'organization_id') ?? within(data.connection, 'organization_id')),
    ),
    email: text(data.email),
    organization: text(isOrganization ? data.name : data.organization_name),
    detail: text(
      within(data.error, 'message') ?? certificateOf(data) ?? data.domain ?? (isOrganization ? null : data.name),
    ),
  };
}

/** Whose certificate it is, and how long it is good for. */
function certificateOf({ certificate, days_until_expiry: days }: Event['data']): string | null {
  const type = within(certificate, 'certificate_type');
  if (typeof type !== 'string') return null;
  const whose = type === 'ResponseSigning' ? 'The provider’s certificate' : 'Our certificate';
  if (within(certificate, 'is_expired') === true) return `${whose} has expired`;
  const end = within(certificate, 'expiry_date');
  if (typeof days !== 'number') return typeof end === 'string' ? `${whose} is good until ${dayOf(end)}` : whose;
  return `${whose} expires in ${days === 1 ? '1 day' : `${days} days`}`;
}

const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

const within = (value: unknown, field: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, field) : undefined;
