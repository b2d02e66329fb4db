import { TextArea, TextInput } from '../parts/field.tsx';
import { type PartProps, problemOf } from './provider-draft.ts';

interface CredentialFieldsProps extends PartProps {
  readonly secret: string;
  readonly onSecret: (secret: string) => void;
}

const asTyped = { dir: 'ltr', autoComplete: 'off', autoCapitalize: 'none', spellCheck: false } as const;

/** What the provider gives to an application: an id and a secret, or at Apple a key and where it belongs. */
export function CredentialFields({ provider, draft, error, onChange, secret, onSecret }: CredentialFieldsProps) {
  const isKey = provider.credentials === 'private_key';
  const kept = provider.source === 'own' ? 'One is kept and never shown again. Leave this empty to keep it. ' : '';
  return (
    <>
      <TextInput
        {...asTyped}
        label="Client ID"
        hint={isKey ? 'Apple calls it the identifier of the Services ID.' : undefined}
        value={draft.clientId}
        onChange={(event) => onChange({ clientId: event.target.value })}
        problem={problemOf(error, 'client_id')}
      />
      {isKey ? (
        <>
          <div className="field-pair">
            <TextInput
              {...asTyped}
              label="Team ID"
              maxLength={10}
              value={draft.teamId}
              onChange={(event) => onChange({ teamId: event.target.value })}
              problem={problemOf(error, 'team_id')}
            />
            <TextInput
              {...asTyped}
              label="Key ID"
              maxLength={10}
              value={draft.keyId}
              onChange={(event) => onChange({ keyId: event.target.value })}
              problem={problemOf(error, 'key_id')}
            />
          </div>
          <TextArea
            {...asTyped}
            label="Private key"
            hint={`${kept}The content of the .p8 file, with its first and last line.`}
            value={secret}
            onChange={(event) => onSecret(event.target.value)}
            problem={problemOf(error, 'private_key')}
          />
        </>
      ) : (
        <TextInput
          {...asTyped}
          label="Client secret"
          type="password"
          autoComplete="new-password"
          hint={kept || undefined}
          value={secret}
          onChange={(event) => onSecret(event.target.value)}
          problem={problemOf(error, 'client_secret')}
        />
      )}
    </>
  );
}
