import type { Transaction } from '../../platform/database/database.ts';
import type { EntityScope } from '../entity-scope.ts';

/** What lines can be charged with: `ratePercent` 19 means nineteen percent, as an exact decimal string. */
export interface TaxCode {
  readonly id: string;
  readonly entityId: string;
  readonly code: string;
  readonly name: string;
  readonly ratePercent: string;
  /** Null: the account of the role `tax_payable`. */
  readonly accountId: string | null;
  /** The number of that account. */
  readonly account: string | null;
  /** What a document says that uses it, such as why a customer abroad is charged none. */
  readonly note: string | null;
  readonly active: boolean;
  readonly version: number;
}

interface TaxCodeRow {
  readonly id: string;
  readonly entity_id: string;
  readonly code: string;
  readonly name: string;
  readonly rate_percent: string;
  readonly account_id: string | null;
  readonly account: string | null;
  readonly note: string | null;
  readonly active: boolean;
  readonly version: number;
}

const columns = `t.id, t.entity_id, t.code, t.name, trim_scale(t.rate_percent) AS rate_percent, t.account_id,
  (SELECT a.number FROM accounts a WHERE a.id = t.account_id) AS account, t.note, t.active, t.version`;

function fromRow(row: TaxCodeRow): TaxCode {
  return {
    id: row.id,
    entityId: row.entity_id,
    code: row.code,
    name: row.name,
    ratePercent: row.rate_percent,
    accountId: row.account_id,
    account: row.account,
    note: row.note,
    active: row.active,
    version: row.version,
  };
}

/** The codes of one entity, or with null of all, by code. A company has a handful of them: there is no page. */
export async function listTaxCodes(tx: Transaction, entityId: string | null): Promise<TaxCode[]> {
  const rows = await tx.query<TaxCodeRow>(
    `SELECT ${columns} FROM tax_codes t WHERE $1::uuid IS NULL OR t.entity_id = $1::uuid ORDER BY t.entity_id, t.code`,
    [entityId],
  );
  return rows.map(fromRow);
}

/** The code, locked against another change; null when there is none in this organization. */
export async function lockTaxCode(tx: Transaction, id: string): Promise<TaxCode | null> {
  const [row] = await tx.query<TaxCodeRow>(
    `SELECT ${columns} FROM tax_codes t WHERE t.id = $1::uuid FOR UPDATE`,
    [id],
  );
  return row ? fromRow(row) : null;
}

export interface TaxCodeFields {
  readonly code: string;
  readonly name: string;
  readonly ratePercent: string;
  readonly accountId: string | null;
  readonly note: string | null;
  readonly active: boolean;
}

/** False when the entity has that code already. */
export async function insertTaxCode(
  tx: Transaction,
  scope: EntityScope,
  id: string,
  fields: TaxCodeFields,
): Promise<boolean> {
  const inserted = await tx.execute(
    `INSERT INTO tax_codes (id, organization_id, entity_id, code, name, rate_percent, account_id, note, active)
     VALUES ($1::uuid, $2::uuid, $3::uuid, $4::text, $5::text, $6::numeric, $7::uuid, $8::text, $9::boolean)
     ON CONFLICT (entity_id, code) DO NOTHING`,
    [
      id,
      scope.organizationId,
      scope.entityId,
      fields.code,
      fields.name,
      fields.ratePercent,
      fields.accountId,
      fields.note,
      fields.active,
    ],
  );
  return inserted === 1;
}

export async function updateTaxCode(tx: Transaction, id: string, fields: TaxCodeFields): Promise<void> {
  await tx.execute(
    `UPDATE tax_codes t SET code = $2::text, name = $3::text, rate_percent = $4::numeric, account_id = $5::uuid, note = $6::text,
       active = $7::boolean, version = t.version + 1, updated_at = now()
     WHERE t.id = $1::uuid`,
    [id, fields.code, fields.name, fields.ratePercent, fields.accountId, fields.note, fields.active],
  );
}

/** Whether another code of the entity has that name already. */
export async function isTaxCodeTaken(
  tx: Transaction,
  entityId: string,
  code: string,
  exceptId: string,
): Promise<boolean> {
  const rows = await tx.query(
    'SELECT t.id FROM tax_codes t WHERE t.entity_id = $1::uuid AND t.code = $2::text AND t.id <> $3::uuid',
    [entityId, code, exceptId],
  );
  return rows.length > 0;
}

/** Whether a posted document has a line with the code. */
export async function isTaxCodePosted(tx: Transaction, id: string): Promise<boolean> {
  const rows = await tx.query(
    `SELECT l.document_id FROM document_lines l JOIN documents d ON d.id = l.document_id
     WHERE l.tax_code_id = $1::uuid AND d.status <> 'draft' LIMIT 1`,
    [id],
  );
  return rows.length > 0;
}

/** Deletes a code that nothing points at. False when something does, or when it is gone. */
export async function deleteUnusedTaxCode(tx: Transaction, id: string): Promise<boolean> {
  const deleted = await tx.execute(
    `DELETE FROM tax_codes t
     WHERE t.id = $1::uuid
       AND NOT EXISTS (SELECT FROM document_lines l WHERE l.tax_code_id = t.id)
       AND NOT EXISTS (SELECT FROM items i WHERE i.tax_code_id = t.id)
       AND NOT EXISTS (SELECT FROM customers c WHERE c.tax_code_id = t.id)`,
    [id],
  );
  return deleted === 1;
}
