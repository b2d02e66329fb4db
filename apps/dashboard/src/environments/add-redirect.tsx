import { Button } from '@radix-ui/themes';
import { TriangleAlert } from 'lucide-react';
import { type FormEvent, useRef, useState } from 'react';
import { sentenceOf } from '../core/problems.ts';
import { useDebounced } from '../core/use-debounced.ts';
import { ApiCall } from '../parts/code-block.tsx';
import { TextInput } from '../parts/field.tsx';
import { type ListName, useRedirectChanges, useRedirectCheck } from './redirect-lists.ts';

interface AddRedirectProps {
  readonly list: ListName;
  readonly noun: string;
  readonly placeholder: string;
  readonly initial?: string;
  readonly onAdded?: () => void;
}

const checkRestMs = 350;

/** A field that says, while one types, what the list would refuse and why. */
export function AddRedirect({ list, noun, placeholder, initial = '', onAdded }: AddRedirectProps) {
  const [uri, setUri] = useState(initial);
  const field = useRef<HTMLInputElement>(null);
  const { add } = useRedirectChanges(list);
  const wanted = uri.trim();
  const rested = useDebounced(wanted, checkRestMs);
  const { data } = useRedirectCheck(list, isBegun(rested) ? rested : '');
  const verdict = rested === wanted ? data?.registration : undefined;
  const problem = add.error ? sentenceOf(add.error) : verdict?.problems[0]?.message;

  function submit(event: FormEvent) {
    event.preventDefault();
    if (wanted === '') return field.current?.focus();
    add.mutate(wanted, {
      onSuccess: () => {
        setUri('');
        onAdded?.();
      },
      onError: () => field.current?.focus(),
    });
  }

  return (
    <form className="add-line" onSubmit={submit} noValidate>
      <TextInput
        ref={field}
        data-first
        label={`New ${noun}`}
        labelUnseen
        type="url"
        inputMode="url"
        dir="ltr"
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        placeholder={placeholder}
        value={uri}
        onChange={(event) => {
          setUri(event.target.value);
          add.reset();
        }}
        problem={problem}
        beside={
          <Button type="submit" loading={add.isPending}>
            Add <span className="unseen">{noun}</span>
          </Button>
        }
      />
      {verdict?.warnings.map(({ code, message }) => (
        <p key={code} className="field-problem" data-tone="warn">
          <TriangleAlert size={14} aria-hidden="true" />
          <span>{message}</span>
        </p>
      ))}
      {list === 'redirect_uris' && wanted !== '' ? (
        <ApiCall method="POST" path="/user_management/redirect_uris" body={{ uri: wanted }} />
      ) : null}
    </form>
  );
}

/** "htt" is unfinished rather than wrong; a complaint waits until there is a host to speak of. */
function isBegun(uri: string): boolean {
  return /:\/\/.{3,}/.test(uri) || /^[^:/]+[./]/.test(uri);
}
