import { purgeAttempts } from './attempts/index.ts';
import { purgeOneTimeCodes, purgePasswordResets } from './authentication/index.ts';
import { after, days, hours, minutes, purgeCounters, purgeIdempotencyKeys, type Services } from './core/index.ts';
import { checkPendingDomains } from './environments/index.ts';
import { placeEvents, purgeEvents } from './events/index.ts';
import { noteExpiredImpersonations, purgeImpersonations } from './impersonation/index.ts';
import { rotateDueKeys } from './keys/index.ts';
import { purgeTries } from './lockout/index.ts';
import { purgeMailFailures } from './mail/index.ts';
import { purgeMfa } from './mfa/index.ts';
import { purgeCodes, purgeDeviceAuthorizations } from './oauth/index.ts';
import { purgeOperatorSessions } from './operators/index.ts';
import { checkDueDomains, endOverMemberships } from './organizations/index.ts';
import { purgePasskeyChallenges } from './passkeys/index.ts';
import { purgeDevices, purgeProofs } from './radar/index.ts';
import { purgeSessions } from './sessions/index.ts';
import { purgeSocial } from './social/index.ts';
import { noteExpiringCertificates, purgeSso } from './sso/index.ts';

const keepHouseEveryMs = minutes(10);

/** @returns what ends it */
export function keepHouseRegularly(services: Services): () => void {
  const timer = setInterval(() => {
    keepHouse(services).catch((error) =>
      services.log.warn({ err: error }, 'House-keeping failed; it runs again in ten minutes'),
    );
  }, keepHouseEveryMs);
  timer.unref();
  return () => clearInterval(timer);
}

/** Removes what has no use any more and rotates keys that are due. Every node may run it at any time. */
export async function keepHouse(services: Services): Promise<void> {
  const { db, now } = services;
  const at = now();
  await purgeCounters(services);
  await purgeTries(services);
  await purgeIdempotencyKeys(services);
  await purgeAttempts(db, after(at, -hours(1)));
  await purgeCodes(db, after(at, -days(1)));
  await purgeImpersonations(db, after(at, -days(1)));
  await noteExpiredImpersonations(services);
  await endOverMemberships(services);
  await purgeDeviceAuthorizations(db, after(at, -days(1)));
  await purgePasskeyChallenges(services);
  await purgeMfa(services);
  await purgeSocial(services, at);
  await purgeSso(services, at);
  await purgeOneTimeCodes(services);
  await purgePasswordResets(services);
  await purgeMailFailures(services);
  await purgeProofs(services);
  await purgeDevices(services);
  await purgeSessions(db, after(at, -days(30)));
  await purgeOperatorSessions(db, after(at, -days(60)));
  // So that who reads them after a long time does not wait for all of it.
  await placeEvents(services);
  await purgeEvents(services, after(at, -days(365)));
  await rotateDueKeys(services);
  await noteExpiringCertificates(services);
  await checkDueDomains(services);
  await checkPendingDomains(services);
}
