import { getSignInUrl, getSignUpUrl } from '@workos-inc/authkit-react-router';
import { redirect } from 'react-router';
import { appUrl } from '../auth.server';
import type { Route } from './+types/login';

/** What an invitation, an organization's own sign-in link or an operator's dashboard hands over for the hosted pages. */
const passedOn = ['login_hint', 'organization_id', 'invitation_token'];

export async function loader({ request }: Route.LoaderArgs) {
  const { searchParams } = new URL(request.url);
  const { pathname, search } = appUrl(searchParams.get('return_to') ?? '/');
  const authorizationUrl = searchParams.get('screen_hint') === 'sign-up' ? getSignUpUrl : getSignInUrl;
  const url = new URL(await authorizationUrl(pathname + search));
  for (const name of passedOn) {
    const value = searchParams.get(name);
    if (value) url.searchParams.set(name, value);
  }
  return redirect(url.href);
}
