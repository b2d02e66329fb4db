import { Button } from '@radix-ui/themes';
import { sentenceOf } from '../core/problems.ts';
import { Email } from '../parts/email.tsx';
import { Pill } from '../parts/pill.tsx';
import { Empty, Loaded } from '../parts/states.tsx';
import { type Column, Table } from '../parts/table.tsx';
import { Time } from '../parts/time.tsx';
import { toast } from '../parts/toast.tsx';
import { type MailFailure, useMailFailures, useRetryMails } from './queries.ts';

const columns: readonly Column<MailFailure>[] = [
  { name: 'To', leads: true, cell: ({ email }) => <Email address={email} /> },
  { name: 'Mail', cell: ({ template }) => template.replaceAll('_', ' ') },
  { name: 'Why', cell: ({ message }) => <bdi className="mail-why">{message}</bdi> },
  {
    name: 'State',
    cell: ({ state, tries }) => (
      <span className="inline">
        <Pill tone={state === 'given_up' ? 'danger' : 'warn'}>
          {state === 'given_up' ? 'given up' : 'trying again'}
        </Pill>
        <span className="soft nowrap">
          {tries} {tries === 1 ? 'try' : 'tries'}
        </span>
      </span>
    ),
  },
  { name: 'Last try', className: 'soft nowrap', cell: ({ tried_at: at }) => <Time at={at} /> },
];

/** What waits to be handed over, and why it could not be. */
export function FailedMails() {
  const failures = useMailFailures();
  const retry = useRetryMails();
  const again = () =>
    retry.mutate(undefined, {
      onSuccess: () => toast('All of them are tried again'),
      onError: (error) => toast(sentenceOf(error)),
    });
  return (
    <Loaded query={failures} lines={2}>
      {({ data }) =>
        data.length > 0 ? (
          <>
            <Table label="Mails that did not leave" columns={columns} rows={data} rowKey={({ id }) => id} />
            <div className="mail-forget">
              <Button variant="outline" color="gray" loading={retry.isPending} onClick={again}>
                Try all of them now
              </Button>
            </div>
          </>
        ) : (
          <Empty sentence="No failed mails." />
        )
      }
    </Loaded>
  );
}
