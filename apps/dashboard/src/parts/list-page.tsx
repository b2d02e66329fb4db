import { Button } from '@radix-ui/themes';
import type { UseQueryResult } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { ComponentType, ReactNode } from 'react';
import { ListSearch } from './list-tools.tsx';
import { Page } from './page.tsx';
import { type Paged, PagedList } from './paged-list.tsx';
import { Empty } from './states.tsx';

interface Creation {
  /** As the button says it. */
  readonly verb: string;
  readonly Dialog: ComponentType<{ readonly open: boolean; readonly onOpenChange: (open: boolean) => void }>;
}

interface ListPageProps<Row> {
  readonly title: string;
  readonly sentence: string;
  readonly guide?: string;
  /** What one row and several rows are called. */
  readonly nouns: readonly [one: string, several: string];
  /** What may be searched for. */
  readonly placeholder: string;
  readonly query: UseQueryResult<Paged<Row>>;
  /** When nothing has what was searched for: `Nobody`, `No connection`. */
  readonly nothing: string;
  /** Of an empty list: a sentence, what to do about it where nothing can be created here, and something to paste. */
  readonly empty: { readonly sentence: string; readonly action?: ReactNode; readonly snippet?: ReactNode };
  readonly create?: Creation;
  /** Between the page's head and the search. */
  readonly lead?: ReactNode;
  /** The rows, as a table. */
  readonly children: (rows: readonly Row[]) => ReactNode;
}

/** A page that is a list to search in. Search, cursor and dialog stand in its address. */
export function ListPage<Row>({
  title,
  sentence,
  guide,
  nouns,
  placeholder,
  query,
  nothing,
  empty,
  create,
  lead,
  children,
}: ListPageProps<Row>) {
  const { search, dialog } = useSearch({ strict: false });
  const navigate = useNavigate();
  const showDialog = (open: boolean) =>
    navigate({ to: '.', search: (now) => ({ ...now, dialog: open ? 'create' : undefined }), replace: !open });
  // A new search starts at its first page; the cursor of the old one means nothing in it.
  const find = (wanted: string | undefined, replace: boolean) =>
    navigate({ to: '.', search: (now) => ({ ...now, search: wanted, after: undefined, before: undefined }), replace });
  const createButton = create ? <Button onClick={() => showDialog(true)}>{create.verb}</Button> : null;
  // The empty list offers the button itself; two of them would ask which one is meant.
  const isEmpty = query.data?.data.length === 0 && !search;

  return (
    <Page
      title={title}
      sentence={sentence}
      {...(guide === undefined ? {} : { guide })}
      action={isEmpty ? null : createButton}
    >
      {lead}
      <ListSearch
        label={`Search ${nouns[1]}`}
        placeholder={placeholder}
        shown={search ?? ''}
        onSearch={(wanted) => find(wanted, true)}
      />
      <PagedList
        query={query}
        nouns={nouns}
        lines={8}
        none={
          search ? (
            <Empty
              sentence={`${nothing} matches “${search}”.`}
              action={
                <Button variant="outline" color="gray" onClick={() => find(undefined, false)}>
                  Clear search
                </Button>
              }
            />
          ) : (
            <Empty sentence={empty.sentence} action={empty.action ?? createButton}>
              {empty.snippet}
            </Empty>
          )
        }
      >
        {children}
      </PagedList>
      {create ? <create.Dialog open={dialog === 'create'} onOpenChange={showDialog} /> : null}
    </Page>
  );
}
