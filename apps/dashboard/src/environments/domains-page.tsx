import { useState } from 'react';
import { AddDomain } from '../parts/add-domain.tsx';
import { Confirm } from '../parts/confirm.tsx';
import { Page } from '../parts/page.tsx';
import { Empty, Loaded } from '../parts/states.tsx';
import { toast } from '../parts/toast.tsx';
import { DomainCard } from './domain-card.tsx';
import { type CustomDomain, useCustomDomainChanges, useCustomDomains } from './domain-queries.ts';

/** What somebody is asked before it happens, and for which domain. */
interface Asked {
  readonly what: 'activate' | 'deactivate' | 'remove';
  readonly domain: CustomDomain;
}

/** The names of its own by which people reach an environment. */
export function DomainsPage() {
  const domains = useCustomDomains();
  const { add } = useCustomDomainChanges();
  const [asked, setAsked] = useState<Asked | null>(null);
  return (
    <Page
      title="Domains"
      sentence="A name of your own for the sign-in pages and the API, as auth.example.com."
      guide="custom-domains"
    >
      <AddDomain add={add} placeholder="auth.example.com" />
      <Loaded query={domains} lines={4}>
        {({ data }) =>
          data.length > 0 ? (
            <ul className="domains" aria-label="Domains">
              {data.map((domain) => (
                <DomainCard key={domain.id} domain={domain} onAsk={(what) => setAsked({ what, domain })} />
              ))}
            </ul>
          ) : (
            <Empty sentence="No domain yet. People see the server’s own name." />
          )
        }
      </Loaded>
      <Question asked={asked} onClose={() => setAsked(null)} />
    </Page>
  );
}

const questions = {
  activate: { title: (name: string) => `Send people to ${name}?`, verb: 'Use this domain' },
  deactivate: { title: (name: string) => `Stop using ${name}?`, verb: 'Stop using it' },
  remove: { title: (name: string) => `Remove ${name}?`, verb: 'Remove domain' },
};

function Question({ asked, onClose }: { asked: Asked | null; onClose: () => void }) {
  const { activate, deactivate, remove } = useCustomDomainChanges();
  const what = asked?.what ?? 'activate';
  const name = asked?.domain.name ?? '';

  async function confirm() {
    if (!asked) return;
    const { id, target } = asked.domain;
    if (asked.what === 'activate') await activate.mutateAsync({ id, anyway: !target.found });
    else if (asked.what === 'deactivate') await deactivate.mutateAsync(id);
    else await remove.mutateAsync(id);
    toast(asked.what === 'activate' ? `People are sent to ${name}` : `${name} is not in use any more`);
  }

  return (
    <Confirm
      open={asked !== null}
      onOpenChange={(open) => open || onClose()}
      title={questions[what].title(name)}
      verb={questions[what].verb}
      onConfirm={confirm}
    >
      {what === 'activate' ? (
        <>
          {asked?.domain.target.found
            ? ''
            : 'DNS does not show that it leads here. That is right behind a proxy only. '}
          Passkeys are made for one name: those made so far do not work there, and people make new ones. Whoever is
          signed in signs in once more. Register the callback addresses at social providers and identity providers
          first. Tokens name the domain as their issuer from now on.
        </>
      ) : (
        <>
          {asked?.domain.state === 'active'
            ? 'Links that were mailed stop working, and so do passkeys made there. '
            : ''}
          {what === 'remove' ? 'Whoever wants the name then has to prove it anew, and so do you.' : 'It stays proved.'}
        </>
      )}
    </Confirm>
  );
}
