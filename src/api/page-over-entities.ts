import { assert } from '../kernel/assert.ts';
import {
  checkLimit,
  decodeCursor,
  encodeCursor,
  type Page,
  type PageRequest,
} from '../platform/database/page-cursor.ts';

const entityOrder = 'entity';

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
): Promise<Page<Row>> {
  const limit = checkLimit(request.limit);
  const [place = 0, inner = ''] = decodeCursor(request.after, entityOrder, ['integer', 'text']) ?? [];
  const data: Row[] = [];
  let after = inner === '' ? null : String(inner);
  for (let index = Number(place); index < entityIds.length; index += 1) {
    const entityId = entityIds[index];
    assert(entityId !== undefined, 'the index lies within the list');
    if (data.length === limit) return { data, next: encodeCursor(entityOrder, [index, '']) };
    const page = await list(entityId, { limit: limit - data.length, after });
    data.push(...page.data);
    if (page.next !== null) return { data, next: encodeCursor(entityOrder, [index, page.next]) };
    after = null;
  }
  return { data, next: null };
}
