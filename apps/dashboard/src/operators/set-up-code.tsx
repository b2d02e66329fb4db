import { useState } from 'react';
import { useDesk } from '../core/environment.tsx';
import { useEnvironment } from '../environments/queries.ts';
import { useRedirects } from '../environments/redirect-lists.ts';
import { envFile, newCookiePassword, sdkSetUp } from '../environments/snippets.tsx';
import { usualAddresses } from '../environments/usual-addresses.ts';
import { CodeBlock } from '../parts/code-block.tsx';
import { Loaded } from '../parts/states.tsx';

/** What goes into the application, filled with this environment's own values. */
export function SetUpCode({ apiKey }: { apiKey: string | null }) {
  const desk = useDesk();
  const environment = useEnvironment();
  const redirects = useRedirects('redirect_uris');
  const [cookiePassword] = useState(newCookiePassword);
  const redirectUri = redirects.data?.find((row) => row.default)?.uri ?? usualAddresses(desk.environment).callback;
  return (
    <aside className="set-up-code" aria-label="Code for your application">
      <Loaded query={environment} lines={8}>
        {(data) => (
          <>
            <CodeBlock
              title=".env"
              code={envFile({ environment: data, apiKey, redirectUri, cookiePassword })}
              isWhole={apiKey !== null}
            />
            <p className="field-hint">
              {apiKey
                ? 'This block holds your new key.'
                : 'Create a key: it is filled in here, and the block can be copied.'}{' '}
              The cookie password is fresh and was made in your browser.
            </p>
            <CodeBlock title="auth.js" code={`${sdkSetUp(data)}\n\n${authorizationCode}`} />
          </>
        )}
      </Loaded>
    </aside>
  );
}

const authorizationCode = `export const signInUrl = workos.userManagement.getAuthorizationUrl({
  provider: 'authkit',
  redirectUri: process.env.WORKOS_REDIRECT_URI,
});

export const finishSignIn = (code) =>
  workos.userManagement.authenticateWithCode({ code });`;
