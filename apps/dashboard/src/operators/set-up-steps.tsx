import { Button } from '@radix-ui/themes';
import { getRouteApi, Link } from '@tanstack/react-router';
import { ExternalLink } from 'lucide-react';
import { CreateKeyDialog } from '../api-keys/create-key-dialog.tsx';
import { useApiKeys } from '../api-keys/queries.ts';
import { useDesk } from '../core/environment.tsx';
import { AddRedirect } from '../environments/add-redirect.tsx';
import { useEnvironment } from '../environments/queries.ts';
import { type ListName, useRedirects } from '../environments/redirect-lists.ts';
import { SignInEndpoint } from '../environments/sign-in-endpoint.tsx';
import { usualAddresses } from '../environments/usual-addresses.ts';
import { CopyButton } from '../parts/copyable.tsx';
import { Pill } from '../parts/pill.tsx';
import { Loaded } from '../parts/states.tsx';

const route = getRouteApi('/set-up');

export function RedirectUriStep() {
  return <ListStep list="redirect_uris" noun="redirect URI" address="callback" />;
}

export function SignOutRedirectStep() {
  return <ListStep list="sign_out_redirects" noun="sign-out redirect" address="home" />;
}

export function SignInEndpointStep() {
  const { environment } = useDesk();
  const { signIn, areReal } = usualAddresses(environment);
  return areReal ? <SignInEndpoint initial={signIn} /> : <SignInEndpoint />;
}

/** What the list holds so far, and a field to add to it, filled with the usual value while the list is empty. */
function ListStep({ list, noun, address }: { list: ListName; noun: string; address: 'callback' | 'home' }) {
  const { environment } = useDesk();
  const { [address]: usual, areReal } = usualAddresses(environment);
  const redirects = useRedirects(list);
  return (
    <Loaded query={redirects} lines={2}>
      {(rows) => (
        <>
          {rows.length > 0 ? (
            <ul className="step-list" aria-label={`${noun}s`}>
              {rows.map((row) => (
                <li key={row.id}>
                  <bdi className="mono" dir="ltr">
                    {row.uri}
                  </bdi>
                  {row.default ? <Pill tone="brand">Default</Pill> : null}
                </li>
              ))}
            </ul>
          ) : null}
          <AddRedirect
            list={list}
            noun={noun}
            placeholder={usual}
            initial={rows.length === 0 && areReal ? usual : ''}
          />
        </>
      )}
    </Loaded>
  );
}

export function KeysStep({ onKey }: { onKey: (value: string) => void }) {
  const { environment } = useDesk();
  const keys = useApiKeys();
  const { dialog } = route.useSearch();
  const navigate = route.useNavigate();
  const showDialog = (open: boolean) =>
    navigate({ search: (search) => ({ ...search, dialog: open ? 'create' : undefined }), replace: true });
  const count = keys.data?.data.length ?? 0;
  return (
    <>
      <div className="key-value">
        <bdi className="mono" dir="ltr">
          {environment.client_id}
        </bdi>
        <CopyButton value={environment.client_id} label="Copy client ID" text="Copy" />
      </div>
      <p className="soft step-note">{keysSoFar(count)} A new one is filled into the .env block for you.</p>
      <Button variant="outline" color="gray" onClick={() => showDialog(true)}>
        Create API key
      </Button>
      <CreateKeyDialog open={dialog === 'create'} onOpenChange={showDialog} onCreated={onKey} />
    </>
  );
}

function keysSoFar(count: number): string {
  if (count === 0) return 'There is no key yet.';
  return count === 1
    ? 'One key exists; its value was shown when it was made.'
    : `${count} keys exist; their values were shown when they were made.`;
}

/** By way of the application when it has a sign-in endpoint, else straight to the sign-in page. */
export function TestSignInStep() {
  const environment = useEnvironment();
  const redirects = useRedirects('redirect_uris');
  return (
    <Loaded query={environment} lines={2}>
      {({ base_url, client_id, application: { sign_in_endpoint } }) => {
        const target = redirects.data?.find((row) => row.default) ?? redirects.data?.[0];
        const parameters = new URLSearchParams({
          client_id,
          response_type: 'code',
          provider: 'authkit',
          redirect_uri: target?.uri ?? '',
        });
        return (
          <>
            <div className="step-links">
              {sign_in_endpoint ? <OutLink href={sign_in_endpoint}>Open your application’s sign-in</OutLink> : null}
              {target ? (
                <OutLink href={`${base_url}/user_management/authorize?${parameters}`}>Open the sign-in page</OutLink>
              ) : (
                <p className="soft">Add a redirect URI first: a sign-in needs somewhere to return to.</p>
              )}
            </div>
            <p className="soft step-note">
              Your application must be running, for it answers the last redirect. Afterwards the account is listed under{' '}
              <Link to="/users" className="text-link">
                Users
              </Link>
              .
            </p>
          </>
        );
      }}
    </Loaded>
  );
}

function OutLink({ href, children }: { href: string; children: string }) {
  return (
    <Button asChild variant="outline" color="gray">
      <a href={href} target="_blank" rel="noreferrer">
        {children}
        <ExternalLink size={14} aria-label="(opens in a new tab)" />
      </a>
    </Button>
  );
}
