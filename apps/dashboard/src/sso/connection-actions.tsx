import { Button } from '@radix-ui/themes';
import { useState } from 'react';
import { sentenceOf } from '../core/problems.ts';
import { Confirm } from '../parts/confirm.tsx';
import { toast } from '../parts/toast.tsx';
import { type Connection, useConnectionChanges } from './queries.ts';

/** On, off, and what a sign-on would bring. */
export function ConnectionActions({ connection }: { connection: Connection }) {
  const { id, name, state, is_complete: isComplete } = connection;
  const { activate, deactivate, test } = useConnectionChanges(id);
  const [stopping, setStopping] = useState(false);
  const tell = { onError: (error: unknown) => toast(sentenceOf(error)) };
  return (
    <div className="page-actions">
      <Button
        variant="outline"
        color="gray"
        disabled={!isComplete}
        loading={test.isPending}
        onClick={() => test.mutate(undefined, { ...tell, onSuccess: ({ url }) => window.location.assign(url) })}
      >
        Test sign-on
      </Button>
      {state === 'active' ? (
        <Button variant="outline" color="gray" onClick={() => setStopping(true)}>
          Deactivate
        </Button>
      ) : (
        <Button
          disabled={!isComplete}
          loading={activate.isPending}
          onClick={() => activate.mutate(undefined, { ...tell, onSuccess: () => toast(`${name} is active`) })}
        >
          Activate
        </Button>
      )}
      <Confirm
        open={stopping}
        onOpenChange={setStopping}
        title={`Deactivate ${name}?`}
        verb="Deactivate connection"
        onConfirm={async () => {
          await deactivate.mutateAsync();
          toast(`${name} is inactive`);
        }}
      >
        Nobody signs in by it until it is activated again, and sessions that began with it end.
      </Confirm>
    </div>
  );
}
