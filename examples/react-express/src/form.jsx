import { useServer } from './server.js';

// docs: sign-out
/** A form that changes something, with the token that no other site can read. */
export function Form({ action, button, children }) {
  const token = useServer('/csrf-token');
  return (
    <form method="post" action={action}>
      <input type="hidden" name="csrf_token" value={token?.csrfToken ?? ''} />
      {children}
      <button type="submit" disabled={!token}>
        {button}
      </button>
    </form>
  );
}

export const SignOut = () => <Form action="/logout" button="Sign out" />;
// docs: end
