import { type Reply, type Route, reply, type Services } from '../core/index.ts';
import { descriptionOf, disconnectIdentity, type IdentityRow, listIdentities } from '../social/index.ts';
import { say } from '../texts/index.ts';
import { accountPath, type OpenAccount } from './open.ts';
import { confirmPage } from './pages/forms.ts';
import { accountForm, accountPage, backTo, done, formTo } from './routes-of.ts';
import { hasAnotherWay } from './ways-in.ts';
import { whileSignedIn } from './while-signed-in.ts';

const path = '/account/connected/remove';

async function identityOf(open: OpenAccount, services: Services, id: string | undefined): Promise<IdentityRow | null> {
  const identities = await listIdentities(services.db, open.tenant, open.user.id);
  return identities.find((identity) => identity.id === id) ?? null;
}

const removePage = (open: OpenAccount, identity: IdentityRow, { isLast = false, status = 200 } = {}): Reply => {
  const name = descriptionOf(identity.provider).label;
  return reply.page(
    (nonce) =>
      confirmPage({
        ...open.view(nonce),
        form: { ...formTo(open, path), action: accountPath(open.client, path, { identity: identity.id }) },
        backUrl: accountPath(open.client, '/account'),
        title: 'account.disconnectTitle',
        heading: say('account.disconnectHeading', { name }),
        about: say('account.disconnectAbout', { name }),
        submit: isLast ? null : 'account.disconnectButton',
        problem: isLast ? { message: 'account.lastWay' } : null,
      }),
    { status },
  );
};

const show = accountPage(
  { operationId: 'showDisconnect', path, summary: 'The page that disconnects a provider’s account', fresh: true },
  async (open, services, { identity: id }) => {
    const identity = await identityOf(open, services, id);
    if (!identity) return done(open, 'disconnected');
    return removePage(open, identity, { isLast: !(await hasAnotherWay(open, services.db, 'identity')) });
  },
);

const submit = accountForm(
  {
    operationId: 'submitDisconnect',
    path,
    page: path,
    summary: 'Disconnect a provider’s account',
    fresh: true,
    body: {},
  },
  async (open, _body, services, { identity: id }) => {
    const { tenant, user } = open;
    const identity = await identityOf(open, services, id);
    if (!identity) return done(open, 'disconnected');
    // Two of them disconnected at the same time wait for each other: each would find the other still there.
    const removed = await whileSignedIn(services, open, async (tx) => {
      if (!(await hasAnotherWay(open, tx, 'identity'))) return false;
      await disconnectIdentity(services, tx, tenant, user.id, identity.id);
      return true;
    });
    if (removed === null) return backTo(open, path);
    return removed ? done(open, 'disconnected') : removePage(open, identity, { isLast: true, status: 422 });
  },
);

export const connectedRoutes: readonly Route[] = [show, submit];
