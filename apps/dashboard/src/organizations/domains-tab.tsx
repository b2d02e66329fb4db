import { Button } from '@radix-ui/themes';
import { useState } from 'react';
import { sentenceOf } from '../core/problems.ts';
import { AddDomain } from '../parts/add-domain.tsx';
import { ApiCall, CurlSnippet } from '../parts/code-block.tsx';
import { Confirm } from '../parts/confirm.tsx';
import { CopyableId, CopyButton } from '../parts/copyable.tsx';
import { Pill, type Tone } from '../parts/pill.tsx';
import { Empty } from '../parts/states.tsx';
import { toast } from '../parts/toast.tsx';
import { type Domain, useDomainChanges } from './domain-queries.ts';
import type { Organization } from './queries.ts';

const tones: Readonly<Record<string, Tone>> = { verified: 'good', pending: 'warn', failed: 'danger' };

/** Which domains are an organization's, and the DNS record that proves each. */
export function DomainsTab({ organization }: { organization: Organization }) {
  const { add, remove } = useDomainChanges(organization.id);
  const [leaving, setLeaving] = useState<Domain | null>(null);
  return (
    <>
      <AddDomain add={add} placeholder="acme.com">
        {(domain) => (
          <ApiCall method="POST" path="/organization_domains" body={{ domain, organization_id: organization.id }} />
        )}
      </AddDomain>
      {organization.domains.length > 0 ? (
        <ul className="domains" aria-label="Domains">
          {organization.domains.map((domain) => (
            <DomainCard key={domain.id} domain={domain} onDelete={() => setLeaving(domain)} />
          ))}
        </ul>
      ) : (
        <Empty sentence="No domains yet. Once one is proved, people with an address of it can join by signing in.">
          <CurlSnippet
            title="Add a domain over the API"
            method="POST"
            path="/organization_domains"
            body={{ domain: 'acme.com', organization_id: organization.id }}
          />
        </Empty>
      )}
      <Confirm
        open={leaving !== null}
        onOpenChange={(open) => open || setLeaving(null)}
        title={`Delete ${leaving?.domain ?? ''}?`}
        verb="Delete domain"
        onConfirm={async () => {
          if (!leaving) return;
          await remove.mutateAsync(leaving.id);
          toast(`${leaving.domain} deleted`);
        }}
      >
        Nobody joins by it any more. Members who came by it stay.
      </Confirm>
    </>
  );
}

function DomainCard({ domain: entry, onDelete }: { domain: Domain; onDelete: () => void }) {
  const { id, domain, state = 'pending', verification_strategy: strategy } = entry;
  const { verify } = useDomainChanges(entry.organization_id);
  const isVerified = state === 'verified' || state === 'legacy_verified';

  const look = () =>
    verify.mutate(id, {
      onSuccess: (found) =>
        toast(
          found.state === 'verified'
            ? `${domain} is verified`
            : 'The record is not there yet. We go on looking for it for 30 days.',
        ),
      onError: (error) => toast(sentenceOf(error)),
    });

  return (
    <li className="domain">
      <div className="domain-head">
        <div className="inline">
          <bdi className="domain-name">{domain}</bdi>
          <Pill tone={tones[state] ?? 'plain'}>{state.replaceAll('_', ' ')}</Pill>
          <CopyableId id={id} label="domain id" />
        </div>
        <div className="row-tools">
          {isVerified ? null : (
            <Button variant="outline" color="gray" loading={verify.isPending} onClick={look}>
              Verify <span className="unseen">{domain}</span>
            </Button>
          )}
          <button type="button" className="quiet-button danger-text" aria-label={`Delete ${domain}`} onClick={onDelete}>
            Delete
          </button>
        </div>
      </div>
      {isVerified ? (
        <p className="soft">
          {strategy === 'manual' ? 'Vouched for by your application.' : 'Proved by its DNS record.'}
        </p>
      ) : (
        <TxtRecord domain={entry} />
      )}
    </li>
  );
}

function TxtRecord({ domain: { domain, verification_prefix: prefix, verification_token: token } }: { domain: Domain }) {
  const value = `${prefix}=${token}`;
  return (
    <>
      <p className="soft">
        Whoever manages the DNS of <bdi>{domain}</bdi> adds this record; then choose Verify.
      </p>
      <dl className="facts record">
        <div>
          <dt>Type</dt>
          <dd className="mono">TXT</dd>
        </div>
        <div>
          <dt>Name</dt>
          <dd className="mono">
            <bdi dir="ltr">{domain}</bdi>
          </dd>
        </div>
        <div>
          <dt>Value</dt>
          <dd className="record-value">
            <bdi className="mono" dir="ltr">
              {value}
            </bdi>
            <CopyButton value={value} label={`Copy the record of ${domain}`} />
          </dd>
        </div>
      </dl>
    </>
  );
}
