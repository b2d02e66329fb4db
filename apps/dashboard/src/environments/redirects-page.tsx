import { Switch } from '@radix-ui/themes';
import { useState } from 'react';
import { useDesk } from '../core/environment.tsx';
import { sentenceOf } from '../core/problems.ts';
import { FieldProblem, SettingRow } from '../parts/field.tsx';
import { Page, Section } from '../parts/page.tsx';
import { Loaded } from '../parts/states.tsx';
import { toast } from '../parts/toast.tsx';
import { useEnvironment, useUpdateSettings } from './queries.ts';
import { RedirectChecker } from './redirect-checker.tsx';
import { RedirectList } from './redirect-list.tsx';
import type { Matched } from './redirect-lists.ts';
import { RedirectRules } from './redirect-rules.tsx';
import { SignInEndpoint } from './sign-in-endpoint.tsx';
import { usualAddresses } from './usual-addresses.ts';

export function RedirectsPage() {
  const [matched, setMatched] = useState<Matched | null>(null);
  const { environment } = useDesk();
  const usual = usualAddresses(environment);
  return (
    <Page title="Redirects" sentence="Where people may be sent after they sign in and after they sign out.">
      <Section
        id="redirect-uris"
        title="Redirect URIs"
        formerly="callback URLs"
        guide="redirect-uris"
        about="After signing in, people return to one of these with a code that your server exchanges for the user. The default is used when a sign-in did not name one."
      >
        <RedirectList
          list="redirect_uris"
          noun="redirect URI"
          usual={usual.callback}
          isOffered={usual.areReal}
          marked={matched?.list === 'redirect_uris' ? matched.id : null}
        />
        <RedirectRules />
      </Section>
      <Section
        id="checker"
        title="Would this URL be accepted?"
        about="Paste the URL your application sends. The answer is the one the sign-in page would give."
      >
        <RedirectChecker onMatch={setMatched} />
      </Section>
      <Section
        id="sign-in-endpoint"
        title="Sign-in endpoint"
        formerly="initiate login URL"
        guide="concepts/sign-in-endpoint"
        about="A route of your application that sends people on to AuthKit. It is where we begin again when someone arrives without your application, from a bookmark of the sign-in page or from a mail."
      >
        <SignInEndpoint />
      </Section>
      <Section
        id="sign-out-redirects"
        title="Sign-out redirects"
        formerly="logout redirects"
        guide="concepts/sign-out"
        about="Where people land after signing out. Without one, they see an error page, although their session has ended."
      >
        <RedirectList
          list="sign_out_redirects"
          noun="sign-out redirect"
          usual={usual.home}
          isOffered={usual.areReal}
          marked={matched?.list === 'sign_out_redirects' ? matched.id : null}
        />
      </Section>
      <Section id="strict-redirects" title="Wildcards">
        <StrictRedirects />
      </Section>
    </Page>
  );
}

function StrictRedirects() {
  const environment = useEnvironment();
  const update = useUpdateSettings();

  async function change(strict_redirects: boolean) {
    try {
      await update.mutateAsync({ strict_redirects });
      toast(strict_redirects ? 'Strict redirects are on' : 'Strict redirects are off', () =>
        update.mutate({ strict_redirects: !strict_redirects }),
      );
    } catch {
      // update.error holds it, and the row shows it.
    }
  }

  return (
    <Loaded query={environment} lines={2}>
      {({ settings }) => (
        <SettingRow
          id="strict"
          label="Strict redirects"
          about={
            <>
              No entry may hold a wildcard, on either list. Those that hold one must be deleted first.
              {update.error ? <FieldProblem>{sentenceOf(update.error)}</FieldProblem> : null}
            </>
          }
        >
          <Switch
            id="strict"
            data-first
            aria-describedby="strict-about"
            checked={(update.isPending ? update.variables.strict_redirects : null) ?? settings.strict_redirects}
            onCheckedChange={change}
          />
        </SettingRow>
      )}
    </Loaded>
  );
}
