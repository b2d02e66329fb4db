import { Button } from '@radix-ui/themes';
import { type FormEvent, useState } from 'react';
import { sentenceOf } from '../core/problems.ts';
import { FieldProblem, TextInput } from '../parts/field.tsx';
import { Section } from '../parts/page.tsx';
import { toast } from '../parts/toast.tsx';
import { type Connection, useConnectionChanges } from './queries.ts';

type Field = keyof Connection['attribute_mapping'];

const fields: readonly { readonly field: Field; readonly label: string; readonly usual: string }[] = [
  { field: 'email', label: 'Email', usual: 'email' },
  { field: 'first_name', label: 'First name', usual: 'firstName, given_name' },
  { field: 'last_name', label: 'Last name', usual: 'lastName, family_name' },
  { field: 'name', label: 'Full name', usual: 'name, displayName' },
  { field: 'groups', label: 'Groups', usual: 'groups' },
];

/** What the provider calls the fields of a profile, where that is not the usual name. */
export function AttributeMapping({ connection }: { connection: Connection }) {
  const [mapping, setMapping] = useState(connection.attribute_mapping);
  const { update } = useConnectionChanges(connection.id);

  function submit(event: FormEvent) {
    event.preventDefault();
    const given = Object.entries(mapping).filter(([, name]) => name.trim() !== '');
    update.mutate(
      { attribute_mapping: Object.fromEntries(given) },
      { onSuccess: () => toast('Attribute mapping saved') },
    );
  }

  return (
    <Section
      id="attribute-mapping"
      title="Attribute mapping"
      about="Fill in only what the provider calls something else; the usual names are tried by themselves."
    >
      <form className="sso-form" onSubmit={submit}>
        <div className="sso-mapping">
          {fields.map(({ field, label, usual }) => (
            <TextInput
              key={field}
              label={label}
              placeholder={usual}
              dir="ltr"
              maxLength={200}
              autoComplete="off"
              autoCapitalize="none"
              spellCheck={false}
              value={mapping[field] ?? ''}
              onChange={(event) => setMapping({ ...mapping, [field]: event.target.value })}
            />
          ))}
        </div>
        {update.error ? <FieldProblem>{sentenceOf(update.error)}</FieldProblem> : null}
        <div>
          <Button type="submit" variant="outline" color="gray" loading={update.isPending}>
            Save mapping
          </Button>
        </div>
      </form>
    </Section>
  );
}
