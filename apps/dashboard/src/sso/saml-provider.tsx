import { Button, Switch } from '@radix-ui/themes';
import { type FormEvent, useId, useState } from 'react';
import { sentenceOf } from '../core/problems.ts';
import { FieldProblem, SettingRow, TextArea } from '../parts/field.tsx';
import { Section } from '../parts/page.tsx';
import { toast } from '../parts/toast.tsx';
import { type Connection, useConnectionChanges } from './queries.ts';

/** What a SAML provider says of itself, and whether people may begin there. */
export function SamlProvider({ connection }: { connection: Connection }) {
  return (
    <Section
      id="provider"
      title="What the provider gives"
      about="Its metadata has everything: who it is, where people sign on, and the certificates it signs with."
    >
      <ProviderFacts connection={connection} />
      <MetadataForm connection={connection} />
      <ProviderInitiated connection={connection} />
    </Section>
  );
}

function ProviderFacts({
  connection: { idp_entity_id: entityId, sign_on_url: signOnUrl },
}: {
  connection: Connection;
}) {
  if (entityId === null && signOnUrl === null) return null;
  return (
    <dl className="facts record sso-facts">
      <div>
        <dt>Its entity ID</dt>
        <dd className="record-value">
          <bdi className="mono" dir="ltr">
            {entityId ?? 'none'}
          </bdi>
        </dd>
      </div>
      <div>
        <dt>Sign-on URL</dt>
        <dd className="record-value">
          <bdi className="mono" dir="ltr">
            {signOnUrl ?? 'none'}
          </bdi>
        </dd>
      </div>
    </dl>
  );
}

/** Pasted, or an address to fetch it from, or a file: the same field takes all three. */
function MetadataForm({ connection }: { connection: Connection }) {
  const [text, setText] = useState('');
  const { copyMetadata } = useConnectionChanges(connection.id);
  const isKnown = connection.idp_entity_id !== null;

  function submit(event: FormEvent) {
    event.preventDefault();
    const given = text.trim();
    if (given === '') return;
    copyMetadata.mutate(/^https?:\/\//i.test(given) ? { url: given } : { xml: given }, {
      onSuccess: () => {
        setText('');
        toast('Metadata read');
      },
    });
  }

  return (
    <form className="sso-form" onSubmit={submit}>
      <TextArea
        label={isKnown ? 'New metadata' : 'Metadata'}
        hint="Paste the XML, or the address it is at. It is read once; when the provider changes its certificate, come back."
        dir="ltr"
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        rows={4}
        placeholder={'<EntityDescriptor …>'}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          copyMetadata.reset();
        }}
        problem={copyMetadata.error ? sentenceOf(copyMetadata.error) : undefined}
      />
      <div className="inline">
        <Button type="submit" variant="outline" color="gray" loading={copyMetadata.isPending}>
          Read metadata
        </Button>
        <MetadataFile onText={setText} />
      </div>
    </form>
  );
}

function MetadataFile({ onText }: { onText: (text: string) => void }) {
  const id = useId();
  return (
    <span className="file-choice">
      <label htmlFor={id} className="quiet-button">
        Choose a file
      </label>
      <input
        id={id}
        type="file"
        className="unseen"
        accept=".xml,text/xml,application/xml,application/samlmetadata+xml"
        onChange={async (event) => {
          const [file] = event.target.files ?? [];
          if (file) onText(await file.text());
          event.target.value = '';
        }}
      />
    </span>
  );
}

function ProviderInitiated({ connection }: { connection: Connection }) {
  const id = useId();
  const { update } = useConnectionChanges(connection.id);
  const isOn = (update.isPending ? update.variables.idp_initiated : null) ?? connection.idp_initiated;

  return (
    <>
      <SettingRow
        id={id}
        label="Sign-ins may begin at the provider"
        about="For a tile in the provider’s own portal. People are asked whether they meant to, as a link from elsewhere could sign them in as somebody else."
      >
        <Switch
          id={id}
          aria-describedby={`${id}-about`}
          checked={isOn}
          onCheckedChange={(idpInitiated) =>
            update.mutate(
              { idp_initiated: idpInitiated },
              { onSuccess: () => toast(idpInitiated ? 'They may begin there' : 'They begin here') },
            )
          }
        />
      </SettingRow>
      {update.error ? <FieldProblem>{sentenceOf(update.error)}</FieldProblem> : null}
    </>
  );
}
