import { z } from 'zod';
import { EntityNotFound, type Reply, type Route, reply, type Services } from '../core/index.ts';
import {
  listPasskeys,
  maxCredentialLength,
  type PasskeyRow,
  passkeyName,
  registerPasskey,
  removeOwnPasskey,
  renamePasskey,
  startRegistration,
} from '../passkeys/index.ts';
import { holdBrowserSession } from '../sessions/index.ts';
import { type Problem, text } from '../sign-in/index.ts';
import { type Say, say } from '../texts/index.ts';
import { accountPath, type OpenAccount } from './open.ts';
import { addPasskeyPage, confirmPage, renamePasskeyPage } from './pages/forms.ts';
import { accountForm, accountPage, backTo, done, formTo } from './routes-of.ts';
import { hasAnotherWay } from './ways-in.ts';
import { whileSignedIn } from './while-signed-in.ts';

const addPath = '/account/passkeys/add';
const optionsPath = '/account/passkeys/options';
const renamePath = '/account/passkeys/rename';
const removePath = '/account/passkeys/remove';
const maxPasskeyNameLength = 64;

const home = ({ client }: OpenAccount): string => accountPath(client, '/account');

const addPage = (open: OpenAccount, problem: Problem | null = null): Reply =>
  reply.page(
    (nonce) =>
      addPasskeyPage({
        ...open.view(nonce),
        create: { ...formTo(open, addPath), optionsUrl: accountPath(open.client, optionsPath) },
        backUrl: home(open),
        problem,
      }),
    { status: problem ? 422 : 200 },
  );

const showAdd = accountPage(
  {
    operationId: 'showAddPasskey',
    path: addPath,
    summary: 'The page that adds a passkey',
    fresh: true,
    about: 'passkeySignIn',
  },
  async (open) => barred(open) ?? addPage(open),
);

/** An organization whose own sign-on is the person's way in would have another one by a passkey. */
const barred = (open: OpenAccount): Reply | null =>
  open.passkeyBarrier &&
  reply.page((nonce) =>
    confirmPage({
      ...open.view(nonce),
      form: formTo(open, addPath),
      backUrl: home(open),
      title: 'account.addPasskey',
      heading: say('organizations.methodHeading', { where: open.passkeyBarrier?.organizationName ?? '' }),
      about: 'account.passkeysAbout',
      submit: null,
      problem: null,
    }),
  );

const ask = accountForm(
  {
    operationId: 'askForNewPasskey',
    path: optionsPath,
    page: addPath,
    summary: 'What a browser is asked to make a passkey of',
    fresh: true,
    about: 'passkeySignIn',
    body: {},
  },
  async (open, _body, services) => {
    const { client, tenant, user, session } = open;
    if (open.passkeyBarrier) return backTo(open, addPath);
    const { id: holder, authenticatedAt } = session;
    return reply.json(await startRegistration(services, tenant, { client, user, holder, authenticatedAt }));
  },
);

const add = accountForm(
  {
    operationId: 'submitAddPasskey',
    path: addPath,
    page: addPath,
    summary: 'Add a passkey',
    fresh: true,
    about: 'passkeySignIn',
    body: { credential: z.string().max(maxCredentialLength).default('') },
  },
  async (open, { credential }, services) => {
    const { tenant, user, session, request } = open;
    const refusal = barred(open);
    if (refusal) return refusal;
    const made = await registerPasskey(
      services,
      tenant,
      { user, holder: session.id, credential, request },
      // Signed out on another device meanwhile: that was to end what this browser may do.
      (tx) => holdBrowserSession(tx, tenant, session.id, services.now()),
    );
    switch (made.outcome) {
      case 'registered':
        return done(open, 'passkeyAdded');
      case 'known':
        return addPage(open, { message: 'passkeys.known' });
      case 'stale':
      case 'too_many':
      case 'refused':
        return addPage(open, { message: 'passkeys.notCreated' });
    }
  },
);

/** One of the person's own; null when it is gone, or never was theirs. */
async function passkeyOf({ tenant, user }: OpenAccount, services: Services, id: string): Promise<PasskeyRow | null> {
  const { rows } = await listPasskeys(services.db, tenant, user.id, { limit: 100, order: 'asc' });
  return rows.find((passkey) => passkey.id === id) ?? null;
}

const renamePage = (open: OpenAccount, { id }: Pick<PasskeyRow, 'id'>, name: string, error?: Say): Reply =>
  reply.page(
    (nonce) =>
      renamePasskeyPage({
        ...open.view(nonce),
        form: { ...formTo(open, renamePath), action: accountPath(open.client, renamePath, { passkey: id }) },
        backUrl: home(open),
        name,
        ...(error && { error }),
      }),
    { status: error ? 422 : 200 },
  );

const showRename = accountPage(
  { operationId: 'showRenamePasskey', path: renamePath, summary: 'The page that renames a passkey' },
  async (open, services, { passkey: id }) => {
    const passkey = id ? await passkeyOf(open, services, id) : null;
    return passkey ? renamePage(open, passkey, passkey.name) : done(open, 'passkeyGone');
  },
);

const rename = accountForm(
  {
    operationId: 'submitRenamePasskey',
    path: renamePath,
    page: renamePath,
    summary: 'Rename a passkey',
    body: { name: text },
  },
  async (open, { name }, services, { passkey: id = '' }) => {
    const wanted = passkeyName.safeParse(name);
    const isOdd = !wanted.success || /\p{Cc}/u.test(wanted.data);
    if (isOdd) return renamePage(open, { id }, name, say('account.passkeyNameOdd', { count: maxPasskeyNameLength }));
    const renamed = await unlessGone(() =>
      whileSignedIn(services, open, (tx) => renamePasskey(services, open.tenant, tx, open.user.id, id, wanted.data)),
    );
    return done(open, renamed === 'gone' ? 'passkeyGone' : 'saved');
  },
);

const removePage = (open: OpenAccount, passkey: PasskeyRow, { isLast = false, status = 200 } = {}): Reply =>
  reply.page(
    (nonce) =>
      confirmPage({
        ...open.view(nonce),
        form: { ...formTo(open, removePath), action: accountPath(open.client, removePath, { passkey: passkey.id }) },
        backUrl: home(open),
        title: 'account.removeTitle',
        heading: say('account.removeHeading', { name: passkey.name }),
        about: 'account.removeAbout',
        submit: isLast ? null : 'account.removeButton',
        problem: isLast ? { message: 'account.lastWay' } : null,
      }),
    { status },
  );

const showRemove = accountPage(
  { operationId: 'showRemovePasskey', path: removePath, summary: 'The page that removes a passkey', fresh: true },
  async (open, services, { passkey: id }) => {
    const passkey = id ? await passkeyOf(open, services, id) : null;
    if (!passkey) return done(open, 'passkeyGone');
    return removePage(open, passkey, { isLast: !(await hasAnotherWay(open, services.db, 'passkey')) });
  },
);

const remove = accountForm(
  {
    operationId: 'submitRemovePasskey',
    path: removePath,
    page: '/account',
    summary: 'Remove a passkey',
    fresh: true,
    body: {},
  },
  async (open, _body, services, { passkey: id = '' }) => {
    const { authenticatedAt } = open.session;
    const whose = { userId: open.user.id, authenticatedAt };
    const passkey = await passkeyOf(open, services, id);
    if (!passkey) return done(open, 'passkeyGone');
    // Two of them removed at the same time wait for each other: each would find the other still there.
    const removed = await unlessGone(() =>
      whileSignedIn(services, open, async (tx) => {
        if (!(await hasAnotherWay(open, tx, 'passkey'))) return 'last';
        await removeOwnPasskey(services, open.tenant, tx, whose, id);
        return 'removed';
      }),
    );
    if (removed === 'last') return removePage(open, passkey, { isLast: true, status: 422 });
    return done(open, removed === 'gone' ? 'passkeyGone' : 'passkeyRemoved');
  },
);

/** Gone in another tab, most likely. */
async function unlessGone<T>(act: () => Promise<T>): Promise<T | 'gone'> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof EntityNotFound) return 'gone';
    throw error;
  }
}

export const passkeyRoutes: readonly Route[] = [showAdd, ask, add, showRename, rename, showRemove, remove];
