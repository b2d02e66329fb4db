import { Button } from '@radix-ui/themes';
import { type FormEvent, useState } from 'react';
import { useDesk } from '../core/environment.tsx';
import { sentenceOf } from '../core/problems.ts';
import { TextInput } from '../parts/field.tsx';
import { Pill } from '../parts/pill.tsx';
import { useMailProviderChanges } from './queries.ts';

/** One mail right now, and what the mail server said to it. */
export function TestMessage() {
  const { me } = useDesk();
  const [to, setTo] = useState(me.operator.email);
  const { test } = useMailProviderChanges();

  function submit(event: FormEvent) {
    event.preventDefault();
    test.mutate(to.trim());
  }

  return (
    <form className="add-line" onSubmit={submit} noValidate>
      <TextInput
        label="Test message to"
        type="email"
        dir="ltr"
        autoComplete="email"
        value={to}
        onChange={(event) => {
          setTo(event.target.value);
          test.reset();
        }}
        problem={test.error ? sentenceOf(test.error) : undefined}
        beside={
          <Button type="submit" variant="outline" color="gray" loading={test.isPending}>
            Send test message
          </Button>
        }
      />
      <div role="status" className="mail-answer">
        {test.data ? (
          <>
            <Pill tone={test.data.outcome === 'accepted' ? 'good' : 'danger'}>{test.data.outcome}</Pill>{' '}
            <bdi>
              {test.data.outcome === 'accepted' ? `The mail server said: ${test.data.message}` : test.data.message}
            </bdi>
          </>
        ) : null}
      </div>
    </form>
  );
}
