import { Button } from '@radix-ui/themes';
import { type FormEvent, useState } from 'react';
import { problemElsewhere, problemWith } from '../core/problems.ts';
import { FieldProblem, TextInput } from '../parts/field.tsx';
import { Section } from '../parts/page.tsx';
import { toast } from '../parts/toast.tsx';
import { type Connection, useConnectionChanges } from './queries.ts';

const asTyped = { dir: 'ltr', autoComplete: 'off', autoCapitalize: 'none', spellCheck: false } as const;

/** What an OpenID provider gives to an application. */
export function OidcProvider({ connection }: { connection: Connection }) {
  return (
    <Section
      id="provider"
      title="What the provider gives"
      about="Its issuer tells where everything else is; ID and secret are those of the application registered there."
    >
      {/* After the simulated one was chosen the fields begin anew, from what is saved. */}
      <OidcForm key={`${connection.issuer} ${connection.client_id}`} connection={connection} />
    </Section>
  );
}

function OidcForm({ connection }: { connection: Connection }) {
  const [issuer, setIssuer] = useState(connection.issuer ?? '');
  const [clientId, setClientId] = useState(connection.client_id ?? '');
  const [secret, setSecret] = useState('');
  const { update } = useConnectionChanges(connection.id);

  function submit(event: FormEvent) {
    event.preventDefault();
    const body = {
      ...(issuer.trim() !== connection.issuer && { issuer: issuer.trim() }),
      ...(clientId.trim() !== connection.client_id && { client_id: clientId.trim() }),
      ...(secret.trim() !== '' && { client_secret: secret.trim() }),
    };
    update.mutate(body, {
      onSuccess: () => {
        setSecret('');
        toast('Provider saved');
      },
    });
  }

  const elsewhere = problemElsewhere(update.error, ['issuer', 'client_id', 'client_secret']);
  return (
    <form className="sso-form" onSubmit={submit}>
      <TextInput
        {...asTyped}
        label="Issuer"
        inputMode="url"
        placeholder="https://login.acme.com"
        hint="Or the address of its discovery document."
        required
        value={issuer}
        onChange={(event) => setIssuer(event.target.value)}
        problem={problemWith(update.error, 'issuer')}
      />
      <div className="field-pair">
        <TextInput
          {...asTyped}
          label="Client ID"
          required
          value={clientId}
          onChange={(event) => setClientId(event.target.value)}
          problem={problemWith(update.error, 'client_id')}
        />
        <TextInput
          {...asTyped}
          label="Client secret"
          type="password"
          autoComplete="new-password"
          required={!connection.has_client_secret}
          hint={connection.has_client_secret ? 'One is kept and never shown again. Empty keeps it.' : undefined}
          value={secret}
          onChange={(event) => setSecret(event.target.value)}
          problem={problemWith(update.error, 'client_secret')}
        />
      </div>
      {elsewhere ? <FieldProblem>{elsewhere}</FieldProblem> : null}
      <div>
        <Button type="submit" variant="outline" color="gray" loading={update.isPending}>
          Save provider
        </Button>
      </div>
    </form>
  );
}
