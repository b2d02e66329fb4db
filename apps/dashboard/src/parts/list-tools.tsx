import { Button, TextField } from '@radix-ui/themes';
import { ChevronLeft, ChevronRight, Search } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';

const searchRestMs = 250;

interface ListSearchProps {
  readonly label: string;
  readonly placeholder: string;
  /** What the address asks for. */
  readonly shown: string;
  readonly onSearch: (wanted: string | undefined) => void;
}

/** What is typed goes into the address once it rests, so Back and a copied link show the same list. */
export function ListSearch({ label, placeholder, shown, onSearch }: ListSearchProps) {
  const [typed, setTyped] = useState(shown);
  const [home] = useState(() => window.location.pathname);
  const asked = useRef(shown);
  const search = useRef(onSearch);
  search.current = onSearch;

  useEffect(() => {
    // Somebody else changed the address: Back, a link, the button that clears. Our own words may be older than what is typed.
    if (shown === asked.current) return;
    asked.current = shown;
    setTyped(shown);
  }, [shown]);

  useEffect(() => {
    const wanted = typed.trim();
    if (wanted === asked.current) return undefined;
    const timer = setTimeout(() => {
      // Already on the way to another page, which this would call off.
      if (window.location.pathname !== home) return;
      asked.current = wanted;
      search.current(wanted || undefined);
    }, searchRestMs);
    return () => clearTimeout(timer);
  }, [typed, home]);

  return (
    <search className="tools">
      <TextField.Root
        type="search"
        data-page-search
        aria-label={label}
        placeholder={placeholder}
        className="search-field"
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      >
        <TextField.Slot>
          <Search size={15} aria-hidden="true" />
        </TextField.Slot>
      </TextField.Root>
    </search>
  );
}

interface PageFootProps {
  /** What one row and several rows are called. */
  readonly nouns: readonly [one: string, several: string];
  readonly shown: number;
  readonly cursors: { readonly before: string | null; readonly after: string | null };
  readonly onTurn: (cursor: { after?: string; before?: string }) => void;
}

/** How many there are, as far as that is known without counting them all; and the way on, where there is one. */
export function PageFoot({ nouns, shown, cursors: { before, after }, onTurn }: PageFootProps) {
  const isAll = before === null && after === null;
  return (
    <div className="page-foot">
      <p>
        {shown} {nouns[shown === 1 ? 0 : 1]}
        {isAll ? '' : ' on this page'}
      </p>
      {isAll ? null : (
        <nav aria-label="Pages">
          <Button
            variant="outline"
            color="gray"
            disabled={before === null}
            onClick={() => before && onTurn({ before })}
          >
            <ChevronLeft size={15} aria-hidden="true" /> Previous
          </Button>
          <Button variant="outline" color="gray" disabled={after === null} onClick={() => after && onTurn({ after })}>
            Next <ChevronRight size={15} aria-hidden="true" />
          </Button>
        </nav>
      )}
    </div>
  );
}
