import { pageLimitDefault } from '../../contract/wire.ts';

/** What of a list's place stands in the address: the cursor of its page and which page that is. */
export interface PageSearch {
  readonly after?: string | undefined;
  readonly page?: string | undefined;
}

export interface CursorPages {
  readonly pageNumber: number;
  readonly firstRow: number;
  readonly next: (cursor: string) => PageSearch;
  readonly previous: () => PageSearch;
}

/**
 * Cursors only lead forward, so the way that one came is kept for this tab under the list's filters. Whoever opens page 7 by its
 * address goes back to the first page; the browser's own Back works everywhere.
 */
export function useCursorPages(listKey: string, search: PageSearch): CursorPages {
  const storageKey = `cursors ${listKey}`;
  const pageNumber = search.after === undefined ? 1 : Math.max(2, Number(search.page) || 2);
  return {
    pageNumber,
    firstRow: (pageNumber - 1) * pageLimitDefault + 1,
    next: (cursor) => {
      const cursors = readCursors(storageKey);
      cursors[pageNumber + 1] = cursor;
      sessionStorage.setItem(storageKey, JSON.stringify(cursors));
      return { after: cursor, page: String(pageNumber + 1) };
    },
    previous: () => {
      const cursor = pageNumber > 2 ? readCursors(storageKey)[pageNumber - 1] : undefined;
      return cursor === undefined ? {} : { after: cursor, page: String(pageNumber - 1) };
    },
  };
}

function readCursors(storageKey: string): Record<number, string> {
  try {
    // Only the function above writes this key.
    return JSON.parse(sessionStorage.getItem(storageKey) ?? '{}') as Record<number, string>;
  } catch {
    return {};
  }
}
