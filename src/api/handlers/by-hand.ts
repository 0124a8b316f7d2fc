import type { Handlers } from '../../contract/handler.ts';
import { TributaryError } from '../../kernel/errors.ts';
import { changeCustomer, createCustomer, deleteCustomer } from '../../ledger/by-hand/customer-edits.ts';
import { changeDraft, createDraft } from '../../ledger/by-hand/drafts.ts';
import { changeItem, createItem, deleteItem } from '../../ledger/by-hand/item-edits.ts';
import { changeTaxCode, createTaxCode, deleteTaxCode } from '../../ledger/by-hand/tax-codes.ts';
import { listTaxCodes } from '../../ledger/by-hand/tax-codes-store.ts';
import { getCustomerWire } from '../../ledger/customers.ts';
import { getEntity } from '../../ledger/entities.ts';
import { listItems } from '../../ledger/item-list-store.ts';
import { sqlStateOf } from '../../platform/database/database-errors.ts';
import type { Database, Transaction } from '../../platform/database/database.ts';
import { optionalCalendarDate } from '../calendar-date.ts';
import { pageOfRows } from '../page-of-rows.ts';
import { withoutUndefined } from '../without-undefined.ts';
import { withSources } from './customers.ts';
import { documentOutput } from './documents.ts';

export type ByHandOperationId =
  | 'createDocument'
  | 'updateDocument'
  | 'createCustomer'
  | 'updateCustomer'
  | 'deleteCustomer'
  | 'getItem'
  | 'createItem'
  | 'updateItem'
  | 'deleteItem'
  | 'listTaxCodes'
  | 'createTaxCode'
  | 'updateTaxCode'
  | 'deleteTaxCode';

/** What a person enters in the books: drafts, customers, items, tax codes. */
export function byHandHandlers(database: Database): Handlers<ByHandOperationId> {
  return { ...draftHandlers(database), ...partyHandlers(database), ...taxCodeHandlers(database) };
}

function draftHandlers(database: Database): Handlers<'createDocument' | 'updateDocument'> {
  const datesOf = (body: {
    readonly documentDate?: string | undefined;
    readonly dueDate?: string | undefined;
  }) => ({
    documentDate: optionalCalendarDate('documentDate', body.documentDate),
    dueDate: optionalCalendarDate('dueDate', body.dueDate),
  });
  return {
    createDocument: (caller, { body }) =>
      database.withOrganization(caller.organizationId, async (tx) => {
        const { id } = await createDraft(tx, { ...body, ...datesOf(body) }, caller);
        return documentOutput(tx, id);
      }),
    updateDocument: (caller, { params, body }) =>
      database.withOrganization(caller.organizationId, async (tx) => {
        const { version, ...change } = body;
        const { id } = await changeDraft(
          tx,
          params.id,
          version,
          withoutUndefined({ ...change, ...datesOf(body) }),
          caller,
        );
        return documentOutput(tx, id);
      }),
  };
}

type PartyOperationId =
  | 'createCustomer'
  | 'updateCustomer'
  | 'deleteCustomer'
  | 'getItem'
  | 'createItem'
  | 'updateItem'
  | 'deleteItem';

function partyHandlers(database: Database): Handlers<PartyOperationId> {
  return {
    createCustomer: (caller, { body: { entityId, name, ...rest } }) =>
      database.withOrganization(caller.organizationId, async (tx) => {
        const scope = { organizationId: caller.organizationId, entityId: (await getEntity(tx, entityId)).id };
        const id = await createCustomer(tx, scope, { ...withoutUndefined(rest), name }, caller);
        return getCustomerWire(tx, id);
      }),
    updateCustomer: (caller, { params, body: { version, ...change } }) =>
      database.withOrganization(caller.organizationId, async (tx) => {
        await changeCustomer(tx, params.id, version, withoutUndefined(change), caller);
        return getCustomerWire(tx, params.id);
      }),
    deleteCustomer: async (caller, { params }) => {
      await unlessInUse('customer_in_use', () =>
        database.withOrganization(caller.organizationId, (tx) => deleteCustomer(tx, params.id, caller)),
      );
      return null;
    },
    getItem: ({ organizationId }, { params }) =>
      database.withOrganization(organizationId, (tx) => itemOutput(tx, params.id)),
    createItem: (caller, { body: { entityId, sku, name, ...rest } }) =>
      database.withOrganization(caller.organizationId, async (tx) => {
        const scope = { organizationId: caller.organizationId, entityId: (await getEntity(tx, entityId)).id };
        const id = await createItem(tx, scope, { ...withoutUndefined(rest), sku, name }, caller);
        return itemOutput(tx, id);
      }),
    updateItem: (caller, { params, body: { version, ...change } }) =>
      database.withOrganization(caller.organizationId, async (tx) => {
        await changeItem(tx, params.id, version, withoutUndefined(change), caller);
        return itemOutput(tx, params.id);
      }),
    deleteItem: async (caller, { params }) => {
      await unlessInUse('item_in_use', () =>
        database.withOrganization(caller.organizationId, (tx) => deleteItem(tx, params.id, caller)),
      );
      return null;
    },
  };
}

type TaxCodeOperationId = 'listTaxCodes' | 'createTaxCode' | 'updateTaxCode' | 'deleteTaxCode';

function taxCodeHandlers(database: Database): Handlers<TaxCodeOperationId> {
  return {
    listTaxCodes: async ({ organizationId }, { query }) => {
      const codes = await database.withOrganization(organizationId, async (tx) => {
        if (query.entityId !== undefined) await getEntity(tx, query.entityId);
        return listTaxCodes(tx, query.entityId ?? null);
      });
      return pageOfRows(codes, query, ({ id }) => id);
    },
    createTaxCode: (caller, { body: { entityId, ...fields } }) =>
      database.withOrganization(caller.organizationId, async (tx) => {
        const scope = { organizationId: caller.organizationId, entityId: (await getEntity(tx, entityId)).id };
        const { account = null, note = null, active = true, ...rest } = fields;
        return createTaxCode(tx, scope, { ...rest, account, note, active }, caller);
      }),
    updateTaxCode: (caller, { params, body }) =>
      database.withOrganization(caller.organizationId, (tx) =>
        changeTaxCode(tx, params.id, withoutUndefined(body), caller),
      ),
    deleteTaxCode: async (caller, { params }) => {
      await unlessInUse('tax_code_in_use', () =>
        database.withOrganization(caller.organizationId, (tx) => deleteTaxCode(tx, params.id, caller)),
      );
      return null;
    },
  };
}

/** What a concurrent transaction has begun to use since is refused by its reference in the database. */
async function unlessInUse(
  code: 'customer_in_use' | 'item_in_use' | 'tax_code_in_use',
  remove: () => Promise<void>,
): Promise<void> {
  try {
    await remove();
  } catch (error) {
    if (sqlStateOf(error) === foreignKeyViolation) throw new TributaryError(code);
    throw error;
  }
}

const foreignKeyViolation = '23503';

async function itemOutput(tx: Transaction, id: string) {
  const { data } = await listItems(tx, { id }, { limit: 1 });
  const [item] = await withSources(tx, data);
  if (!item) throw new TributaryError('not_found', 'There is no such item.');
  return item;
}
