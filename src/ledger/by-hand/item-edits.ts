import { formatDecimal, isNegative, parseDecimal } from '../../kernel/decimal.ts';
import { TributaryError } from '../../kernel/errors.ts';
import { newId } from '../../kernel/ids.ts';
import { type AuditContext, appendAuditEntries } from '../../platform/audit/audit-store.ts';
import type { Transaction } from '../../platform/database/database.ts';
import { typesOfRole } from '../account-roles.ts';
import { listAccounts } from '../accounts-store.ts';
import type { EntityScope } from '../entity-scope.ts';
import { deleteUnusedItem, insertItem, type ItemFields, lockItem, updateItem } from './item-edits-store.ts';
import { mustBeActiveTaxCode } from './tax-codes.ts';

/** As a person gives it: accounts by their numbers, null: the one of the role. */
export interface ItemInput extends Omit<ItemFields, 'incomeAccountId' | 'deferredAccountId'> {
  readonly incomeAccount: string | null;
  readonly deferredAccount: string | null;
}

const refuse = (field: string, message: string) =>
  new TributaryError('invalid_request', null, { fields: [{ field, message }] });

function checkTexts(fields: ItemFields): ItemFields {
  const sku = fields.sku.trim();
  const name = fields.name.trim();
  if (sku === '') throw refuse('sku', 'Give the item a SKU.');
  if (name === '') throw refuse('name', 'Give the item a name.');
  const price = fields.unitPrice === null ? null : parseDecimal(fields.unitPrice);
  if (fields.unitPrice !== null && (!price || isNegative(price))) {
    throw refuse('unitPrice', 'Give a price such as 49.90, or none.');
  }
  const description = fields.description?.trim() ?? '';
  return {
    ...fields,
    sku,
    name,
    description: description === '' ? null : description,
    unitPrice: price ? formatDecimal(price) : null,
  };
}

/** The id of an active account that can play the role. Errors: `account_not_usable`. */
async function accountIdOf(
  tx: Transaction,
  entityId: string,
  role: 'income' | 'deferred_revenue',
  number: string | null,
): Promise<string | null> {
  if (number === null) return null;
  const account = (await listAccounts(tx, entityId)).find((one) => one.number === number);
  if (!account?.active || !typesOfRole[role].includes(account.type)) {
    throw new TributaryError(
      'account_not_usable',
      `${number} is no active ${typesOfRole[role].join(' or ')} account.`,
    );
  }
  return account.id;
}

const taken = (sku: string) => new TributaryError('duplicate_number', `An item with the SKU ${sku} exists.`);

/** Adds an item. Returns its id. Errors: `invalid_request`, `duplicate_number` (SKU), `account_not_usable`, `not_found` (tax code). */
export async function createItem(
  tx: Transaction,
  scope: EntityScope,
  input: Partial<ItemInput> & Pick<ItemInput, 'sku' | 'name'>,
  context: AuditContext,
): Promise<string> {
  const { incomeAccount = null, deferredAccount = null, ...rest } = input;
  const { entityId } = scope;
  if (rest.taxCodeId) await mustBeActiveTaxCode(tx, entityId, rest.taxCodeId);
  const fields = checkTexts({
    description: null,
    kind: 'service',
    unitPrice: null,
    taxCodeId: null,
    active: true,
    ...rest,
    incomeAccountId: await accountIdOf(tx, entityId, 'income', incomeAccount),
    deferredAccountId: await accountIdOf(tx, entityId, 'deferred_revenue', deferredAccount),
  });
  const id = newId();
  if (!(await insertItem(tx, scope, id, fields))) throw taken(fields.sku);
  await appendAuditEntries(tx, context, [
    { action: 'item.created', subjectType: 'item', subjectId: id, after: fields },
  ]);
  return id;
}

/**
 * Changes an item that still is in the version that the caller has seen; documents that are made already keep what they say. What the
 * change leaves out stays. Errors: as `createItem`, `conflict`.
 */
export async function changeItem(
  tx: Transaction,
  id: string,
  expectedVersion: number,
  change: Partial<ItemInput>,
  context: AuditContext,
): Promise<void> {
  const before = await lockItem(tx, id);
  if (!before) throw new TributaryError('not_found', 'There is no such item.');
  if (before.version !== expectedVersion) {
    throw new TributaryError('conflict', `${before.sku} was changed since you read it.`);
  }
  const { incomeAccount, deferredAccount, ...rest } = change;
  const { entityId } = before;
  if (rest.taxCodeId && rest.taxCodeId !== before.taxCodeId) {
    await mustBeActiveTaxCode(tx, entityId, rest.taxCodeId);
  }
  const { sku, name, description, kind, unitPrice, taxCodeId, active } = { ...before, ...rest };
  const fields = checkTexts({
    sku,
    name,
    description,
    kind,
    unitPrice,
    taxCodeId,
    active,
    incomeAccountId:
      incomeAccount === undefined
        ? before.incomeAccountId
        : await accountIdOf(tx, entityId, 'income', incomeAccount),
    deferredAccountId:
      deferredAccount === undefined
        ? before.deferredAccountId
        : await accountIdOf(tx, entityId, 'deferred_revenue', deferredAccount),
  });
  if (!(await updateItem(tx, id, fields))) throw taken(fields.sku);
  await appendAuditEntries(tx, context, [
    { action: 'item.changed', subjectType: 'item', subjectId: id, before, after: fields },
  ]);
}

/** Deletes an item that nothing has. Errors: `not_found`, `item_in_use`. */
export async function deleteItem(tx: Transaction, id: string, context: AuditContext): Promise<void> {
  const before = await lockItem(tx, id);
  if (!before) throw new TributaryError('not_found', 'There is no such item.');
  if (!(await deleteUnusedItem(tx, id))) {
    throw new TributaryError(
      'item_in_use',
      before.isDefault
        ? `${before.sku} is the item of lines without a product.`
        : `${before.sku} stands on lines of documents, or a product of a CRM is linked to it.`,
    );
  }
  await appendAuditEntries(tx, context, [
    { action: 'item.deleted', subjectType: 'item', subjectId: id, before },
  ]);
}
