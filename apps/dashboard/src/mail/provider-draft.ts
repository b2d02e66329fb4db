import type { MailProvider, ProviderBody, ProviderSettings } from './queries.ts';

type Preset = MailProvider['presets'][number];

/** What the form shows; the password is apart, as drafts rest in the tab's storage. */
export interface ProviderDraft {
  readonly preset: Preset['name'];
  readonly host: string;
  readonly port: string;
  readonly security: Preset['security'];
  readonly username: string;
  readonly fromAddress: string;
  readonly fromName: string;
  readonly replyTo: string;
  readonly enabled: boolean;
}

export const emptyDraft: ProviderDraft = {
  preset: 'smtp',
  host: '',
  port: '587',
  security: 'starttls',
  username: '',
  fromAddress: '',
  fromName: '',
  replyTo: '',
  enabled: true,
};

export const draftOf = (saved: ProviderSettings | null): ProviderDraft =>
  saved === null
    ? emptyDraft
    : {
        preset: saved.preset,
        host: saved.host,
        port: String(saved.port),
        security: saved.security,
        username: saved.username ?? '',
        fromAddress: saved.from_address,
        fromName: saved.from_name ?? '',
        replyTo: saved.reply_to ?? '',
        enabled: saved.enabled,
      };

/** What a preset fills in: where the server is, and the user name where everybody has the same. */
export const filledBy = ({ name, host, port, security, username }: Preset): Partial<ProviderDraft> => ({
  preset: name,
  host,
  port: String(port),
  security,
  username: username ?? '',
});

export const bodyOf = (draft: ProviderDraft, password: string): ProviderBody => ({
  preset: draft.preset,
  host: draft.host,
  port: Number(draft.port),
  security: draft.security,
  username: draft.username.trim() || null,
  ...(password === '' ? {} : { password }),
  from_address: draft.fromAddress,
  from_name: draft.fromName.trim() || null,
  reply_to: draft.replyTo.trim() || null,
  enabled: draft.enabled,
});

export const shownFields = [
  'host',
  'port',
  'security',
  'username',
  'password',
  'from_address',
  'from_name',
  'reply_to',
] as const;
