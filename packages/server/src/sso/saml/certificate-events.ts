import { type Db, days, type Services, systemTenant, type Tenant, toTimestamp } from '../../core/index.ts';
import { recordEvent } from '../../events/index.ts';
import type { ConnectionRow } from '../connection.ts';
import { listActiveSamlConnections, lockConnection } from '../connections.store.ts';
import { type Certificate, readCertificate } from './certificate.ts';
import { insertNotice } from './certificate-notices.store.ts';
import { listSamlKeys } from './keys.store.ts';

/** The published names: what the provider signs its answers with, and what we sign our requests with. */
type CertificateType = 'ResponseSigning' | 'RequestSigning';

/** How many days before a certificate ends it is told; 0: it has ended. */
const noticeDays = [0, 1, 3, 7, 14, 30] as const;
const atOnce = 200;

type OfConnection = Pick<ConnectionRow, 'id' | 'organizationId'>;
type Renewable = Pick<ConnectionRow, 'id' | 'organizationId' | 'state' | 'certificates' | 'isRequestSigned'>;

const read = (pems: readonly string[]): Certificate[] => pems.flatMap((pem) => readCertificate(pem) ?? []);

/** The one that is good the longest: while there is one, nothing has to be renewed. */
const lasting = (certificates: readonly Certificate[]): Certificate | null =>
  certificates.toSorted((a, b) => b.notAfter.getTime() - a.notAfter.getTime())[0] ?? null;

/**
 * Tells of every active connection whose certificates run out. Every node may call it at any time: of each step before
 * the end, the first one tells. One connection that cannot be told of hides none of the others; the log names it.
 */
export async function noteExpiringCertificates(services: Services): Promise<void> {
  let last = '';
  for (;;) {
    const connections = await listActiveSamlConnections(services.db, last, atOnce);
    for (const connection of connections) await tellIfDue(services, connection);
    const end = connections.at(-1);
    if (!end || connections.length < atOnce) return;
    last = end.id;
  }
}

async function tellIfDue(services: Services, connection: ConnectionRow): Promise<void> {
  const tenant = systemTenant(connection.environmentId);
  try {
    if ((await dueOf(services, services.db, tenant, connection)).length > 0) await tell(services, tenant, connection);
  } catch (error) {
    services.log.error({ err: error, connection: connection.id }, 'That a certificate ends could not be told');
  }
}

interface Due {
  readonly type: CertificateType;
  readonly certificate: Certificate;
  readonly days: (typeof noticeDays)[number];
}

async function dueOf(
  { now }: Pick<Services, 'now'>,
  db: Db,
  tenant: Tenant,
  { id, certificates, isRequestSigned }: Renewable,
): Promise<Due[]> {
  const ours = isRequestSigned ? (await listSamlKeys(db, tenant, id)).map(({ certificate }) => certificate) : [];
  const newest: readonly (readonly [CertificateType, Certificate | null])[] = [
    ['ResponseSigning', lasting(read(certificates))],
    ['RequestSigning', lasting(read(ours))],
  ];
  return newest.flatMap(([type, certificate]) => {
    const left = certificate === null ? Number.POSITIVE_INFINITY : certificate.notAfter.getTime() - now().getTime();
    const step = noticeDays.find((each) => left <= days(each));
    return certificate === null || step === undefined ? [] : [{ type, certificate, days: step }];
  });
}

/** Held: whoever enters another certificate meanwhile has done what would be asked for. */
function tell(services: Services, tenant: Tenant, { id }: Pick<ConnectionRow, 'id'>): Promise<void> {
  return services.db.transaction(async (tx) => {
    const connection = await lockConnection(tx, tenant, id);
    if (connection?.state !== 'active') return;
    const at = services.now();
    for (const { type, certificate, days: step } of await dueOf(services, tx, tenant, connection)) {
      const { fingerprint } = certificate;
      const notice = { connectionId: id, certificateType: type, fingerprint, days: step, createdAt: at };
      if (await insertNotice(tx, tenant, notice))
        await recordNotice(services, tx, tenant, connection, type, certificate);
    }
  });
}

const daysUntil = (at: Date, end: Date): number => Math.max(0, Math.ceil((end.getTime() - at.getTime()) / days(1)));

function recordNotice(
  services: Services,
  tx: Db,
  tenant: Tenant,
  connection: OfConnection,
  type: CertificateType,
  { notAfter }: Certificate,
): Promise<void> {
  const at = services.now();
  return recordEvent(services, tx, tenant, {
    name: 'connection.saml_certificate_renewal_required',
    data: {
      connection: wireOf(connection),
      certificate: {
        certificate_type: type,
        expiry_date: toTimestamp(notAfter),
        is_expired: notAfter <= at,
      },
      days_until_expiry: daysUntil(at, notAfter),
    },
    organizationId: connection.organizationId,
  });
}

const wireOf = ({ id, organizationId }: OfConnection) => ({ id, organization_id: organizationId });

/** Tells that the provider of an active connection signs with another certificate, beside the one before or instead. */
export async function noteRenewal(
  services: Services,
  tx: Db,
  tenant: Tenant,
  before: Renewable,
  after: Renewable,
): Promise<void> {
  if (after.state !== 'active' || before.certificates.length === 0) return;
  const known = new Set(read(before.certificates).map(({ fingerprint }) => fingerprint));
  const added = lasting(read(after.certificates).filter(({ fingerprint }) => !known.has(fingerprint)));
  if (added) await recordRenewal(services, tx, tenant, after, 'ResponseSigning', added);
}

/** Tells that our requests to an active connection are signed with another key from now on. */
export async function noteOtherKey(
  services: Services,
  tx: Db,
  tenant: Tenant,
  connection: Renewable,
  pem: string,
): Promise<void> {
  const certificate = readCertificate(pem);
  if (certificate && connection.isRequestSigned && connection.state === 'active')
    await recordRenewal(services, tx, tenant, connection, 'RequestSigning', certificate);
}

function recordRenewal(
  services: Services,
  tx: Db,
  tenant: Tenant,
  connection: OfConnection,
  type: CertificateType,
  { notAfter }: Certificate,
): Promise<void> {
  return recordEvent(services, tx, tenant, {
    name: 'connection.saml_certificate_renewed',
    data: {
      connection: wireOf(connection),
      certificate: { certificate_type: type, expiry_date: toTimestamp(notAfter) },
      renewed_at: toTimestamp(services.now()),
    },
    organizationId: connection.organizationId,
  });
}
