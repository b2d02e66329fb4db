import { Button, Switch } from '@radix-ui/themes';
import { useId, useState } from 'react';
import { exactTime } from '../core/dates.ts';
import { sentenceOf } from '../core/problems.ts';
import { Confirm } from '../parts/confirm.tsx';
import { CopyableId } from '../parts/copyable.tsx';
import { FieldProblem, SettingRow } from '../parts/field.tsx';
import { Section } from '../parts/page.tsx';
import { Pill } from '../parts/pill.tsx';
import { Loaded } from '../parts/states.tsx';
import { toast } from '../parts/toast.tsx';
import { type Connection, useConnectionChanges, useKeyChanges, useKeys } from './queries.ts';

type Key = NonNullable<ReturnType<typeof useKeys>['data']>['data'][number];

/** What we sign requests with, and what the provider encrypts for. While it changes there are two. */
export function OurKeys({ connection }: { connection: Connection }) {
  const query = useKeys(connection.id);
  return (
    <Section
      id="keys"
      title="Our keys"
      about="Our metadata shows the provider their certificates. Assertions may be encrypted for any of them."
    >
      <SignRequests connection={connection} />
      <Loaded query={query} lines={3}>
        {({ data }) => <KeyList id={connection.id} keys={data} />}
      </Loaded>
    </Section>
  );
}

function SignRequests({ connection }: { connection: Connection }) {
  const id = useId();
  const { update } = useConnectionChanges(connection.id);
  const isOn = (update.isPending ? update.variables.sign_requests : null) ?? connection.sign_requests;
  return (
    <>
      <SettingRow
        id={id}
        label="Sign requests"
        about="For providers that demand it. Metadata that says so switches it on."
      >
        <Switch
          id={id}
          aria-describedby={`${id}-about`}
          checked={isOn}
          onCheckedChange={(signs) =>
            update.mutate(
              { sign_requests: signs },
              { onSuccess: () => toast(signs ? 'Requests are signed' : 'Requests are not signed') },
            )
          }
        />
      </SettingRow>
      {update.error ? <FieldProblem>{sentenceOf(update.error)}</FieldProblem> : null}
    </>
  );
}

function KeyList({ id, keys }: { id: string; keys: readonly Key[] }) {
  const { add, remove } = useKeyChanges(id);
  const [leaving, setLeaving] = useState<Key | null>(null);
  const isChanging = keys.length > 1;
  return (
    <>
      <ul className="domains" aria-label="Our keys">
        {keys.map((key) => (
          <KeyCard key={key.number} of={key} onRemove={isChanging ? () => setLeaving(key) : null} />
        ))}
      </ul>
      {isChanging ? (
        <p className="soft">
          Have the provider read our metadata again, or give it the new certificate. Then remove the old key.
        </p>
      ) : (
        <div className="sso-form">
          <div>
            <Button
              variant="outline"
              color="gray"
              loading={add.isPending}
              onClick={() => add.mutate(undefined, { onSuccess: () => toast('Key added') })}
            >
              Add a new key
            </Button>
          </div>
        </div>
      )}
      {add.error ? <FieldProblem>{sentenceOf(add.error)}</FieldProblem> : null}
      <Confirm
        open={leaving !== null}
        onOpenChange={(open) => open || setLeaving(null)}
        title="Remove key?"
        verb="Remove key"
        onConfirm={async () => {
          await remove.mutateAsync(String(leaving?.number));
          toast('Key removed');
        }}
      >
        The other one signs from now on. What the provider still encrypts for this one can no longer be read.
      </Confirm>
    </>
  );
}

function KeyCard({ of: key, onRemove }: { of: Key; onRemove: (() => void) | null }) {
  const name = `Key ${key.number}`;
  return (
    <li className="domain">
      <div className="domain-head">
        <div className="inline">
          <span className="domain-name">{name}</span>
          {key.signs_requests ? <Pill tone="good">In use</Pill> : <Pill tone="plain">New</Pill>}
        </div>
        {onRemove ? (
          <button type="button" className="quiet-button danger-text" onClick={onRemove}>
            Remove <span className="unseen">{name}</span>
          </button>
        ) : null}
      </div>
      <p className="soft">
        Made on <time dateTime={key.not_before}>{exactTime(key.not_before)}</time>.
      </p>
      <CopyableId id={key.fingerprint} whole label={`fingerprint of ${name}`} />
    </li>
  );
}
