import { type Answer, unwrap } from '@authkit/client';
import { Button, Checkbox } from '@radix-ui/themes';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useId } from 'react';
import { useDraft } from '../core/drafts.ts';
import { useDesk } from '../core/environment.tsx';
import { Confirm } from '../parts/confirm.tsx';
import { CopyableId } from '../parts/copyable.tsx';
import { Pill, type Tone } from '../parts/pill.tsx';
import { Loaded } from '../parts/states.tsx';
import { type Column, Table } from '../parts/table.tsx';
import { Time } from '../parts/time.tsx';
import { toast } from '../parts/toast.tsx';

type SigningKey = Answer<'/dashboard/api/signing_keys', 'get'>['data'][number];

const tones: Readonly<Record<SigningKey['state'], Tone>> = { next: 'plain', active: 'good', retiring: 'warn' };

const columns: readonly Column<SigningKey>[] = [
  { name: 'Key ID', leads: true, cell: ({ id }) => <CopyableId id={id} label="key id" /> },
  { name: 'State', cell: ({ state }) => <Pill tone={tones[state]}>{state}</Pill> },
  { name: 'Algorithm', cell: ({ algorithm }) => <span className="mono">{algorithm}</span> },
  { name: 'Signs from', className: 'soft nowrap', cell: ({ active_from: at }) => <Time at={at} /> },
  {
    name: 'Removed',
    className: 'soft nowrap',
    cell: ({ remove_at: at }) => (at ? <Time at={at} /> : 'not planned'),
  },
];

function useRotate() {
  const { api, key } = useDesk();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (emergency: boolean) => unwrap(api.POST('/dashboard/api/signing_keys/rotate', { body: { emergency } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: key('signing_keys') }),
  });
}

interface SigningKeysProps {
  /** Whether the question about a rotation is open. */
  readonly asking: boolean;
  readonly onAsk: (open: boolean) => void;
}

export function SigningKeys({ asking, onAsk }: SigningKeysProps) {
  const { api, key } = useDesk();
  const [emergency, setEmergency] = useDraft('rotate-at-once', false);
  const rotate = useRotate();
  const emergencyId = useId();
  const keys = useQuery({
    queryKey: key('signing_keys'),
    queryFn: ({ signal }) => unwrap(api.GET('/dashboard/api/signing_keys', { signal })),
  });
  return (
    <>
      <Loaded query={keys} lines={3}>
        {({ data }) => <Table label="Signing keys" columns={columns} rows={data} rowKey={({ id }) => id} />}
      </Loaded>
      <Button variant="outline" color="gray" className="after-table" onClick={() => onAsk(true)}>
        Rotate signing keys
      </Button>
      <Confirm
        open={asking}
        onOpenChange={(open) => {
          onAsk(open);
          setEmergency(false);
        }}
        title="Rotate signing keys?"
        verb={emergency ? 'Rotate and drop the old key' : 'Rotate keys'}
        onConfirm={async () => {
          await rotate.mutateAsync(emergency);
          toast('Signing keys rotated');
        }}
        extra={
          <div className="check-line">
            <Checkbox
              id={emergencyId}
              checked={emergency}
              onCheckedChange={(checked) => setEmergency(checked === true)}
            />
            <label htmlFor={emergencyId}>
              Somebody else may know the private key. Withdraw it at once; every token it signed is refused.
            </label>
          </div>
        }
      >
        {emergency
          ? 'A new key signs from this moment, and the old ones are withdrawn.'
          : 'A new key is published now and signs from tomorrow, when every application has seen it. The old one stays until the last token it signed has run out.'}
      </Confirm>
    </>
  );
}
