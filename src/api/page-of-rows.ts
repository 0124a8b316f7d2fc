import { TributaryError } from '../kernel/errors.ts';
import { decodeCursor, encodeCursor, type PageRequest } from '../organizations/page.ts';

/**
 * A page of rows that are few enough to be read whole (accounts, entities: hundreds). `keyOf` names a row among them.
 * Errors: invalid_request for a cursor whose row is gone.
 */
export function pageOfRows<Row>(
  rows: readonly Row[],
  request: PageRequest,
  keyOf: (row: Row) => string,
): { readonly data: readonly Row[]; readonly next: string | null; readonly total: number } {
  const [after] = decodeCursor(request.after, ['text']) ?? [];
  const place = after === undefined ? -1 : rows.findIndex((row) => keyOf(row) === after);
  if (after !== undefined && place === -1) {
    const fields = [{ field: 'after', message: 'not a cursor of this list any more; begin again' }];
    throw new TributaryError('invalid_request', null, { fields });
  }
  const data = rows.slice(place + 1, place + 1 + request.limit);
  const last = data.at(-1);
  const more = place + 1 + data.length < rows.length;
  return { data, next: more && last !== undefined ? encodeCursor([keyOf(last)]) : null, total: rows.length };
}
