import type { Services } from '../core/index.ts';
import { EntityNotFound, type Route, reply } from '../core/index.ts';
import { countRecoveryCodes, listVerifiedFactors } from '../mfa/index.ts';
import { browserName, listPasskeys, supportsPasskeys } from '../passkeys/index.ts';
import { clearedBrowserCookie, listDevices, signOutDevice, signOutElsewhere } from '../sessions/index.ts';
import { text } from '../sign-in/index.ts';
import { descriptionOf, listIdentities } from '../social/index.ts';
import { isMessageKey, type MessageKey } from '../texts/index.ts';
import { fullNameOf, passwordSince } from '../users/index.ts';
import { accountPath, type OpenAccount } from './open.ts';
import { type OverviewView, overviewPage } from './pages/overview.ts';
import { accountForm, accountPage, done, formTo } from './routes-of.ts';
import { isSecondStepOffered, isSecondStepRequired } from './second-step-required.ts';

/** What another page did, as the first page says it. */
const doneKeys = [
  'saved',
  'passwordChanged',
  'passkeyAdded',
  'passkeyRemoved',
  'passkeyGone',
  'emailChanged',
  'secondStepDone',
  'secondStepGone',
  'disconnected',
  'deviceSignedOut',
  'othersSignedOut',
] as const;

const doneMessage = (what: string | undefined): MessageKey | null => {
  const key = `account.${doneKeys.find((known) => known === what)}`;
  return isMessageKey(key) ? key : null;
};

const show = accountPage(
  { operationId: 'showAccount', path: '/account', summary: 'What a person can see and change of their account' },
  async (open, services, { done: what }) => {
    const facts = await factsOf(open, services);
    return reply.page((nonce) => overviewPage({ ...open.view(nonce), ...facts, done: doneMessage(what) }));
  },
);

type Facts = Omit<OverviewView, 'app' | 'nonce' | 't' | 'look' | 'here' | 'done'>;

async function factsOf(open: OpenAccount, services: Services): Promise<Facts> {
  const { client, tenant, user, session } = open;
  const { settings } = client.environment;
  const at = (path: string, more?: Record<string, string>): string => accountPath(client, path, more);
  const since = await passwordSince(services.db, tenant, user.id);
  const passkeys = await listPasskeys(services.db, tenant, user.id, { limit: 100, order: 'asc' });
  const [factor] = await listVerifiedFactors(services.db, tenant, user.id);
  const identities = await listIdentities(services.db, tenant, user.id);
  const devices = await listDevices(services, tenant, user.id);
  return {
    name: fullNameOf(user) || null,
    email: user.email,
    isEmailVerified: user.isEmailVerified,
    password: since && { since },
    passkeys:
      settings.passkeySignIn && supportsPasskeys(services)
        ? passkeys.rows.map(({ id, name, createdAt, lastUsedAt }) => ({
            name,
            addedAt: createdAt,
            usedAt: lastUsedAt,
            renameUrl: at('/account/passkeys/rename', { passkey: id }),
            removeUrl: at('/account/passkeys/remove', { passkey: id }),
          }))
        : null,
    secondStep:
      !factor && !(await isSecondStepOffered(open, services.db))
        ? null
        : {
            since: factor?.verifiedAt ?? null,
            isRequired: await isSecondStepRequired(open, services.db),
            recoveryCodesLeft: await countRecoveryCodes(services.db, tenant, user.id),
          },
    connected: identities.map(({ id, provider, email }) => ({
      label: descriptionOf(provider).label,
      email,
      disconnectUrl: at('/account/connected/remove', { identity: id }),
    })),
    devices: devices.map(({ id, ipAddress, userAgent, signedInAt, isImpersonated }) => ({
      id,
      ipAddress,
      name: browserName(userAgent),
      since: signedInAt,
      isThis: id === session.id,
      isSupport: isImpersonated,
    })),
    urls: {
      profile: at('/account/profile'),
      email: at('/account/email'),
      password: settings.passwordSignIn ? at('/account/password') : null,
      addPasskey: at('/account/passkeys/add'),
      setUpSecondStep: at('/account/second-step'),
      turnOffSecondStep: at('/account/second-step/remove'),
      recoveryCodes: at('/account/recovery-codes'),
    },
    signOut: formTo(open, '/account/sign-out'),
    signOutDevice: formTo(open, '/account/devices/sign-out'),
    signOutOthers: formTo(open, '/account/devices/sign-out-others'),
  };
}

const signOut = accountForm(
  { operationId: 'signOutOfAccount', path: '/account/sign-out', page: '/account', summary: 'Sign out here', body: {} },
  async ({ client, tenant, user, session }, _body, services) => {
    await services.db.transaction((tx) => signOutDevice(services, tx, tenant, user.id, session.id));
    return reply.redirect(accountPath(client, '/account'), {
      status: 303,
      cookies: [clearedBrowserCookie(client.environment.id)],
    });
  },
);

const signOutOne = accountForm(
  {
    operationId: 'signOutDevice',
    path: '/account/devices/sign-out',
    page: '/account',
    summary: 'Sign out on another device',
    body: { device: text },
  },
  async (open, { device }, services) => {
    const { tenant, user } = open;
    try {
      await services.db.transaction((tx) => signOutDevice(services, tx, tenant, user.id, device));
    } catch (error) {
      // Signed out in another tab, most likely; one that was never theirs is told the same.
      if (!(error instanceof EntityNotFound)) throw error;
    }
    return done(open, 'deviceSignedOut');
  },
);

const signOutOthers = accountForm(
  {
    operationId: 'signOutOtherDevices',
    path: '/account/devices/sign-out-others',
    page: '/account',
    summary: 'Sign out everywhere else',
    body: {},
  },
  async (open, _body, services) => {
    await signOutElsewhere(services, open.tenant, open.user.id, open.session.id);
    return done(open, 'othersSignedOut');
  },
);

export const overviewRoutes: readonly Route[] = [show, signOut, signOutOne, signOutOthers];
