import type { CalendarDate } from '../../kernel/dates.ts';
import type { Transaction } from '../../platform/database/database.ts';
import type { EntityScope } from '../entity-scope.ts';

/** A line of an invoice with what its credit notes, drafts too, have left of it; amounts in minor units, signed as on the line. */
export interface CreditableLine {
  readonly position: number;
  readonly itemId: string | null;
  readonly accountId: string | null;
  readonly description: string;
  readonly sku: string | null;
  readonly leftMinor: bigint;
  readonly leftTaxMinor: bigint;
}

/** Credits that name no line are spread over the lines when they are made, so that lines and total agree. */
export async function listCreditableLines(tx: Transaction, invoiceId: string): Promise<CreditableLine[]> {
  const rows = await tx.query<{
    position: number;
    item_id: string | null;
    account_id: string | null;
    description: string;
    sku: string | null;
    left_minor: string;
    left_tax_minor: string;
  }>(
    `SELECT l.position, l.item_id, l.account_id, l.description, l.sku,
       l.amount_minor - coalesce(c.amount_minor, 0) AS left_minor, l.tax_minor - coalesce(c.tax_minor, 0) AS left_tax_minor
     FROM document_lines l
       LEFT JOIN (
         SELECT k.credits_position, sum(k.amount_minor) AS amount_minor, sum(k.tax_minor) AS tax_minor
         FROM documents d JOIN document_lines k ON k.document_id = d.id
         WHERE d.credits_document_id = $1::uuid AND d.status <> 'reversed'
         GROUP BY k.credits_position
       ) c ON c.credits_position = l.position
     WHERE l.document_id = $1::uuid
     ORDER BY l.position`,
    [invoiceId],
  );
  return rows.map((row) => ({
    position: row.position,
    itemId: row.item_id,
    accountId: row.account_id,
    description: row.description,
    sku: row.sku,
    leftMinor: BigInt(row.left_minor),
    leftTaxMinor: BigInt(row.left_tax_minor),
  }));
}

/** What of the total the credit notes have left, which is less than the lines say where somebody wrote one by hand. */
export async function readCreditableTotal(tx: Transaction, invoiceId: string): Promise<bigint> {
  const [row] = await tx.query<{ left_minor: string }>(
    `SELECT d.total_minor - coalesce((
       SELECT sum(c.total_minor) FROM documents c WHERE c.credits_document_id = d.id AND c.status <> 'reversed'
     ), 0) AS left_minor
     FROM documents d WHERE d.id = $1::uuid`,
    [invoiceId],
  );
  return BigInt(row?.left_minor ?? 0);
}

export interface NewCreditNoteLine {
  readonly creditsPosition: number | null;
  readonly itemId: string | null;
  readonly accountId: string | null;
  readonly description: string;
  readonly sku: string | null;
  /** Decimal string: the amount, of one. */
  readonly unitPrice: string;
  readonly amountMinor: bigint;
  readonly taxMinor: bigint;
}

export interface NewCreditNote {
  readonly id: string;
  readonly customerId: string;
  readonly currency: string;
  readonly date: CalendarDate;
  readonly description: string;
  readonly memo: string | null;
  /** Null: free-standing. */
  readonly invoiceId: string | null;
  readonly lines: readonly NewCreditNoteLine[];
}

/** Inserts a draft credit note; of an invoice, it takes over sales rep, connection, dimensions and contract. */
export async function insertCreditNote(
  tx: Transaction,
  scope: EntityScope,
  note: NewCreditNote,
  actor: string,
): Promise<void> {
  const taxMinor = note.lines.reduce((sum, line) => sum + line.taxMinor, 0n);
  const totalMinor = note.lines.reduce((sum, line) => sum + line.amountMinor, taxMinor);
  await tx.execute(
    `INSERT INTO documents (organization_id, entity_id, kind, status, created_by, updated_by, id, customer_id, currency, total_minor,
       open_minor, tax_minor, document_date, due_date, description, memo, credits_document_id, sales_rep_id, connection_id, dimensions,
       contract_id)
     SELECT $1::uuid, $2::uuid, 'credit_note', 'draft', $3::text, $3::text, $4::uuid, $5::uuid, $6::text, $7::bigint,
       $7::bigint, $8::bigint, $9::date, $9::date, $10::text, $11::text, $12::uuid, i.sales_rep_id, i.connection_id,
       coalesce(i.dimensions, '{}'), i.contract_id
     FROM (SELECT 1) one LEFT JOIN documents i ON i.id = $12::uuid`,
    [
      scope.organizationId,
      scope.entityId,
      actor,
      note.id,
      note.customerId,
      note.currency,
      totalMinor.toString(),
      taxMinor.toString(),
      note.date,
      note.description,
      note.memo,
      note.invoiceId,
    ],
  );
  const { lines } = note;
  await tx.execute(
    `INSERT INTO document_lines (organization_id, document_id, position, item_id, account_id, credits_position, source_id, description, sku,
       quantity, unit_price, tax_minor, amount_minor)
     SELECT $1::uuid, $2::uuid, r.position, r.item_id, r.account_id, r.credits_position, l.source_id, r.description, r.sku, 1,
       r.unit_price, r.tax_minor, r.amount_minor
     FROM unnest($3::uuid[], $4::uuid[], $5::integer[], $6::text[], $7::text[], $8::numeric[], $9::bigint[], $10::bigint[])
       WITH ORDINALITY
       AS r (item_id, account_id, credits_position, description, sku, unit_price, tax_minor, amount_minor, position)
       LEFT JOIN documents i ON i.id = $11::uuid AND i.contract_id IS NOT NULL
       LEFT JOIN document_lines l ON l.document_id = i.id AND l.position = r.credits_position`,
    [
      scope.organizationId,
      note.id,
      lines.map((line) => line.itemId),
      lines.map((line) => line.accountId),
      lines.map((line) => line.creditsPosition),
      lines.map((line) => line.description),
      lines.map((line) => line.sku),
      lines.map((line) => line.unitPrice),
      lines.map((line) => line.taxMinor.toString()),
      lines.map((line) => line.amountMinor.toString()),
      note.invoiceId,
    ],
  );
}

/** The invoices of these credit notes: to be locked with them. Invoices and free-standing credit notes have none. */
export async function findCreditedIds(
  tx: Transaction,
  documentIds: readonly string[],
): Promise<Map<string, string>> {
  const rows = await tx.query<{ id: string; credits_document_id: string }>(
    `SELECT d.id, d.credits_document_id FROM documents d
     WHERE d.id = ANY ($1::uuid[]) AND d.credits_document_id IS NOT NULL`,
    [documentIds],
  );
  return new Map(rows.map((row) => [row.id, row.credits_document_id]));
}
