import { TributaryError } from '../kernel/errors.ts';
import { isUuid } from '../kernel/ids.ts';

/** Which rows of a list are wanted: at most `limit`, those after the cursor. */
export interface PageRequest {
  readonly limit: number;
  readonly after?: string | undefined;
}

export interface Page<Row> {
  readonly rows: readonly Row[];
  /** The cursor of the next page; null on the last one. */
  readonly next: string | null;
  /** All rows that the filter lets through. */
  readonly total: number;
}

/** A cursor names the sort values of the last row that was shown, so rows that come and go meanwhile shift nothing. */
export function encodeCursor(sortValues: readonly string[]): string {
  return Buffer.from(JSON.stringify(sortValues)).toString('base64url');
}

export type SortKind = 'text' | 'uuid' | 'whole';

const isOfKind: Readonly<Record<SortKind, (value: string) => boolean>> = {
  // PostgreSQL's text holds every character but this one.
  text: (value) => !value.includes('\0'),
  uuid: isUuid,
  // Fits a bigint.
  whole: (value) => /^\d{1,18}$/.test(value),
};

/** The sort values of a cursor that `encodeCursor` made, null without one. Errors: invalid_request. */
export function decodeCursor(
  cursor: string | undefined,
  kinds: readonly SortKind[],
): readonly string[] | null {
  if (cursor === undefined) return null;
  const values = parseJson(Buffer.from(cursor, 'base64url').toString('utf8'));
  const isValue = (value: unknown, place: number): value is string => {
    const kind = kinds[place];
    return typeof value === 'string' && kind !== undefined && isOfKind[kind](value);
  };
  if (Array.isArray(values) && values.length === kinds.length && values.every(isValue)) return values;
  throw new TributaryError('invalid_request', null, {
    fields: [{ field: 'after', message: 'not a cursor of this list' }],
  });
}

/** Cuts rows that were read one more than wanted into a page. */
export function pageOf<Row>(
  rows: readonly Row[],
  total: number,
  limit: number,
  sortValues: (row: Row) => readonly string[],
): Page<Row> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const next = rows.length > limit && last !== undefined ? encodeCursor(sortValues(last)) : null;
  return { rows: shown, next, total };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
