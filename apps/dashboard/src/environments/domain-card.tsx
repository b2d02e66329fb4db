import { Button } from '@radix-ui/themes';
import { sentenceOf } from '../core/problems.ts';
import { CopyButton } from '../parts/copyable.tsx';
import { Pill, type Tone } from '../parts/pill.tsx';
import { toast } from '../parts/toast.tsx';
import { type CustomDomain, useCustomDomainChanges } from './domain-queries.ts';

const states: Readonly<Record<CustomDomain['state'], { readonly tone: Tone; readonly text: string }>> = {
  pending: { tone: 'warn', text: 'not proved' },
  verified: { tone: 'plain', text: 'proved' },
  active: { tone: 'good', text: 'in use' },
};

interface CardProps {
  readonly domain: CustomDomain;
  readonly onAsk: (what: 'activate' | 'deactivate' | 'remove') => void;
}

/** One name, what DNS has to say of it, and what can be done with it. */
export function DomainCard({ domain, onAsk }: CardProps) {
  const { name, state, url } = domain;
  const { check } = useCustomDomainChanges();
  const look = () =>
    check.mutate(domain.id, {
      onSuccess: (found) => toast(found.record.found ? `${name} is proved` : 'The TXT record is not there yet.'),
      onError: (error) => toast(sentenceOf(error)),
    });
  return (
    <li className="domain">
      <div className="domain-head">
        <div className="inline">
          <bdi className="domain-name">{name}</bdi>
          <Pill tone={states[state].tone}>{states[state].text}</Pill>
        </div>
        <div className="row-tools">
          <Button variant="outline" color="gray" loading={check.isPending} onClick={look}>
            Check DNS <span className="unseen">of {name}</span>
          </Button>
          {state === 'verified' ? (
            <Button onClick={() => onAsk('activate')}>
              Use <span className="unseen">{name}</span>
            </Button>
          ) : null}
          {state === 'active' ? (
            <Button variant="outline" color="gray" onClick={() => onAsk('deactivate')}>
              Stop using <span className="unseen">{name}</span>
            </Button>
          ) : null}
          <button
            type="button"
            className="quiet-button danger-text"
            aria-label={`Remove ${name}`}
            onClick={() => onAsk('remove')}
          >
            Remove
          </button>
        </div>
      </div>
      {state === 'active' ? (
        <p className="soft">
          Pages and API are at{' '}
          <bdi className="mono" dir="ltr">
            {url}
          </bdi>
          . Your proxy has to hand the Host header on as it came.
        </p>
      ) : null}
      <DnsRecord
        type="TXT"
        name={domain.record.name}
        value={domain.record.value}
        found={domain.record.found || state !== 'pending'}
      />
      <DnsRecord type="CNAME" name={name} value={domain.target.host} found={domain.target.found} />
      {domain.target.found ? null : (
        <p className="soft">Where a CNAME cannot stand, A and AAAA records with the same addresses do as well.</p>
      )}
    </li>
  );
}

interface RecordProps {
  readonly type: string;
  readonly name: string;
  readonly value: string;
  readonly found: boolean;
}

function DnsRecord({ type, name, value, found }: RecordProps) {
  return (
    <dl className="facts record">
      <div>
        <dt>{type}</dt>
        <dd className="record-value">
          <bdi className="mono" dir="ltr">
            {name}
          </bdi>
          <Pill tone={found ? 'good' : 'warn'}>{found ? 'found' : 'missing'}</Pill>
        </dd>
      </div>
      <div>
        <dt>Value</dt>
        <dd className="record-value">
          <bdi className="mono" dir="ltr">
            {value}
          </bdi>
          <CopyButton value={value} label={`Copy the ${type} record of ${name}`} />
        </dd>
      </div>
    </dl>
  );
}
