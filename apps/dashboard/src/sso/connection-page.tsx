import { ApiProblem } from '@authkit/client';
import { getRouteApi, Link } from '@tanstack/react-router';
import { ChevronLeft } from 'lucide-react';
import { CopyableId } from '../parts/copyable.tsx';
import { Page, Section, usePageTitle } from '../parts/page.tsx';
import { Loaded } from '../parts/states.tsx';
import { AttributeMapping } from './attribute-mapping.tsx';
import { Certificates } from './certificates.tsx';
import { ConnectionActions } from './connection-actions.tsx';
import { connectionNames } from './connection-types.ts';
import { DeleteConnection } from './delete-connection.tsx';
import { GroupRoles } from './group-roles.tsx';
import { OidcProvider } from './oidc-provider.tsx';
import { OurKeys } from './our-keys.tsx';
import { type Connection, useConnection } from './queries.ts';
import { SamlProvider } from './saml-provider.tsx';
import { SimulatedProvider } from './simulated-provider.tsx';
import { SimulatedPill, StatePill } from './state-pill.tsx';
import { ValuesToCopy } from './values-to-copy.tsx';

const route = getRouteApi('/connections/$connectionId');

export function ConnectionPage() {
  const { connectionId } = route.useParams();
  const connection = useConnection(connectionId);
  if (connection.error instanceof ApiProblem && connection.error.status === 404)
    return <NoSuchConnection id={connectionId} />;
  return (
    <Loaded query={connection} lines={10}>
      {(found) => <ConnectionDetail key={found.id} connection={found} />}
    </Loaded>
  );
}

function ConnectionDetail({ connection }: { connection: Connection }) {
  const { id, name, organization_id: organizationId = '' } = connection;
  usePageTitle(name);
  return (
    <>
      <Link
        to="/organizations/$organizationId"
        params={{ organizationId }}
        search={{ tab: 'sign-on' }}
        className="back-link"
      >
        <ChevronLeft size={15} aria-hidden="true" /> Single sign-on of the organization
      </Link>
      <header className="page-header">
        <div>
          <h1>{name}</h1>
          <div className="inline">
            <StatePill state={connection.state} />
            <SimulatedPill is_simulated={connection.is_simulated} />
            <span className="soft">{connectionNames[connection.connection_type]}</span>
            <CopyableId id={id} label="connection id" />
          </div>
        </div>
        <ConnectionActions connection={connection} />
      </header>
      <Section id="to-the-provider" title="What the provider needs" about={about[connection.protocol]}>
        <ValuesToCopy values={ours(connection)} />
      </Section>
      <SimulatedProvider connection={connection} />
      {connection.protocol === 'saml' ? (
        <>
          <SamlProvider connection={connection} />
          <Certificates connection={connection} />
          <OurKeys connection={connection} />
        </>
      ) : (
        <OidcProvider connection={connection} />
      )}
      <AttributeMapping connection={connection} />
      <GroupRoles connection={connection} />
      <DeleteConnection connection={connection} />
    </>
  );
}

const about = {
  saml: 'Enter these where the provider describes the application. Many read them from the metadata at the entity ID.',
  oidc: 'Register a web application at the provider, with this redirect URI exactly as it stands here.',
} as const;

function ours({ protocol, acs_url: acsUrl, metadata_url: metadataUrl, redirect_uri: redirectUri }: Connection) {
  return protocol === 'saml'
    ? [
        { label: 'ACS URL', value: acsUrl ?? '' },
        { label: 'Entity ID', value: metadataUrl ?? '' },
      ]
    : [{ label: 'Redirect URI', value: redirectUri ?? '' }];
}

function NoSuchConnection({ id }: { id: string }) {
  return (
    <Page
      title="Connection not found"
      sentence={`No connection in this environment has the id ${id}. It may have been deleted.`}
    >
      <Link to="/connections" className="text-link">
        Show all connections
      </Link>
    </Page>
  );
}
