import { Button, Switch } from '@radix-ui/themes';
import { useId, useState } from 'react';
import { useDesk } from '../core/environment.tsx';
import { sentenceOf } from '../core/problems.ts';
import { FieldProblem, SettingRow } from '../parts/field.tsx';
import { Section } from '../parts/page.tsx';
import { toast } from '../parts/toast.tsx';
import { type Connection, useConnectionChanges } from './queries.ts';

/** A development server stands in for the provider; anywhere else there is nothing to show. */
export function SimulatedProvider({
  connection: { id, is_simulated: isSimulated, state, protocol },
}: {
  connection: Connection;
}) {
  const { me, environment } = useDesk();
  const { simulate } = useConnectionChanges(id);
  const switchId = useId();
  const [isStrict, setStrict] = useState(false);
  // Where the mailbox is, the simulated providers are.
  if (me.mailbox_url === null || environment.kind !== 'staging' || isSimulated || state === 'active') return null;
  return (
    <Section
      id="simulated"
      title="No provider at hand?"
      about="This development server simulates one, with people to choose from and errors to provoke. Nothing leaves your machine."
      action={
        <Button
          variant="outline"
          color="gray"
          loading={simulate.isPending}
          onClick={() =>
            simulate.mutate(isStrict, { onSuccess: () => toast('The simulated identity provider is set up') })
          }
        >
          Use the simulated identity provider
        </Button>
      }
    >
      {protocol === 'saml' ? (
        <SettingRow
          id={switchId}
          label="A strict one"
          about="It takes signed requests only, and encrypts its assertions."
        >
          <Switch id={switchId} aria-describedby={`${switchId}-about`} checked={isStrict} onCheckedChange={setStrict} />
        </SettingRow>
      ) : null}
      {simulate.error ? <FieldProblem>{sentenceOf(simulate.error)}</FieldProblem> : null}
    </Section>
  );
}
