import { Button } from '@radix-ui/themes';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { problemElsewhere, problemWith } from '../core/problems.ts';
import { ApiCall } from '../parts/code-block.tsx';
import { Confirm } from '../parts/confirm.tsx';
import { TextInput } from '../parts/field.tsx';
import { Section } from '../parts/page.tsx';
import { SaveBar } from '../parts/save-bar.tsx';
import { Time } from '../parts/time.tsx';
import { toast } from '../parts/toast.tsx';
import { changedMetadata, type Entry, entriesOf, MetadataFields } from './metadata-fields.tsx';
import { type Organization, useDeleteOrganization, useUpdateOrganization } from './queries.ts';

const route = getRouteApi('/organizations/$organizationId');

interface Draft {
  readonly name: string;
  readonly externalId: string;
  readonly metadata: readonly Entry[];
}

const draftOf = ({ name, external_id, metadata }: Organization): Draft => ({
  name,
  externalId: external_id ?? '',
  metadata: entriesOf(metadata),
});

/** What an organization is called, here and in your system; and how it ends. */
export function DetailsTab({ organization }: { organization: Organization }) {
  return (
    <>
      <DetailsForm organization={organization} />
      <DangerZone organization={organization} />
    </>
  );
}

/** Only what was changed, as the API merges it. */
function bodyOf(draft: Draft, { name, external_id, metadata }: Organization) {
  const given = draft.name.trim();
  const externalId = draft.externalId.trim() || null;
  const changed = changedMetadata(draft.metadata, metadata);
  return {
    ...(given === name ? {} : { name: given }),
    ...(externalId === external_id ? {} : { external_id: externalId }),
    ...(Object.keys(changed).length > 0 ? { metadata: changed } : {}),
  };
}

function DetailsForm({ organization }: { organization: Organization }) {
  const [draft, setDraft] = useState(() => draftOf(organization));
  const update = useUpdateOrganization(organization.id);
  const body = bodyOf(draft, organization);
  const dirty = Object.keys(body).length > 0;

  function change(part: Partial<Draft>) {
    setDraft((before) => ({ ...before, ...part }));
    update.reset();
  }

  function save() {
    update.mutate(body, {
      onSuccess: (saved) => {
        setDraft(draftOf(saved));
        toast('Changes saved');
      },
    });
  }

  const ofName = problemWith(update.error, 'name');
  const ofExternalId = problemWith(update.error, 'external_id');
  const elsewhere = problemElsewhere(update.error, ['name', 'external_id']);
  return (
    <div className="details">
      <div className="field-pair">
        <TextInput
          label="Name"
          maxLength={256}
          autoComplete="off"
          value={draft.name}
          onChange={(event) => change({ name: event.target.value })}
          problem={ofName}
        />
        <TextInput
          label="External ID"
          dir="ltr"
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          placeholder="Its id in your system"
          value={draft.externalId}
          onChange={(event) => change({ externalId: event.target.value })}
          problem={ofExternalId}
        />
      </div>
      <Section id="metadata" title="Metadata" about="Up to 50 values of your own, which the API returns.">
        <MetadataFields entries={draft.metadata} onChange={(metadata) => change({ metadata })} />
      </Section>
      <ApiCall method="PUT" path={`/organizations/${organization.id}`} body={dirty ? body : { name: draft.name }} />
      <p className="soft details-times">
        Created <Time at={organization.created_at} />, changed <Time at={organization.updated_at} />.
      </p>
      <SaveBar
        dirty={dirty}
        saving={update.isPending}
        problem={update.error ? (elsewhere ?? 'Some fields need another look.') : undefined}
        onSave={save}
        onDiscard={() => {
          setDraft(draftOf(organization));
          update.reset();
        }}
      />
    </div>
  );
}

function DangerZone({ organization: { id, name } }: { organization: Organization }) {
  const { dialog } = route.useSearch();
  const remove = useDeleteOrganization(id);
  const navigate = route.useNavigate();
  const ask = (open: boolean) =>
    navigate({ search: (search) => ({ ...search, dialog: open ? 'delete' : undefined }), replace: !open });
  return (
    <section className="danger-zone" aria-labelledby="danger">
      <div>
        <h2 id="danger">Delete organization</h2>
        <p>Its domains, memberships and invitations go with it. There is no way back.</p>
      </div>
      <Button variant="outline" color="red" onClick={() => ask(true)}>
        Delete organization
      </Button>
      <Confirm
        open={dialog === 'delete'}
        onOpenChange={ask}
        title={`Delete ${name}?`}
        verb="Delete organization"
        typed={name}
        onConfirm={remove.mutateAsync}
        onDone={() => {
          toast(`Deleted ${name}`);
          void navigate({ to: '/organizations', replace: true, ignoreBlocker: true });
        }}
      >
        Sessions in it end at once. The accounts of its members stay.
      </Confirm>
    </section>
  );
}
