import { Button, Select } from '@radix-ui/themes';
import { getRouteApi } from '@tanstack/react-router';
import { CircleAlert, CircleCheck } from 'lucide-react';
import { useEffect, useId, useState } from 'react';
import { sentenceOf } from '../core/problems.ts';
import { useDebounced } from '../core/use-debounced.ts';
import { TextInput } from '../parts/field.tsx';
import { toast } from '../parts/toast.tsx';
import {
  type ListName,
  type Matched,
  type RedirectCheck,
  useRedirectChanges,
  useRedirectCheck,
} from './redirect-lists.ts';

const route = getRouteApi('/redirects');
const restMs = 200;

/** Asks the server's own matching about a URL, so the answer here and on the sign-in page cannot differ. */
export function RedirectChecker({ onMatch }: { onMatch: (matched: Matched | null) => void }) {
  const { check: asked = '', list: askedList = 'redirect_uris' } = route.useSearch();
  const [list, setList] = useState<ListName>(askedList);
  const [typed, setTyped] = useState(asked);
  const url = useDebounced(typed.trim(), restMs);
  const check = useRedirectCheck(list, url);
  const matchedId = check.data?.matched?.id ?? null;
  const listLabelId = useId();

  useEffect(() => onMatch(matchedId === null ? null : { list, id: matchedId }), [onMatch, list, matchedId]);

  return (
    <>
      <TextInput
        data-first
        label="URL to check"
        labelUnseen
        type="url"
        inputMode="url"
        dir="ltr"
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        placeholder="https://app-git-feature-acme.vercel.app/callback"
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        beside={
          <Select.Root value={list} onValueChange={(value) => setList(value as ListName)}>
            <span id={listLabelId} className="unseen">
              Check it after
            </span>
            <Select.Trigger aria-labelledby={listLabelId} className="checker-list" />
            <Select.Content position="popper">
              <Select.Item value="redirect_uris">After sign-in</Select.Item>
              <Select.Item value="sign_out_redirects">After sign-out</Select.Item>
            </Select.Content>
          </Select.Root>
        }
      />
      <div className="verdict" role="status" aria-busy={check.isFetching}>
        {url === '' ? null : check.isError ? (
          <p className="soft">{sentenceOf(check.error)}</p>
        ) : check.data ? (
          <Verdict url={url} list={list} check={check.data} />
        ) : null}
      </div>
    </>
  );
}

function Verdict({ url, list, check }: { url: string; list: ListName; check: RedirectCheck }) {
  if (check.accepted) {
    return (
      <p className="verdict-line" data-tone="good">
        <CircleCheck size={17} aria-hidden="true" />
        <span>
          <strong>Accepted.</strong> It matches <bdi className="mono">{check.matched?.uri}</bdi>
        </span>
      </p>
    );
  }
  return (
    <>
      <p className="verdict-line" data-tone="danger">
        <CircleAlert size={17} aria-hidden="true" />
        <span>
          <strong>Refused.</strong> {check.reason}
        </span>
      </p>
      {check.closest ? <Closest url={url} closest={check.closest} reason={check.reason ?? ''} /> : null}
      <OneClickAdd url={url} list={list} check={check} />
    </>
  );
}

interface ClosestProps {
  readonly url: string;
  readonly closest: NonNullable<RedirectCheck['closest']>;
  /** What was said above already, which mostly tells the difference too. */
  readonly reason: string;
}

function Closest({ url, closest, reason }: ClosestProps) {
  return (
    <dl className="closest">
      <div>
        <dt>Sent</dt>
        <dd>
          <Difference text={url} other={closest.uri} />
        </dd>
      </div>
      <div>
        <dt>Closest entry</dt>
        <dd>
          <Difference text={closest.uri} other={url} />
        </dd>
      </div>
      {reason.includes(closest.difference) ? null : (
        <div>
          <dt>Difference</dt>
          <dd>{closest.difference}</dd>
        </div>
      )}
    </dl>
  );
}

/** `text` with the stretch marked where it parts from `other`. */
function Difference({ text, other }: { text: string; other: string }) {
  const shorter = Math.min(text.length, other.length);
  let start = 0;
  while (start < shorter && text[start] === other[start]) start += 1;
  let end = 0;
  while (end < shorter - start && text.at(-1 - end) === other.at(-1 - end)) end += 1;
  const apart = text.slice(start, text.length - end);
  return (
    <bdi className="mono" dir="ltr">
      {text.slice(0, start)}
      {apart ? <mark>{apart}</mark> : null}
      {text.slice(text.length - end)}
    </bdi>
  );
}

function OneClickAdd({ url, list, check }: { url: string; list: ListName; check: RedirectCheck }) {
  const { add } = useRedirectChanges(list);
  const { allowed, problems } = check.registration;
  const choices = [allowed ? url : null, check.suggestion].filter((uri) => uri !== null);
  if (choices.length === 0) {
    const why = problems[0]?.message;
    return why && why !== check.reason ? (
      <p className="soft verdict-more">It could not be added either: {why}</p>
    ) : null;
  }
  return (
    <div className="verdict-add">
      {choices.map((uri) => (
        <Button
          key={uri}
          variant="outline"
          color="gray"
          loading={add.isPending && add.variables === uri}
          onClick={() => add.mutate(uri, { onError: (error) => toast(sentenceOf(error)) })}
        >
          {uri === url ? 'Add this URL' : `Add ${uri}`}
        </Button>
      ))}
    </div>
  );
}
