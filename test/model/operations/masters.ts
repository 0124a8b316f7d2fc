import fc from 'fast-check';
import { changeAccount, createAccount, deleteAccount } from '../../../src/ledger/accounts.ts';
import { createCustomer, deleteCustomer } from '../../../src/ledger/by-hand/customer-edits.ts';
import { createItem, deleteItem } from '../../../src/ledger/by-hand/item-edits.ts';
import { mergeCustomers } from '../../../src/ledger/customers.ts';
import type { ModelBooks, ModelCustomer, ModelEntity, ModelItem } from '../model-books.ts';
import { choice, type Operation, operation, pick, pickEntity, pickGood, unknownId } from '../operation.ts';

const scopeOf = (books: ModelBooks, entity: ModelEntity) => ({
  organizationId: books.organizationId,
  entityId: entity.id,
});

function removeFrom<T>(list: T[], one: T): void {
  list.splice(list.indexOf(one), 1);
}

const addCustomer = operation(
  'create customer',
  1,
  fc.record({ entity: choice }),
  (books, params) => {
    const entity = pickEntity(books, params.entity);
    const name = `${entity.name} customer ${entity.made + 1}`;
    return {
      says: `create ${name}`,
      refusal: null,
      act: (tx) => createCustomer(tx, scopeOf(books, entity), { name }, books.context),
      apply: (id) => {
        entity.made += 1;
        entity.customers.push({ id, name, entity, taxCode: null, mergedInto: null });
      },
    };
  },
  { neverRefused: true },
);

const isUsed = (books: ModelBooks, customer: ModelCustomer): boolean =>
  books.documents.some((one) => !one.deleted && one.customer === customer) ||
  books.receipts.some((one) => one.customer === customer) ||
  customer.entity.customers.some((one) => one.mergedInto === customer);

const removeCustomer = operation('delete customer', 1, fc.record({ customer: choice }), (books, params) => {
  const all = books.entities.flatMap(({ customers }) => customers);
  const customer = pickGood(all, (one) => params.customer % 2 === 0 && !isUsed(books, one), params.customer);
  return {
    says: `delete ${customer?.name ?? 'nobody'}`,
    refusal: !customer ? 'not_found' : isUsed(books, customer) ? 'customer_in_use' : null,
    act: (tx) => deleteCustomer(tx, customer?.id ?? unknownId, books.context),
    apply: () => {
      if (customer) removeFrom(customer.entity.customers, customer);
    },
  };
});

const mergeParams = fc.record({ from: choice, into: choice });

const merge = operation('merge customers', 1, mergeParams, (books, params) => {
  const all = books.entities.flatMap(({ customers }) => customers);
  const isFree = (one: ModelCustomer): boolean => one.mergedInto === null;
  const from = pickGood(all, isFree, params.from);
  const into = pickGood(
    all,
    (one) => isFree(one) && one !== from && one.entity === from?.entity,
    params.into,
  );
  const { entity = pickEntity(books, 0) } = from ?? {};
  const refusal =
    !from || !into
      ? 'not_found'
      : from === into
        ? 'invalid_request'
        : into.entity !== entity
          ? 'not_found'
          : isFree(from) && isFree(into)
            ? null
            : 'invalid_request';
  return {
    says: `merge ${from?.name ?? 'nobody'} into ${into?.name ?? 'nobody'}`,
    refusal,
    act: (tx) =>
      mergeCustomers(tx, scopeOf(books, entity), from?.id ?? unknownId, into?.id ?? unknownId, books.context),
    apply: () => {
      if (!from || !into) return;
      from.mergedInto = into;
      for (const one of books.documents) if (!one.deleted && one.customer === from) one.customer = into;
      for (const one of books.receipts)
        if (one.status === 'posted' && one.customer === from) one.customer = into;
    },
  };
});

const itemParams = fc.record({ entity: choice, income: fc.boolean(), taken: fc.nat({ max: 7 }) });

const addItem = operation('create item', 1, itemParams, (books, params) => {
  const entity = pickEntity(books, params.entity);
  const taken = params.taken === 0 ? pick(entity.items, params.entity) : undefined;
  const sku = taken?.sku ?? `${entity.name}-${entity.made + 1}`;
  const incomeAccount = params.income ? '4100' : null;
  return {
    says: `create item ${sku}`,
    refusal:
      params.income && !entity.accounts.some(({ number }) => number === '4100')
        ? 'account_not_usable'
        : taken
          ? 'duplicate_number'
          : null,
    act: (tx) => createItem(tx, scopeOf(books, entity), { sku, name: 'Work', incomeAccount }, books.context),
    apply: (id) => {
      entity.made += 1;
      entity.items.push({ id, sku, incomeAccount, taxCode: null, isDefault: false });
    },
  };
});

const hasItem = (books: ModelBooks, item: ModelItem): boolean =>
  books.documents.some((one) => !one.deleted && one.lines.some((line) => line.item === item));

const removeItem = operation('delete item', 1, fc.record({ item: choice }), (books, params) => {
  const all = books.entities.flatMap((entity) => entity.items.map((item) => ({ entity, item })));
  const isFree = (item: ModelItem): boolean => !item.isDefault && !hasItem(books, item);
  const found = pickGood(all, ({ item }) => params.item % 2 === 0 && isFree(item), params.item);
  return {
    says: `delete item ${found?.item.sku ?? 'none'}`,
    refusal: !found ? 'not_found' : isFree(found.item) ? null : 'item_in_use',
    act: (tx) => deleteItem(tx, found?.item.id ?? unknownId, books.context),
    apply: () => {
      if (found) removeFrom(found.entity.items, found.item);
    },
  };
});

const accountParams = fc.record({
  entity: choice,
  type: fc.constantFrom('asset' as const, 'income' as const, 'income' as const, 'expense' as const),
  taken: fc.nat({ max: 7 }),
});

const addAccount = operation('create account', 1, accountParams, (books, params) => {
  const entity = pickEntity(books, params.entity);
  const number = params.taken === 0 ? '4000' : `9${(entity.made + 1).toString().padStart(3, '0')}`;
  const { type } = params;
  return {
    says: `create account ${number} of ${entity.name}, ${type}`,
    refusal: params.taken === 0 ? 'duplicate_number' : null,
    act: (tx) => createAccount(tx, scopeOf(books, entity), { number, name: 'Added', type }, books.context),
    apply: ({ id }) => {
      entity.made += 1;
      entity.accounts.push({ id, number, type, active: true });
    },
  };
});

/** The accounts of the standard chart that play a part, which nothing can take from them here. */
const standardWithoutPart = new Set(['1400', '1500', '2000', '2300', '3000', '4100', '5000', '6100', '6200']);
const isAdded = (number: string): boolean => number.startsWith('9');

function hasAccount(books: ModelBooks, entity: ModelEntity, number: string): boolean {
  const isOfPart = !isAdded(number) && !standardWithoutPart.has(number);
  return (
    isOfPart ||
    books.entries.some(
      (entry) => entry.entity === entity && entry.lines.some(({ account }) => account === number),
    ) ||
    books.documents.some(
      (one) => !one.deleted && one.entity === entity && one.lines.some(({ account }) => account === number),
    ) ||
    entity.taxCodes.some(({ account }) => account === number) ||
    entity.items.some(({ incomeAccount }) => incomeAccount === number)
  );
}

const removeAccount = operation('delete account', 1, fc.record({ account: choice }), (books, params) => {
  const all = books.entities.flatMap((entity) => entity.accounts.map((account) => ({ entity, account })));
  const isFree = ({ entity, account }: (typeof all)[number]): boolean =>
    !hasAccount(books, entity, account.number);
  const found = pickGood(
    all,
    (one) => params.account % 2 === 0 && isAdded(one.account.number) && isFree(one),
    params.account,
  );
  const { entity = pickEntity(books, 0) } = found ?? {};
  return {
    says: `delete account ${found?.account.number ?? 'none'} of ${entity.name}`,
    refusal: !found ? 'not_found' : isFree(found) ? null : 'account_in_use',
    act: (tx) => deleteAccount(tx, scopeOf(books, entity), found?.account.id ?? unknownId, books.context),
    apply: () => {
      if (found) removeFrom(found.entity.accounts, found.account);
    },
  };
});

const activityParams = fc.record({ account: choice, active: fc.boolean() });

const switchAccount = operation('deactivate or reactivate account', 1, activityParams, (books, params) => {
  const all = books.entities.flatMap((entity) => entity.accounts.map((account) => ({ entity, account })));
  const added = all.filter(({ account }) => isAdded(account.number));
  const found =
    params.account % 6 === 0
      ? undefined
      : pickGood(added, ({ account }) => account.active !== params.active, params.account);
  const { entity = pickEntity(books, 0) } = found ?? {};
  return {
    says: `${params.active ? 'reactivate' : 'deactivate'} account ${found?.account.number ?? 'none'} of ${entity.name}`,
    refusal: found ? null : 'not_found',
    act: (tx) =>
      changeAccount(
        tx,
        scopeOf(books, entity),
        found?.account.id ?? unknownId,
        { active: params.active },
        books.context,
      ),
    apply: () => {
      if (found) found.account.active = params.active;
    },
  };
});

export const masterOperations: readonly Operation[] = [
  addCustomer,
  removeCustomer,
  merge,
  addItem,
  removeItem,
  addAccount,
  removeAccount,
  switchAccount,
];
