import { SegmentedControl } from '@radix-ui/themes';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useDirection } from '../core/direction.ts';
import { sentenceOf } from '../core/problems.ts';
import { useEnvironment } from '../environments/queries.ts';
import { CurlSnippet } from '../parts/code-block.tsx';
import { Confirm } from '../parts/confirm.tsx';
import { Email } from '../parts/email.tsx';
import { Page } from '../parts/page.tsx';
import { PagedList } from '../parts/paged-list.tsx';
import { Pill, type Tone } from '../parts/pill.tsx';
import { RowButton, rowActions } from '../parts/row-actions.tsx';
import { Empty, Loaded } from '../parts/states.tsx';
import { type Column, Table } from '../parts/table.tsx';
import { Time } from '../parts/time.tsx';
import { toast } from '../parts/toast.tsx';
import { useWaitlist, useWaitlistChanges, type WaitlistEntry } from './waitlist-queries.ts';

const route = getRouteApi('/waitlist');

const tones: Readonly<Record<WaitlistEntry['state'], Tone>> = { pending: 'warn', approved: 'good', denied: 'plain' };

/** Who asked to be let in, and the answer. */
export function WaitlistPage() {
  const environment = useEnvironment();
  return (
    <Page title="Waitlist" sentence="People who asked to sign up. Nobody is let in before you say so.">
      <Loaded query={environment} lines={8}>
        {({ settings }) => (
          <>
            {settings.sign_up === 'waitlist' ? null : <SwitchedOff />}
            <Entries />
          </>
        )}
      </Loaded>
    </Page>
  );
}

function SwitchedOff() {
  return (
    <p className="notice">
      Sign-up does not go through the waitlist in this environment.{' '}
      <Link to="/authentication" hash="sign-up" className="text-link">
        Choose who may sign up
      </Link>
    </p>
  );
}

function Entries() {
  const { state = 'pending', after, before } = route.useSearch();
  const navigate = route.useNavigate();
  // Its types leave `dir` out; what it is built on takes it.
  const fromTheRight = { dir: useDirection() };
  const waitlist = useWaitlist({ state: state === 'all' ? undefined : state, after, before });
  return (
    <>
      <div className="tools">
        <SegmentedControl.Root
          {...fromTheRight}
          aria-label="State"
          value={state}
          onValueChange={(next) => navigate({ search: { state: next as typeof state } })}
        >
          <SegmentedControl.Item value="pending">Waiting</SegmentedControl.Item>
          <SegmentedControl.Item value="approved">Approved</SegmentedControl.Item>
          <SegmentedControl.Item value="denied">Denied</SegmentedControl.Item>
          <SegmentedControl.Item value="all">All</SegmentedControl.Item>
        </SegmentedControl.Root>
      </div>
      <PagedList
        query={waitlist}
        nouns={['person', 'people']}
        none={
          <Empty sentence={nobody[state]}>
            <CurlSnippet
              title="Put somebody on the waitlist over the API"
              method="POST"
              path="/user_management/waitlists/default/entries"
              body={{ email: 'grace@example.com', send_confirmation_email: true }}
            />
          </Empty>
        }
      >
        {(rows) => <EntryTable rows={rows} />}
      </PagedList>
    </>
  );
}

const nobody = {
  pending: 'People who join the waitlist on the sign-up page appear here.',
  approved: 'Nobody has been approved yet.',
  denied: 'Nobody has been denied.',
  all: 'The waitlist is empty. People who join it on the sign-up page appear here.',
};

function EntryTable({ rows }: { rows: readonly WaitlistEntry[] }) {
  const { approve, deny, remove } = useWaitlistChanges();
  const [denying, setDenying] = useState<WaitlistEntry | null>(null);
  const [leaving, setLeaving] = useState<WaitlistEntry | null>(null);
  const letIn = ({ id }: WaitlistEntry) =>
    approve.mutate(id, {
      onSuccess: ({ email }) => toast(`Approved ${email}. A mail invites them.`),
      onError: (error) => toast(sentenceOf(error)),
    });
  const columns: readonly Column<WaitlistEntry>[] = [
    { name: 'Email', leads: true, cell: ({ email }) => <Email address={email} /> },
    { name: 'State', cell: ({ state }) => <Pill tone={tones[state]}>{state}</Pill> },
    {
      name: 'They said',
      cell: ({ additional_fields: fields }) => {
        const said = Object.entries(fields).map(([name, value]) => `${name}: ${value}`);
        return said.length > 0 ? <bdi>{said.join(', ')}</bdi> : <span className="soft">nothing</span>;
      },
    },
    { name: 'Since', className: 'soft nowrap', cell: ({ created_at: at }) => <Time at={at} /> },
    rowActions((entry) =>
      entry.state === 'pending' ? (
        <>
          <RowButton label={`Approve ${entry.email}`} disabled={approve.isPending} onClick={() => letIn(entry)}>
            Approve
          </RowButton>
          <RowButton label={`Deny ${entry.email}`} danger onClick={() => setDenying(entry)}>
            Deny
          </RowButton>
        </>
      ) : (
        <RowButton label={`Delete ${entry.email}`} danger onClick={() => setLeaving(entry)}>
          Delete
        </RowButton>
      ),
    ),
  ];
  return (
    <>
      <Table label="Waitlist" columns={columns} rows={rows} rowKey={({ id }) => id} />
      <Confirm
        open={denying !== null}
        onOpenChange={(open) => open || setDenying(null)}
        title={`Deny ${denying?.email ?? ''}?`}
        verb="Deny"
        onConfirm={async () => {
          if (!denying) return;
          await deny.mutateAsync(denying.id);
          toast(`Denied ${denying.email}`);
        }}
      >
        They are not told. Delete the entry later to let them ask again.
      </Confirm>
      <Confirm
        open={leaving !== null}
        onOpenChange={(open) => open || setLeaving(null)}
        title={`Take ${leaving?.email ?? ''} off the list?`}
        verb="Delete entry"
        onConfirm={async () => {
          if (!leaving) return;
          await remove.mutateAsync(leaving.id);
          toast('Entry deleted');
        }}
      >
        The address can be put on the list again. An invitation that was sent stays in force.
      </Confirm>
    </>
  );
}
