import { EmailPasswordAuthDisabled } from '../authentication/index.ts';
import { type Reply, reply } from '../core/index.ts';
import type { Client } from '../environments/index.ts';
import type { OpenAttempt } from './browser.ts';
import { goTo, takesPasswords } from './go-to.ts';

/**
 * A page that deals in passwords, where people sign in with them; elsewhere it leads on to the sign-in.
 *
 * The switch may be made while somebody is on the page, or while its form is under way: then what `act` calls refuses.
 *
 * @param open - the sign-in that goes on in this browser
 */
export async function whilePasswordsAreOn(
  client: Client,
  open: OpenAttempt | null,
  act: () => Promise<Reply>,
): Promise<Reply> {
  if (!takesPasswords({ client })) return toSignIn(client, open);
  try {
    return await act();
  } catch (error) {
    if (error instanceof EmailPasswordAuthDisabled) return toSignIn(client, open);
    throw error;
  }
}

const toSignIn = ({ environment, clientId }: Client, open: OpenAttempt | null): Reply =>
  open?.client.environment.id === environment.id
    ? goTo('/sign-in', open.attempt)
    : reply.redirect(`/sign-in?${new URLSearchParams({ client_id: clientId })}`, { status: 303 });
