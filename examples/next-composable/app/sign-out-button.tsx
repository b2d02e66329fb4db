import { signOutAction } from './actions';

export const SignOutButton = () => (
  <form action={signOutAction}>
    <button type="submit">Sign out</button>
  </form>
);
