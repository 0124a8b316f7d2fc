import { Button } from '@mantine/core';
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import { countOf, formatCount } from '../format/count.ts';
import { type PageSearch, useCursorPages } from './use-cursor-pages.ts';

interface PagerProps {
  /** The list and its filters: each has its own way through the pages. */
  readonly listKey: readonly unknown[];
  /** The page that is shown; undefined: it is on its way. */
  readonly list:
    | { readonly data: readonly unknown[]; readonly total: number; readonly next: string | null }
    | undefined;
  readonly search: PageSearch;
  readonly go: (search: PageSearch) => void;
  /** What is listed, such as "invoice"; the plural where adding an s does not make it. */
  readonly noun: string;
  readonly plural?: string;
}

/** Where one is in a list, and the way to its other pages. */
export function Pager({ listKey, list, search, go, noun, plural = `${noun}s` }: PagerProps) {
  const pages = useCursorPages(JSON.stringify(listKey), search);
  if (!list) return null;
  const { total, next } = list;
  const shown = list.data.length;
  const from = shown === 0 ? 0 : pages.firstRow;
  return (
    <nav className="pager" aria-label={`Pages of ${plural}`}>
      <span className="numeric" role="status">
        {formatCount(from)}–{formatCount(Math.max(from, from + shown - 1))} of {countOf(total, noun, plural)}
      </span>
      {pages.pageNumber > 1 || next !== null ? (
        <span className="row">
          <Button
            variant="default"
            size="xs"
            leftSection={<IconChevronLeft size={14} aria-hidden="true" />}
            disabled={pages.pageNumber === 1}
            onClick={() => go(pages.previous())}
          >
            Previous
          </Button>
          <Button
            variant="default"
            size="xs"
            rightSection={<IconChevronRight size={14} aria-hidden="true" />}
            disabled={next === null}
            onClick={() => next !== null && go(pages.next(next))}
          >
            Next
          </Button>
        </span>
      ) : null}
    </nav>
  );
}
