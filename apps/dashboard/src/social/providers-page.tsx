import { Switch } from '@radix-ui/themes';
import { getRouteApi } from '@tanstack/react-router';
import { sentenceOf } from '../core/problems.ts';
import { Confirm } from '../parts/confirm.tsx';
import { CopyableId } from '../parts/copyable.tsx';
import { FieldProblem } from '../parts/field.tsx';
import { Page, Section } from '../parts/page.tsx';
import { Pill } from '../parts/pill.tsx';
import { Loaded } from '../parts/states.tsx';
import { type Column, Table } from '../parts/table.tsx';
import { toast } from '../parts/toast.tsx';
import { ProviderDialog } from './provider-dialog.tsx';
import { ProviderMark } from './provider-mark.tsx';
import { type Provider, useChangeProvider, useProviders, useResetProvider } from './queries.ts';

const route = getRouteApi('/authentication/providers');

export function ProvidersPage() {
  const providers = useProviders();
  return (
    <Page
      title="Social providers"
      sentence="Accounts elsewhere that sign people in here, in the order of their buttons."
    >
      <Section
        id="providers"
        title="Providers"
        formerly="social login"
        about="In staging on your machine each provider can be simulated, with people to choose from. Anywhere else it works with credentials that you register there."
      >
        <Loaded query={providers} lines={10}>
          {({ data }) => <ProviderTable providers={data} />}
        </Loaded>
      </Section>
    </Page>
  );
}

function ProviderTable({ providers }: { providers: readonly Provider[] }) {
  const { provider: shown, dialog } = route.useSearch();
  const navigate = route.useNavigate();
  const reset = useResetProvider();
  const opened = providers.find(({ provider }) => provider === shown);
  const show = (provider: string | undefined, next?: 'reset') =>
    navigate({ search: (search) => ({ ...search, provider, dialog: next }), replace: provider === undefined });

  const columns: readonly Column<Provider>[] = [
    {
      name: 'Provider',
      leads: true,
      cell: ({ label, mark }) => (
        <span className="inline">
          <ProviderMark mark={mark} />
          {label}
        </span>
      ),
    },
    { name: 'State', cell: (provider) => <State provider={provider} /> },
    {
      name: 'Client ID',
      className: 'provider-client',
      cell: ({ client_id: id, label }) =>
        id ? <CopyableId id={id} whole label={`client id of ${label}`} /> : <span className="soft">none</span>,
    },
    { name: 'Button shown', cell: (provider) => <OnOff provider={provider} /> },
    {
      name: 'Actions',
      nameUnseen: true,
      className: 'row-actions',
      cell: ({ provider, label }) => (
        <div className="row-tools">
          <button type="button" className="quiet-button" onClick={() => show(provider)}>
            Set up <span className="unseen">{label}</span>
          </button>
        </div>
      ),
    },
  ];

  return (
    <>
      <Table label="Providers" columns={columns} rows={providers} rowKey={({ provider }) => provider} />
      <ProviderDialog
        provider={opened && dialog === undefined ? opened : null}
        onClose={() => show(undefined)}
        onReset={() => show(shown, 'reset')}
      />
      <Confirm
        open={opened !== undefined && dialog === 'reset'}
        onOpenChange={(open) => open || show(undefined)}
        title={`Reset ${opened?.label ?? ''}?`}
        verb="Reset provider"
        onConfirm={async () => {
          if (!opened) return;
          await reset.mutateAsync(opened.provider);
          toast(`${opened.label} is as it was at first`);
        }}
      >
        Its credentials, scopes and place are forgotten. People who sign in with it keep their accounts, and come back
        to them once it is set up again.
      </Confirm>
    </>
  );
}

function State({ provider: { enabled, source } }: { provider: Provider }) {
  if (source === null) return <Pill>No credentials</Pill>;
  if (!enabled) return <Pill>Off</Pill>;
  return source === 'own' ? <Pill tone="good">Own credentials</Pill> : <Pill tone="warn">Simulated</Pill>;
}

/** Nothing to switch where there is nothing it could work with; the state says so. */
function OnOff({ provider }: { provider: Provider }) {
  const change = useChangeProvider(provider.provider);
  if (provider.source === null) return <span className="soft">needs credentials</span>;

  async function turn(enabled: boolean) {
    try {
      await change.mutateAsync({ enabled });
      toast(`${provider.label} is ${enabled ? 'on' : 'off'}`, () => change.mutate({ enabled: !enabled }));
    } catch {
      // change.error holds it, and the cell shows it.
    }
  }

  return (
    <div>
      <Switch
        aria-label={`Show the button of ${provider.label}`}
        checked={(change.isPending ? change.variables.enabled : null) ?? provider.enabled}
        onCheckedChange={turn}
      />
      {change.error ? <FieldProblem>{sentenceOf(change.error)}</FieldProblem> : null}
    </div>
  );
}
