import { Button } from '@radix-ui/themes';
import { getRouteApi } from '@tanstack/react-router';
import { useDesk } from '../core/environment.tsx';
import { SigningKeys } from '../keys/signing-keys.tsx';
import { CodeBlock } from '../parts/code-block.tsx';
import { Confirm } from '../parts/confirm.tsx';
import { CopyButton } from '../parts/copyable.tsx';
import { Page, Section } from '../parts/page.tsx';
import { RowButton, rowActions } from '../parts/row-actions.tsx';
import { Empty, Loaded } from '../parts/states.tsx';
import { type Column, Table } from '../parts/table.tsx';
import { Time } from '../parts/time.tsx';
import { CreateKeyDialog } from './create-key-dialog.tsx';
import { type ApiKey, useApiKeys, useRevokeApiKey } from './queries.ts';

const route = getRouteApi('/api-keys');

export function ApiKeysPage() {
  const { environment } = useDesk();
  const { dialog } = route.useSearch();
  const showDialog = useShowDialog();
  const isEmpty = useApiKeys().data?.data.length === 0;
  const create = () => showDialog('create');
  return (
    <Page
      title="API keys"
      sentence="What your server needs to speak to AuthKit."
      guide="concepts/environments-and-keys"
      // The empty list offers the button itself; two of them would ask which one is meant.
      action={isEmpty ? null : <Button onClick={create}>Create API key</Button>}
    >
      <Section
        id="client-id"
        title="Client ID"
        about="Names your application. It is no secret and may stand in a browser."
      >
        <div className="key-value">
          <bdi className="mono" dir="ltr">
            {environment.client_id}
          </bdi>
          <CopyButton value={environment.client_id} label="Copy client ID" text="Copy" />
        </div>
      </Section>
      <Section
        id="secret-keys"
        title="Secret keys"
        about="Sent as a bearer token. Each is shown once, when it is made."
      >
        <Keys onCreate={create} />
      </Section>
      <Section
        id="signing-keys"
        title="Signing keys"
        about="Sign the access tokens that your application checks. They are rotated every 90 days; a new one is published a day before it signs, so nobody is interrupted."
      >
        <SigningKeys asking={dialog === 'rotate'} onAsk={(open) => showDialog(open ? 'rotate' : undefined)} />
      </Section>
      <CreateKeyDialog open={dialog === 'create'} onOpenChange={(open) => showDialog(open ? 'create' : undefined)} />
    </Page>
  );
}

/** Dialogs stand in the address, so that whoever has to sign in again in the middle of one comes back to it. */
function useShowDialog() {
  const navigate = route.useNavigate();
  return (dialog: 'create' | 'revoke' | 'rotate' | undefined, key?: string) =>
    navigate({ search: (search) => ({ ...search, dialog, key }), replace: dialog === undefined });
}

function Keys({ onCreate }: { onCreate: () => void }) {
  const { dialog, key: wanted } = route.useSearch();
  const showDialog = useShowDialog();
  const keys = useApiKeys();
  const revoke = useRevokeApiKey();
  const leaving = keys.data?.data.find(({ id }) => dialog === 'revoke' && id === wanted) ?? null;
  const columns: readonly Column<ApiKey>[] = [
    { name: 'Name', leads: true, cell: ({ name }) => <strong className="key-name">{name}</strong> },
    { name: 'Key', cell: ({ obfuscated_value: value }) => <bdi className="mono nowrap">{value}</bdi> },
    { name: 'Created', className: 'soft nowrap', cell: (key) => <CreatedCell apiKey={key} /> },
    {
      name: 'Last used',
      className: 'soft nowrap',
      cell: ({ last_used_at: at }) => (at ? <Time at={at} /> : 'never'),
    },
    rowActions((key) => (
      <RowButton label={`Revoke ${key.name}`} danger onClick={() => showDialog('revoke', key.id)}>
        Revoke
      </RowButton>
    )),
  ];
  return (
    <>
      <Loaded query={keys} lines={3}>
        {({ data }) =>
          data.length > 0 ? (
            <Table label="Secret keys" columns={columns} rows={data} rowKey={({ id }) => id} />
          ) : (
            <Empty
              sentence="No key yet. Your server signs its calls with one."
              action={<Button onClick={onCreate}>Create API key</Button>}
            >
              <CodeBlock
                title="Then try it"
                code={`curl "${window.location.origin}/user_management/users" \\\n  -H "Authorization: Bearer $WORKOS_API_KEY"`}
              />
            </Empty>
          )
        }
      </Loaded>
      <RevokeKey leaving={leaving} onClose={() => showDialog(undefined)} onRevoke={(id) => revoke.mutateAsync(id)} />
    </>
  );
}

function CreatedCell({ apiKey: { created_at, created_by } }: { apiKey: ApiKey }) {
  return (
    <span>
      <Time at={created_at} />
      {created_by ? ` by ${created_by}` : ''}
    </span>
  );
}

interface RevokeKeyProps {
  readonly leaving: ApiKey | null;
  readonly onClose: () => void;
  readonly onRevoke: (id: string) => Promise<unknown>;
}

/** In production the name must be typed: a live key may be what keeps a business running. */
function RevokeKey({ leaving, onClose, onRevoke }: RevokeKeyProps) {
  const { environment } = useDesk();
  return (
    <Confirm
      open={leaving !== null}
      onOpenChange={(open) => open || onClose()}
      title={`Revoke “${leaving?.name ?? ''}”?`}
      verb="Revoke key"
      {...(environment.kind === 'production' && leaving ? { typed: leaving.name } : {})}
      onConfirm={async () => {
        if (leaving) await onRevoke(leaving.id);
      }}
    >
      Every server that uses <bdi className="mono">{leaving?.obfuscated_value}</bdi> is refused from this moment.
      {leaving?.last_used_at ? (
        <>
          {' '}
          It was last used <Time at={leaving.last_used_at} />.
        </>
      ) : (
        ' It has never been used.'
      )}
    </Confirm>
  );
}
