import { Details } from '../../details';
import { ensureSignedIn } from '../../ensure-signed-in';
import { OrganizationSwitcher } from '../../organization-switcher';
import { SignOutButton } from '../../sign-out-button';

export default async function Account() {
  const auth = await ensureSignedIn();
  return (
    <>
      <h1>Account</h1>
      <p>Only signed-in people see this page. It is a server component.</p>
      <Details {...auth} />
      <OrganizationSwitcher userId={auth.user.id} current={auth.organizationId} />
      <nav>
        <a href="/">Back to the start</a>
        <a href="/profile">The same in the browser</a>
        <SignOutButton />
      </nav>
    </>
  );
}
