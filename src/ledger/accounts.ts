import { TributaryError } from '../kernel/errors.ts';
import { newId } from '../kernel/ids.ts';
import { type AuditContext, appendAuditEntries } from '../platform/audit/audit-store.ts';
import type { Transaction } from '../platform/database/database.ts';
import {
  type Account,
  type AccountType,
  accountTypes,
  deleteUnusedAccount,
  findAccount,
  insertAccounts,
  updateAccountRow,
} from './accounts-store.ts';
import type { EntityScope } from './entity-scope.ts';

const numberPattern = /^[0-9A-Za-z][0-9A-Za-z._-]{0,19}$/;
const nameLengthMax = 200;

function checkName(name: string): string {
  const trimmed = name.trim();
  if (trimmed === '' || trimmed.length > nameLengthMax) {
    throw new TributaryError('invalid_request', null, {
      fields: [{ field: 'name', message: `Give a name of at most ${nameLengthMax} characters.` }],
    });
  }
  return trimmed;
}

/** Adds an account. Errors: `invalid_request` (number, name or type), `duplicate_number`. */
export async function createAccount(
  tx: Transaction,
  scope: EntityScope,
  account: { readonly number: string; readonly name: string; readonly type: AccountType },
  context: AuditContext,
): Promise<Account> {
  if (!numberPattern.test(account.number)) {
    throw new TributaryError('invalid_request', null, {
      fields: [{ field: 'number', message: 'Give up to 20 letters, digits, dots or hyphens, such as 4010.' }],
    });
  }
  if (!accountTypes.includes(account.type)) {
    throw new TributaryError('invalid_request', null, {
      fields: [{ field: 'type', message: `Give one of ${accountTypes.join(', ')}.` }],
    });
  }
  const id = newId();
  const name = checkName(account.name);
  const [inserted] = await insertAccounts(tx, scope, [
    { id, number: account.number, name, type: account.type },
  ]);
  if (inserted === undefined)
    throw new TributaryError('duplicate_number', `Account ${account.number} exists.`);
  const created: Account = {
    id,
    entityId: scope.entityId,
    number: account.number,
    name,
    type: account.type,
    active: true,
  };
  await appendAuditEntries(tx, context, [
    { action: 'account.created', subjectType: 'account', subjectId: id, after: created },
  ]);
  return created;
}

async function mustFindAccount(tx: Transaction, scope: EntityScope, accountId: string): Promise<Account> {
  const account = await findAccount(tx, scope, accountId);
  if (!account) throw new TributaryError('not_found', 'There is no such account.');
  return account;
}

/**
 * Renames, deactivates or reactivates an account. An inactive one takes no further entries; past ones stay.
 * Errors: `not_found`, `invalid_request`.
 */
export async function changeAccount(
  tx: Transaction,
  scope: EntityScope,
  accountId: string,
  change: { readonly name?: string; readonly active?: boolean },
  context: AuditContext,
): Promise<Account> {
  const before = await mustFindAccount(tx, scope, accountId);
  const after: Account = {
    ...before,
    name: change.name === undefined ? before.name : checkName(change.name),
    active: change.active ?? before.active,
  };
  await updateAccountRow(tx, scope, accountId, after);
  await appendAuditEntries(tx, context, [
    { action: 'account.changed', subjectType: 'account', subjectId: accountId, before, after },
  ]);
  return after;
}

/** Deletes an account that was never used. Errors: `not_found`, `account_in_use`. */
export async function deleteAccount(
  tx: Transaction,
  scope: EntityScope,
  accountId: string,
  context: AuditContext,
): Promise<void> {
  const before = await mustFindAccount(tx, scope, accountId);
  const deleted = await deleteUnusedAccount(tx, scope, accountId);
  if (!deleted) throw new TributaryError('account_in_use', `Account ${before.number} is in use.`);
  await appendAuditEntries(tx, context, [
    { action: 'account.deleted', subjectType: 'account', subjectId: accountId, before },
  ]);
}
