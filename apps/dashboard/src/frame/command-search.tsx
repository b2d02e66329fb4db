import { unwrap } from '@authkit/client';
import { Dialog } from '@radix-ui/themes';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { ArrowRight, BookOpen, Building2, CornerDownLeft, Search, User } from 'lucide-react';
import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { useDesk } from '../core/environment.tsx';
import { useDebounced } from '../core/use-debounced.ts';
import { useReturnFocus } from '../parts/return-focus.ts';
import { fullName } from '../users/full-name.ts';
import { findDestinations } from './destinations.ts';

const userId = /^user_[0-9A-Za-z]+$/;
const organizationId = /^org_[0-9A-Za-z]+$/;
const usersShown = 5;
const organizationsShown = 5;
/** As long as the search of the documents takes it. */
const docsQueryMax = 200;

interface Entry {
  readonly id: string;
  readonly title: string;
  readonly note?: string | undefined;
  readonly icon: ReactNode;
  readonly go: () => void;
}

/** One field over pages, settings by any of their names, users, organizations, and ids. */
export function CommandSearch({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  const returnFocus = useReturnFocus(open);
  return (
    <Dialog.Root open={open} onOpenChange={onOpenChange}>
      <Dialog.Content
        className="command"
        align="start"
        onCloseAutoFocus={returnFocus}
        aria-describedby={undefined}
        maxWidth="560px"
      >
        <Dialog.Title as="h2" className="unseen">
          Search
        </Dialog.Title>
        <Finder onDone={() => onOpenChange(false)} />
      </Dialog.Content>
    </Dialog.Root>
  );
}

function Finder({ onDone }: { onDone: () => void }) {
  const [query, setQuery] = useState('');
  const [at, setAt] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const listId = useId();
  const entries = useEntries(query.trim());
  const current = entries[Math.min(at, entries.length - 1)];

  useEffect(() => {
    list.current?.querySelector(`[id="${current?.id}"]`)?.scrollIntoView({ block: 'nearest' });
  }, [current?.id]);

  function choose(entry: Entry | undefined) {
    if (!entry) return;
    // The dialog fades while it closes; opened again in that moment, it would still hold what was typed.
    setQuery('');
    onDone();
    // After the dialog has given the focus back, or it would take it away from the place we go to.
    requestAnimationFrame(() => entry.go());
  }

  function onKeyDown(event: KeyboardEvent) {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0) {
      event.preventDefault();
      setAt((index) => (Math.min(index, entries.length - 1) + step + entries.length) % Math.max(entries.length, 1));
    } else if (event.key === 'Enter') {
      event.preventDefault();
      choose(current);
    }
  }

  return (
    <>
      <div className="command-field">
        <Search size={17} aria-hidden="true" />
        <input
          role="combobox"
          aria-label="Search pages, settings, users, organizations and ids"
          aria-expanded="true"
          aria-controls={listId}
          aria-activedescendant={current?.id}
          aria-autocomplete="list"
          placeholder="Search pages, settings, users, organizations, ids"
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          value={query}
          onChange={(event) => {
            setQuery(event.target.value);
            setAt(0);
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      <div id={listId} ref={list} className="command-list" role="listbox" aria-label="Results" tabIndex={-1}>
        {entries.map((entry) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the combobox above handles the keys for all of its options
          <div
            key={entry.id}
            id={entry.id}
            role="option"
            tabIndex={-1}
            aria-selected={entry === current}
            className="command-entry"
            onClick={() => choose(entry)}
            onPointerMove={() => setAt(entries.indexOf(entry))}
          >
            {entry.icon}
            <span>{entry.title}</span>
            {entry.note ? <small>{entry.note}</small> : null}
            <CornerDownLeft size={14} className="command-enter" aria-hidden="true" />
          </div>
        ))}
      </div>
      <p className="command-none" role="status">
        {current?.id === 'go-docs' ? `Nothing is called “${query.trim()}”.` : ''}
      </p>
    </>
  );
}

/** What is called nothing here may well be written about. The documents are pages of the server and none of this app. */
const inDocuments = (query: string): Entry => ({
  id: 'go-docs',
  title: `Search the docs for “${query}”`,
  icon: <BookOpen size={16} />,
  go: () => window.location.assign(`/docs/search?q=${encodeURIComponent(query.slice(0, docsQueryMax))}`),
});

function useEntries(query: string): readonly Entry[] {
  const { api, key } = useDesk();
  const navigate = useNavigate();
  const wanted = useDebounced(query, 150);
  const isWord = wanted.length >= 2 && !userId.test(wanted) && !organizationId.test(wanted);
  const users = useQuery({
    queryKey: key('command-search', wanted),
    queryFn: ({ signal }) =>
      unwrap(api.GET('/dashboard/api/users', { params: { query: { search: wanted, limit: usersShown } }, signal })),
    enabled: isWord,
    placeholderData: (previous) => previous,
  });
  const organizations = useQuery({
    queryKey: key('command-search', 'organizations', wanted),
    queryFn: ({ signal }) =>
      unwrap(api.GET('/organizations', { params: { query: { search: wanted, limit: organizationsShown } }, signal })),
    enabled: isWord,
    placeholderData: (previous) => previous,
  });

  const openUser = (id: string) => navigate({ to: '/users/$userId', params: { userId: id } });
  if (userId.test(query)) {
    return [{ id: 'go-id', title: `Go to ${query}`, icon: <ArrowRight size={16} />, go: () => openUser(query) }];
  }
  const openOrganization = (id: string) =>
    navigate({ to: '/organizations/$organizationId', params: { organizationId: id } });
  if (organizationId.test(query)) {
    const go = () => openOrganization(query);
    return [{ id: 'go-id', title: `Go to ${query}`, icon: <ArrowRight size={16} />, go }];
  }
  const places = findDestinations(query).map(({ destination, alias }): Entry => {
    const { title, within, target, icon: Icon } = destination;
    return {
      id: `go-${title.replaceAll(/\W+/g, '-')}`,
      title,
      note: alias ? `also called ${alias}` : within,
      icon: <Icon size={16} />,
      go: () => navigate(target),
    };
  });
  const people = (query.length >= 2 ? (users.data?.data ?? []) : []).map((user): Entry => {
    const name = fullName(user);
    return {
      id: `go-${user.id}`,
      title: name ?? user.email,
      note: name ? user.email : 'User',
      icon: <User size={16} />,
      go: () => openUser(user.id),
    };
  });
  const groups = (query.length >= 2 ? (organizations.data?.data ?? []) : []).map(
    ({ id, name }): Entry => ({
      id: `go-${id}`,
      title: name,
      note: 'Organization',
      icon: <Building2 size={16} />,
      go: () => openOrganization(id),
    }),
  );
  const found = [...places, ...people, ...groups];
  return found.length > 0 || query === '' ? found : [inDocuments(query)];
}
