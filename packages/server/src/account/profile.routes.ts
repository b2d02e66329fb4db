import { type Reply, type Route, reply } from '../core/index.ts';
import { text } from '../sign-in/index.ts';
import { type Say, say, takesOneName } from '../texts/index.ts';
import { changeUser, fullNameOf, maxNameLength, partsOfName } from '../users/index.ts';
import { accountPath, type OpenAccount } from './open.ts';
import { type ProfileView, profilePage } from './pages/forms.ts';
import { accountForm, accountPage, backTo, done, formTo } from './routes-of.ts';
import { whileSignedIn } from './while-signed-in.ts';

const path = '/account/profile';

const pageOf = (
  open: OpenAccount,
  shown: Pick<ProfileView, 'name' | 'firstName' | 'lastName' | 'errors'>,
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
  async (open) => {
    const { firstName, lastName } = open.user;
    return pageOf(open, { name: fullNameOf(open.user), firstName: firstName ?? '', lastName: lastName ?? '' });
  },
);

const submit = accountForm(
  {
    operationId: 'submitProfile',
    path,
    page: path,
    summary: 'Change a person’s name',
    body: { name: text, first_name: text, last_name: text },
  },
  async (open, body, services) => {
    const [first, last] = [body.first_name.trim(), body.last_name.trim()];
    // Which language the page was in the form alone knows.
    const isOne = body.name.trim() !== '' || (takesOneName(open.view('').t.locale) && first === '' && last === '');
    const { firstName, lastName, name } = isOne
      ? partsOfName(body.name)
      : { firstName: first, lastName: last, name: '' };
    const errors = isOne
      ? { name: nameFault(name) }
      : { firstName: nameFault(firstName), lastName: nameFault(lastName) };
    const shown = { name: name || fullNameOf({ name, firstName, lastName }), firstName, lastName };
    if (Object.values(errors).some(Boolean)) return pageOf(open, { ...shown, errors }, 422);
    // Whoever has a name in one as well does not go on with the old one.
    const whole = isOne || open.user.name !== null ? { name: shown.name || null } : {};
    const names = { first_name: firstName || null, last_name: lastName || null, ...whole };
    const changed = await whileSignedIn(services, open, (tx) =>
      changeUser(services, open.tenant, tx, open.user.id, names, null, 'person'),
    );
    return changed ? done(open, 'saved') : backTo(open, path);
  },
);

function nameFault(name: string): Say | undefined {
  if ([...name].length > maxNameLength) return say('account.nameTooLong', { count: maxNameLength });
  return /\p{Cc}/u.test(name) ? 'account.nameOdd' : undefined;
}

export const profileRoutes: readonly Route[] = [show, submit];
