import { TributaryError } from '../../kernel/errors.ts';

/** Rows of one page: more would block the embedded store, which has one thread, for other requests. */
export const pageLimitMax = 200;
export const pageLimitDefault = 50;

export interface PageRequest {
  /** 1 to `pageLimitMax`; default `pageLimitDefault`. */
  readonly limit?: number;
  /** `next` of the page before. */
  readonly after?: string | null | undefined;
}

export interface Page<Row> {
  readonly data: readonly Row[];
  /** Null on the last page. */
  readonly next: string | null;
}

/** A page of a list that is counted. */
export interface CountedPage<Row> extends Page<Row> {
  /** All rows that the filter lets through. */
  readonly total: number;
}

/**
 * Where a page ended: the values of its last row that it is sorted by, ending in one that is unique, so that rows that come and go
 * meanwhile shift nothing.
 */
export type CursorValues = readonly (string | number)[];

/** Opaque to callers. `sort`, the list's order, is in it, so that a cursor of another order is refused instead of skipping rows. */
export function encodeCursor(sort: string, values: CursorValues): string {
  return Buffer.from(JSON.stringify([sort, ...values])).toString('base64url');
}

/** What the values of a cursor have to look like, so that a cursor that was tampered with never reaches the database. */
const cursorPatterns = {
  // PostgreSQL's text holds every character but this one.
  text: /^[^\0]*$/,
  date: /^\d{4,6}-\d{2}-\d{2}$/,
  timestamptz: /^\d{4,6}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}(\.\d{1,6})?\+00$/,
  bigint: /^-?\d{1,18}$/,
  integer: /^\d{1,9}$/,
  uuid: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
} as const;
export type CursorPart = keyof typeof cursorPatterns;

/** Null for the first page. Errors: `invalid_request` when the cursor is not one, or of another order. */
export function decodeCursor(
  after: string | null | undefined,
  sort: string,
  parts: readonly CursorPart[],
): CursorValues | null {
  if (after === null || after === undefined) return null;
  const values = parseCursor(after);
  if (values?.length !== parts.length + 1 || values[0] !== sort) throw invalidCursor();
  const found = values.slice(1);
  const fits = parts.every((part, index) => cursorPatterns[part].test(String(found[index])));
  if (!fits) throw invalidCursor();
  return found;
}

function parseCursor(after: string): CursorValues | null {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(after, 'base64url').toString('utf8'));
    if (!Array.isArray(parsed)) return null;
    const values: unknown[] = parsed;
    return values.every((value) => typeof value === 'string' || typeof value === 'number') ? values : null;
  } catch {
    return null;
  }
}

function invalidCursor(): TributaryError {
  const message = 'The cursor is none of this list and order; start from the first page.';
  return new TributaryError('invalid_request', message, { fields: [{ field: 'after', message }] });
}

/** Errors: `invalid_request` when it is no whole number from 1 to `pageLimitMax`. */
export function checkLimit(limit: number | undefined): number {
  const value = limit ?? pageLimitDefault;
  if (Number.isInteger(value) && value >= 1 && value <= pageLimitMax) return value;
  const message = `Give a whole number from 1 to ${pageLimitMax}.`;
  throw new TributaryError('invalid_request', message, { fields: [{ field: 'limit', message }] });
}

/** Cuts the one row more that was asked for, to know whether there is a next page, and makes the cursor. */
export function toPage<Row>(
  rows: readonly Row[],
  limit: number,
  sort: string,
  valuesOf: (row: Row) => CursorValues,
): Page<Row> {
  const data = rows.slice(0, limit);
  const last = data.at(-1);
  const next = rows.length > limit && last !== undefined ? encodeCursor(sort, valuesOf(last)) : null;
  return { data, next };
}
