import { type Reply, type Route, reply } from '../core/index.ts';
import { text } from '../sign-in/index.ts';
import { type Say, say } from '../texts/index.ts';
import { changeUser, maxNameLength } from '../users/index.ts';
import { accountPath, type OpenAccount } from './open.ts';
import { type ProfileView, profilePage } from './pages/forms.ts';
import { accountForm, accountPage, backTo, done, formTo } from './routes-of.ts';
import { whileSignedIn } from './while-signed-in.ts';

const path = '/account/profile';

const pageOf = (
  open: OpenAccount,
  shown: Pick<ProfileView, 'firstName' | 'lastName' | 'errors'>,
  status = 200,
): Reply =>
  reply.page(
    (nonce) =>
      profilePage({
        ...open.view(nonce),
        form: formTo(open, path),
        backUrl: accountPath(open.client, '/account'),
        ...shown,
      }),
    { status },
  );

const show = accountPage(
  { operationId: 'showProfile', path, summary: 'The page that changes a person’s name' },
  async (open) => pageOf(open, { firstName: open.user.firstName ?? '', lastName: open.user.lastName ?? '' }),
);

const submit = accountForm(
  {
    operationId: 'submitProfile',
    path,
    page: path,
    summary: 'Change a person’s name',
    body: { first_name: text, last_name: text },
  },
  async (open, body, services) => {
    const [firstName, lastName] = [body.first_name.trim(), body.last_name.trim()];
    const errors = { firstName: nameFault(firstName), lastName: nameFault(lastName) };
    if (errors.firstName || errors.lastName) return pageOf(open, { firstName, lastName, errors }, 422);
    const names = { first_name: firstName || null, last_name: lastName || null };
    const changed = await whileSignedIn(services, open, (tx) =>
      changeUser(services, open.tenant, tx, open.user.id, names, null),
    );
    return changed ? done(open, 'saved') : backTo(open, path);
  },
);

function nameFault(name: string): Say | undefined {
  if ([...name].length > maxNameLength) return say('account.nameTooLong', { count: maxNameLength });
  return /\p{Cc}/u.test(name) ? 'account.nameOdd' : undefined;
}

export const profileRoutes: readonly Route[] = [show, submit];
