import { assert } from '../kernel/assert.ts';
import type { Page } from '../ledger/page-cursor.ts';
import { decodeCursor, encodeCursor, type PageRequest } from '../organizations/page.ts';

type ListOfEntity<Row> = (
  entityId: string,
  page: { readonly limit: number; readonly after: string | null },
) => Promise<Page<Row>>;

/**
 * One page over the lists of several entities, one entity after the other, each in its own order. The cursor is the entity's place
 * and its own cursor. With one entity, which is the usual case, it is that entity's list.
 */
export async function pageOverEntities<Row>(
  entityIds: readonly string[],
  request: PageRequest,
  list: ListOfEntity<Row>,
): Promise<{ readonly data: readonly Row[]; readonly next: string | null }> {
  const [place = '0', inner = ''] = decodeCursor(request.after, ['whole', 'text']) ?? [];
  const data: Row[] = [];
  let after = inner === '' ? null : inner;
  for (let index = Number(place); index < entityIds.length; index += 1) {
    const entityId = entityIds[index];
    assert(entityId !== undefined, 'the index lies within the list');
    if (data.length === request.limit) return { data, next: encodeCursor([String(index), '']) };
    const page = await list(entityId, { limit: request.limit - data.length, after });
    data.push(...page.data);
    if (page.next !== null) return { data, next: encodeCursor([String(index), page.next]) };
    after = null;
  }
  return { data, next: null };
}
