import type { Handlers } from '../../contract/handler.ts';
import { readSourceLinks } from '../../ledger/customer-list-store.ts';
import { normalizeCustomerName } from '../../ledger/customer-name.ts';
import { getCustomerWire, listCustomersWire } from '../../ledger/customers.ts';
import { type ItemWire, listItems } from '../../ledger/item-list-store.ts';
import type { Database, Transaction } from '../../platform/database/database.ts';
import { countCustomers, type CountFilter, countItems } from '../books-reading-store.ts';
import { pageOverEntities } from '../page-over-entities.ts';
import { withoutUndefined } from '../without-undefined.ts';
import { entityIdsOf } from './entities.ts';

export type CustomerOperationId = 'listCustomers' | 'getCustomer' | 'listItems';

/** Customers and items. */
export function customerHandlers(database: Database): Handlers<CustomerOperationId> {
  return {
    listCustomers: ({ organizationId }, { query }) =>
      database.withOrganization(organizationId, async (tx) => {
        const filter = withoutUndefined({
          text: query.q,
          normalizedName:
            query.sameNameAs === undefined ? undefined : normalizeCustomerName(query.sameNameAs),
          active: query.active === undefined ? undefined : query.active === 'true',
        });
        const entityIds = await entityIdsOf(tx, query);
        const page =
          entityIds === null
            ? await listCustomersWire(tx, filter, { limit: query.limit, after: query.after ?? null })
            : await pageOverEntities(entityIds, query, (entityId, request) =>
                listCustomersWire(tx, { ...filter, entityId }, request),
              );
        return {
          ...page,
          total: await countOver(entityIds, query.q, (of) =>
            countCustomers(tx, {
              ...of,
              normalizedName: filter.normalizedName ?? null,
              active: filter.active ?? null,
            }),
          ),
        };
      }),
    getCustomer: ({ organizationId }, { params }) =>
      database.withOrganization(organizationId, (tx) => getCustomerWire(tx, params.id)),
    listItems: ({ organizationId }, { query }) =>
      database.withOrganization(organizationId, async (tx) => {
        const filter = withoutUndefined({ text: query.q });
        const entityIds = await entityIdsOf(tx, query);
        const page =
          entityIds === null
            ? await listItems(tx, filter, { limit: query.limit, after: query.after ?? null })
            : await pageOverEntities(entityIds, query, (entityId, request) =>
                listItems(tx, { ...filter, entityId }, request),
              );
        return {
          data: await withSources(tx, page.data),
          next: page.next,
          total: await countOver(entityIds, query.q, (of) => countItems(tx, of)),
        };
      }),
  };
}

/** The count over these entities or, with null, over all. */
async function countOver(
  entityIds: readonly string[] | null,
  q: string | undefined,
  count: (filter: CountFilter) => Promise<number>,
): Promise<number> {
  const trimmed = q?.trim() ?? '';
  const text = trimmed === '' ? null : trimmed;
  let total = 0;
  for (const entityId of entityIds ?? [null]) total += await count({ entityId, text });
  return total;
}

/** Items with the CRM's products that they are linked to. */
export async function withSources(tx: Transaction, items: readonly ItemWire[]) {
  const links = await readSourceLinks(
    tx,
    items.map(({ id }) => id),
  );
  return items.map((item) => ({
    ...item,
    sources: links
      .filter(({ targetId }) => targetId === item.id)
      .map(({ connector, type, id }) => ({ connector, type, id })),
  }));
}
