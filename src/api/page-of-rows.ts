import { TributaryError } from '../kernel/errors.ts';
import {
  checkLimit,
  type CountedPage,
  decodeCursor,
  encodeCursor,
  type PageRequest,
} from '../platform/database/page-cursor.ts';

const rowOrder = 'row';

/**
 * A page of rows that are few enough to be read whole (accounts, entities: hundreds). `keyOf` names a row among them.
 * Errors: invalid_request for a cursor whose row is gone.
 */
export function pageOfRows<Row>(
  rows: readonly Row[],
  request: PageRequest,
  keyOf: (row: Row) => string,
): CountedPage<Row> {
  const limit = checkLimit(request.limit);
  const [after] = decodeCursor(request.after, rowOrder, ['text']) ?? [];
  const place = after === undefined ? -1 : rows.findIndex((row) => keyOf(row) === after);
  if (after !== undefined && place === -1) {
    const fields = [{ field: 'after', message: 'not a cursor of this list any more; begin again' }];
    throw new TributaryError('invalid_request', null, { fields });
  }
  const data = rows.slice(place + 1, place + 1 + limit);
  const last = data.at(-1);
  const more = place + 1 + data.length < rows.length;
  return {
    data,
    next: more && last !== undefined ? encodeCursor(rowOrder, [keyOf(last)]) : null,
    total: rows.length,
  };
}
