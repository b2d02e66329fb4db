import { Select } from '@radix-ui/themes';
import { useId } from 'react';
import { problemWith } from '../core/problems.ts';
import { FieldProblem, TextInput } from '../parts/field.tsx';
import type { ProviderDraft } from './provider-draft.ts';
import type { MailProvider } from './queries.ts';

interface PartProps {
  readonly draft: ProviderDraft;
  readonly onChange: (part: Partial<ProviderDraft>) => void;
  readonly error: unknown;
}

interface ServerProps extends PartProps {
  readonly preset: MailProvider['presets'][number] | undefined;
  readonly hasPassword: boolean;
  readonly password: string;
  readonly onPassword: (password: string) => void;
}

const asTyped = { dir: 'ltr', autoComplete: 'off', autoCapitalize: 'none', spellCheck: false } as const;

/** Where the mail server is, and who we are to it. */
export function ServerFields({ draft, preset, hasPassword, password, onPassword, onChange, error }: ServerProps) {
  return (
    <>
      <TextInput
        {...asTyped}
        label="Host"
        inputMode="url"
        placeholder="smtp.example.com"
        hint={draft.host.includes('<') ? 'Put your own in place of what stands in angle brackets.' : undefined}
        value={draft.host}
        onChange={(event) => onChange({ host: event.target.value })}
        problem={problemWith(error, 'host')}
      />
      <div className="field-pair">
        <TextInput
          {...asTyped}
          label="Port"
          inputMode="numeric"
          value={draft.port}
          onChange={(event) => onChange({ port: event.target.value })}
          problem={problemWith(error, 'port')}
        />
        <SecurityField draft={draft} onChange={onChange} error={error} />
      </div>
      <div className="field-pair">
        <TextInput
          {...asTyped}
          label="User name"
          hint={preset?.username_hint}
          value={draft.username}
          onChange={(event) => onChange({ username: event.target.value })}
          problem={problemWith(error, 'username')}
        />
        <TextInput
          {...asTyped}
          label="Password"
          type="password"
          autoComplete="new-password"
          hint={`${hasPassword ? 'One is kept and never shown again; leave this empty to keep it. ' : ''}${preset?.password_hint ?? ''}`}
          value={password}
          onChange={(event) => onPassword(event.target.value)}
          problem={problemWith(error, 'password')}
        />
      </div>
    </>
  );
}

function SecurityField({ draft, onChange, error }: PartProps) {
  const id = useId();
  const problem = problemWith(error, 'security');
  return (
    <div className="field">
      <label htmlFor={id} className="field-label">
        Protection
      </label>
      <Select.Root
        value={draft.security}
        onValueChange={(security) => onChange({ security: security as ProviderDraft['security'] })}
      >
        <Select.Trigger
          id={id}
          className="mail-security"
          aria-invalid={problem ? true : undefined}
          aria-describedby={problem ? `${id}-problem` : undefined}
        />
        <Select.Content position="popper">
          <Select.Item value="tls">TLS from the start (465)</Select.Item>
          <Select.Item value="starttls">STARTTLS, required (587)</Select.Item>
          <Select.Item value="none">None: private networks only</Select.Item>
        </Select.Content>
      </Select.Root>
      {problem ? <FieldProblem id={`${id}-problem`}>{problem}</FieldProblem> : null}
    </div>
  );
}

/** In whose name mails are sent. */
export function SenderFields({ draft, onChange, error }: PartProps) {
  return (
    <>
      <div className="field-pair">
        <TextInput
          {...asTyped}
          label="Sender’s address"
          type="email"
          placeholder="welcome@example.com"
          hint="Of a domain that the provider lets you send for."
          value={draft.fromAddress}
          onChange={(event) => onChange({ fromAddress: event.target.value })}
          problem={problemWith(error, 'from_address')}
        />
        <TextInput
          label="Sender’s name"
          autoComplete="off"
          hint="May be left empty: then the app’s name."
          value={draft.fromName}
          onChange={(event) => onChange({ fromName: event.target.value })}
          problem={problemWith(error, 'from_name')}
        />
      </div>
      <TextInput
        {...asTyped}
        label="Replies go to"
        type="email"
        hint="May be left empty: then to the sender’s address."
        value={draft.replyTo}
        onChange={(event) => onChange({ replyTo: event.target.value })}
        problem={problemWith(error, 'reply_to')}
      />
    </>
  );
}
