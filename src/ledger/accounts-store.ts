import type { Transaction } from '../platform/database/database.ts';
import type { EntityScope } from './entity-scope.ts';

export const accountTypes = ['asset', 'liability', 'equity', 'income', 'expense'] as const;
export type AccountType = (typeof accountTypes)[number];

export interface Account {
  readonly id: string;
  readonly entityId: string;
  readonly number: string;
  readonly name: string;
  readonly type: AccountType;
  readonly active: boolean;
}

interface AccountRow {
  readonly id: string;
  readonly entity_id: string;
  readonly number: string;
  readonly name: string;
  readonly type: AccountType;
  readonly active: boolean;
}

const columns = 'a.id, a.entity_id, a.number, a.name, a.type, a.active';

function fromRow(row: AccountRow): Account {
  return {
    id: row.id,
    entityId: row.entity_id,
    number: row.number,
    name: row.name,
    type: row.type,
    active: row.active,
  };
}

export interface NewAccount {
  readonly id: string;
  readonly number: string;
  readonly name: string;
  readonly type: AccountType;
}

/** Inserts accounts; a number that the entity has already is left out. Returns the numbers that were inserted. */
export async function insertAccounts(
  tx: Transaction,
  scope: EntityScope,
  accounts: readonly NewAccount[],
): Promise<string[]> {
  const rows = await tx.query<{ number: string }>(
    `INSERT INTO accounts (organization_id, entity_id, id, number, name, type)
     SELECT $1::uuid, $2::uuid, r.id, r.number, r.name, r.type
     FROM unnest($3::uuid[], $4::text[], $5::text[], $6::text[]) AS r (id, number, name, type)
     ON CONFLICT (entity_id, number) DO NOTHING
     RETURNING number`,
    [
      scope.organizationId,
      scope.entityId,
      accounts.map((account) => account.id),
      accounts.map((account) => account.number),
      accounts.map((account) => account.name),
      accounts.map((account) => account.type),
    ],
  );
  return rows.map((row) => row.number);
}

/** All accounts of the entity, by number. A chart holds hundreds of accounts, not thousands: there is no page. */
export async function listAccounts(tx: Transaction, entityId: string): Promise<Account[]> {
  const rows = await tx.query<AccountRow>(
    `SELECT ${columns} FROM accounts a WHERE a.entity_id = $1::uuid ORDER BY a.number`,
    [entityId],
  );
  return rows.map(fromRow);
}

/** Null when there is no such account in this entity. */
export async function findAccount(
  tx: Transaction,
  scope: EntityScope,
  accountId: string,
): Promise<Account | null> {
  const [row] = await tx.query<AccountRow>(
    `SELECT ${columns} FROM accounts a WHERE a.id = $2::uuid AND a.entity_id = $1::uuid FOR UPDATE`,
    [scope.entityId, accountId],
  );
  return row ? fromRow(row) : null;
}

/** Sets name and state; the type of an account never changes (the database refuses it). */
export async function updateAccountRow(
  tx: Transaction,
  scope: EntityScope,
  accountId: string,
  change: { readonly name: string; readonly active: boolean },
): Promise<void> {
  await tx.execute(
    `UPDATE accounts a SET name = $3::text, active = $4::boolean
     WHERE a.id = $2::uuid AND a.entity_id = $1::uuid`,
    [scope.entityId, accountId, change.name, change.active],
  );
}

/** Deletes an account that nothing points at. Returns false when something does, or when it is gone. */
export async function deleteUnusedAccount(
  tx: Transaction,
  scope: EntityScope,
  accountId: string,
): Promise<boolean> {
  const deleted = await tx.execute(
    `DELETE FROM accounts a
     WHERE a.id = $2::uuid AND a.entity_id = $1::uuid
       AND NOT EXISTS (SELECT FROM journal_lines l WHERE l.account_id = a.id)
       AND NOT EXISTS (SELECT FROM account_roles r WHERE r.account_id = a.id)
       AND NOT EXISTS (SELECT FROM document_lines l WHERE l.account_id = a.id)
       AND NOT EXISTS (SELECT FROM tax_codes t WHERE t.account_id = a.id)
       AND NOT EXISTS (
         SELECT FROM items i WHERE i.entity_id = a.entity_id
           AND a.id IN (i.income_account_id, i.expense_account_id, i.deferred_account_id)
       )`,
    [scope.entityId, accountId],
  );
  return deleted === 1;
}
