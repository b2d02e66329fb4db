import { Button } from '@radix-ui/themes';
import { type FormEvent, type ReactNode, useRef, useState } from 'react';
import { sentenceOf } from '../core/problems.ts';
import { TextInput } from './field.tsx';

/** What adding one does, as `useMutation` gives it. */
interface Adding {
  readonly isPending: boolean;
  readonly error: Error | null;
  reset(): void;
  mutate(name: string, callbacks: { onSuccess: () => void; onError: () => void }): void;
}

interface AddDomainProps {
  readonly add: Adding;
  readonly placeholder: string;
  /** Below the line, once something is typed. */
  readonly children?: (wanted: string) => ReactNode;
}

/** One line that adds a domain. What is refused stays in it. */
export function AddDomain({ add, placeholder, children }: AddDomainProps) {
  const [name, setName] = useState('');
  const field = useRef<HTMLInputElement>(null);
  const wanted = name.trim();

  function submit(event: FormEvent) {
    event.preventDefault();
    if (wanted === '') return field.current?.focus();
    add.mutate(wanted, { onSuccess: () => setName(''), onError: () => field.current?.focus() });
  }

  return (
    <form className="add-line" onSubmit={submit}>
      <TextInput
        ref={field}
        label="New domain"
        labelUnseen
        dir="ltr"
        inputMode="url"
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        placeholder={placeholder}
        value={name}
        onChange={(event) => {
          setName(event.target.value);
          add.reset();
        }}
        problem={add.error ? sentenceOf(add.error) : undefined}
        beside={
          <Button type="submit" loading={add.isPending}>
            Add domain
          </Button>
        }
      />
      {wanted === '' ? null : children?.(wanted)}
    </form>
  );
}
