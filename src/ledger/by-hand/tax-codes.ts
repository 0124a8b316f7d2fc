import {
  compare,
  decimalFromInteger,
  formatDecimal,
  isNegative,
  parseDecimal,
} from '../../kernel/decimal.ts';
import { TributaryError } from '../../kernel/errors.ts';
import { newId } from '../../kernel/ids.ts';
import { type AuditContext, appendAuditEntries } from '../../platform/audit/audit-store.ts';
import type { Transaction } from '../../platform/database/database.ts';
import { listAccounts } from '../accounts-store.ts';
import type { EntityScope } from '../entity-scope.ts';
import {
  deleteUnusedTaxCode,
  insertTaxCode,
  isTaxCodePosted,
  isTaxCodeTaken,
  listTaxCodes,
  lockTaxCode,
  type TaxCode,
  type TaxCodeFields,
  updateTaxCode,
} from './tax-codes-store.ts';

const codePattern = /^[0-9A-Za-z][0-9A-Za-z._-]{0,19}$/;
/** No country's rate has more decimals than four; the database refuses more than six. */
const rateDecimalsMax = 6;
const hundred = decimalFromInteger(100);

/** As a person gives it: the account by its number. */
export interface TaxCodeInput {
  readonly code: string;
  readonly name: string;
  readonly ratePercent: string;
  readonly account: string | null;
  readonly note: string | null;
  readonly active: boolean;
}

const refuse = (field: string, message: string) =>
  new TributaryError('invalid_request', null, { fields: [{ field, message }] });

/** Tax goes to an account of the balance sheet: what is charged is owed, what is deducted is claimed. */
async function accountIdOf(tx: Transaction, entityId: string, number: string | null): Promise<string | null> {
  if (number === null) return null;
  const account = (await listAccounts(tx, entityId)).find((one) => one.number === number);
  if (!account?.active || !['asset', 'liability'].includes(account.type)) {
    throw new TributaryError('account_not_usable', `${number} is no active liability or asset account.`);
  }
  return account.id;
}

/** `former`: what the code was; an account that it has already may have been deactivated since. */
async function checkFields(
  tx: Transaction,
  entityId: string,
  input: TaxCodeInput,
  former: TaxCode | null,
): Promise<TaxCodeFields> {
  if (!codePattern.test(input.code)) {
    throw refuse('code', 'Give up to 20 letters, digits, dots or hyphens, such as VAT19.');
  }
  const name = input.name.trim();
  if (name === '' || name.length > 200) throw refuse('name', 'Give a name of at most 200 characters.');
  const rate = parseDecimal(input.ratePercent);
  if (!rate || isNegative(rate) || compare(rate, hundred) > 0 || rate.scale > rateDecimalsMax) {
    throw refuse('ratePercent', 'Give a percentage from 0 to 100 with at most six decimals, such as 7.7.');
  }
  const note = input.note?.trim() ?? '';
  if (note.length > 500) throw refuse('note', 'Give a note of at most 500 characters.');
  return {
    code: input.code,
    name,
    ratePercent: formatDecimal(rate),
    accountId:
      former !== null && former.account === input.account
        ? former.accountId
        : await accountIdOf(tx, entityId, input.account),
    note: note === '' ? null : note,
    active: input.active,
  };
}

async function mustLock(tx: Transaction, id: string): Promise<TaxCode> {
  const found = await lockTaxCode(tx, id);
  if (!found) throw new TributaryError('not_found', 'There is no such tax code.');
  return found;
}

const taken = (code: string) => new TributaryError('duplicate_number', `Tax code ${code} exists.`);

/** Adds a tax code. Errors: `invalid_request`, `account_not_usable`, `duplicate_number`. */
export async function createTaxCode(
  tx: Transaction,
  scope: EntityScope,
  input: TaxCodeInput,
  context: AuditContext,
): Promise<TaxCode> {
  const fields = await checkFields(tx, scope.entityId, input, null);
  const id = newId();
  if (!(await insertTaxCode(tx, scope, id, fields))) throw taken(fields.code);
  const created = await mustLock(tx, id);
  await appendAuditEntries(tx, context, [
    { action: 'tax_code.created', subjectType: 'tax_code', subjectId: id, after: created },
  ]);
  return created;
}

/**
 * Changes a tax code. One that was posted with keeps its code and rate: they are part of what was posted.
 * Errors: `not_found`, `invalid_request`, `account_not_usable`, `duplicate_number`, `tax_code_in_use`.
 */
export async function changeTaxCode(
  tx: Transaction,
  id: string,
  change: Partial<TaxCodeInput>,
  context: AuditContext,
): Promise<TaxCode> {
  const before = await mustLock(tx, id);
  const fields = await checkFields(tx, before.entityId, { ...before, ...change }, before);
  const isOther = fields.code !== before.code || fields.ratePercent !== before.ratePercent;
  if (isOther && (await isTaxCodePosted(tx, id))) {
    throw new TributaryError(
      'tax_code_in_use',
      `${before.code} was posted with: its code and rate stay. Make another code and deactivate this one.`,
    );
  }
  if (fields.code !== before.code && (await isTaxCodeTaken(tx, before.entityId, fields.code, id))) {
    throw taken(fields.code);
  }
  await updateTaxCode(tx, id, fields);
  const after = await mustLock(tx, id);
  await appendAuditEntries(tx, context, [
    { action: 'tax_code.changed', subjectType: 'tax_code', subjectId: id, before, after },
  ]);
  return after;
}

/** Deletes a tax code that no line, item or customer has. Errors: `not_found`, `tax_code_in_use`. */
export async function deleteTaxCode(tx: Transaction, id: string, context: AuditContext): Promise<void> {
  const before = await mustLock(tx, id);
  if (!(await deleteUnusedTaxCode(tx, id))) {
    throw new TributaryError('tax_code_in_use', `${before.code} stands on lines, items or customers.`);
  }
  await appendAuditEntries(tx, context, [
    { action: 'tax_code.deleted', subjectType: 'tax_code', subjectId: id, before },
  ]);
}

/** Errors: `not_found` when the entity has no such active tax code. */
export async function mustBeActiveTaxCode(tx: Transaction, entityId: string, id: string): Promise<void> {
  const found = (await listTaxCodes(tx, entityId)).find((code) => code.id === id);
  if (!found?.active)
    throw new TributaryError('not_found', 'There is no such active tax code in this entity.');
}
