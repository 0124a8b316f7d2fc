import type { CalendarDate } from '../kernel/dates.ts';
import type { DocumentKind } from '../model/document-draft.ts';
import type { Transaction } from '../platform/database/database.ts';
import { type DocumentFilter, documentFilterParameters, documentFilterSql } from './document-filter.ts';
import type { StoredDocumentStatus } from './document-status.ts';

/** A draft that a filter chooses for posting, with what is said of it afterwards. */
export interface ChosenDraft {
  readonly id: string;
  readonly description: string;
  readonly customerName: string;
  readonly currency: string;
  readonly totalMinor: bigint;
}

/** Drafts that pass the filter, the oldest document date first, at most `limit`: numbers follow this order. */
export async function listChosenDrafts(
  tx: Transaction,
  filter: DocumentFilter,
  limit: number,
): Promise<ChosenDraft[]> {
  const rows = await tx.query<{
    id: string;
    description: string;
    customer_name: string;
    currency: string;
    total_minor: string;
  }>(
    `SELECT d.id, d.description, c.name AS customer_name, d.currency, d.total_minor
     FROM documents d JOIN entities e ON e.id = d.entity_id JOIN customers c ON c.id = d.customer_id
     WHERE ${documentFilterSql} AND d.status = 'draft' AND d.kind IN ('invoice', 'credit_note')
     ORDER BY d.document_date, d.id
     LIMIT $15::integer`,
    // What is overdue depends on the time; a draft never is.
    [...documentFilterParameters({ ...filter, statuses: ['draft'] }, new Date()), limit],
  );
  return rows.map((row) => ({
    id: row.id,
    description: row.description,
    customerName: row.customer_name,
    currency: row.currency,
    totalMinor: BigInt(row.total_minor),
  }));
}

/** A document locked for posting or reversing. */
export interface LockedDocument {
  readonly id: string;
  readonly entityId: string;
  readonly kind: DocumentKind;
  readonly status: StoredDocumentStatus;
  readonly number: string | null;
  readonly currency: string;
  readonly totalMinor: bigint;
  readonly taxMinor: bigint;
  readonly openMinor: bigint;
  readonly date: CalendarDate;
  readonly description: string;
  readonly connectionId: string | null;
  /** The contract that an invoice bills. */
  readonly contractId: string | null;
}

/** A line as far as posting cares. */
export interface PostingLine {
  readonly documentId: string;
  readonly position: number;
  readonly amountMinor: bigint;
  readonly taxMinor: bigint;
  /** The line's own account, else its item's; null: the one of the role. */
  readonly incomeAccountId: string | null;
  /**
   * The code that the line is charged by, or of a credit note's line the one of the line that it takes back; `accountId` null: the account
   * of the role. `ratePercent` null: the tax is a part of what the invoice charged and is not worked out anew.
   */
  readonly taxCode: {
    readonly id: string;
    readonly code: string;
    readonly ratePercent: string | null;
    readonly accountId: string | null;
  } | null;
}

/** Locks documents of any entity of the organization, in the order of their ids; unknown ids are left out. */
export async function lockDocuments(tx: Transaction, ids: readonly string[]): Promise<LockedDocument[]> {
  const rows = await tx.query<{
    id: string;
    entity_id: string;
    kind: DocumentKind;
    status: StoredDocumentStatus;
    number: string | null;
    currency: string;
    total_minor: string;
    tax_minor: string;
    open_minor: string;
    document_date: CalendarDate;
    description: string;
    connection_id: string | null;
    contract_id: string | null;
  }>(
    `SELECT d.id, d.entity_id, d.kind, d.status, d.number, d.currency, d.total_minor, d.tax_minor, d.open_minor, d.document_date,
       d.description, d.connection_id, d.contract_id
     FROM documents d
     WHERE d.id = ANY ($1::uuid[])
     ORDER BY d.id
     FOR UPDATE`,
    [ids],
  );
  return rows.map((row) => ({
    id: row.id,
    entityId: row.entity_id,
    kind: row.kind,
    status: row.status,
    number: row.number,
    currency: row.currency,
    totalMinor: BigInt(row.total_minor),
    taxMinor: BigInt(row.tax_minor),
    openMinor: BigInt(row.open_minor),
    date: row.document_date,
    description: row.description,
    connectionId: row.connection_id,
    contractId: row.contract_id,
  }));
}

export async function readPostingLines(
  tx: Transaction,
  documentIds: readonly string[],
): Promise<PostingLine[]> {
  const rows = await tx.query<{
    document_id: string;
    position: number;
    amount_minor: string;
    tax_minor: string;
    income_account_id: string | null;
    tax_code_id: string | null;
    tax_code: string | null;
    rate_percent: string | null;
    tax_account_id: string | null;
  }>(
    `SELECT l.document_id, l.position, l.amount_minor, l.tax_minor, coalesce(l.account_id, i.income_account_id) AS income_account_id,
       t.id AS tax_code_id, t.code AS tax_code,
       CASE WHEN l.tax_code_id IS NOT NULL THEN t.rate_percent END AS rate_percent, t.account_id AS tax_account_id
     FROM document_lines l JOIN documents d ON d.id = l.document_id
       LEFT JOIN document_lines c ON c.document_id = d.credits_document_id AND c.position = l.credits_position
       LEFT JOIN items i ON i.id = l.item_id LEFT JOIN tax_codes t ON t.id = coalesce(l.tax_code_id, c.tax_code_id)
     WHERE l.document_id = ANY ($1::uuid[])
     ORDER BY l.document_id, l.position`,
    [documentIds],
  );
  return rows.map((row) => ({
    documentId: row.document_id,
    position: row.position,
    amountMinor: BigInt(row.amount_minor),
    taxMinor: BigInt(row.tax_minor),
    incomeAccountId: row.income_account_id,
    taxCode:
      row.tax_code_id === null
        ? null
        : {
            id: row.tax_code_id,
            code: row.tax_code ?? '',
            ratePercent: row.rate_percent,
            accountId: row.tax_account_id,
          },
  }));
}

/** Marks drafts as posted, with the numbers and rates that they got. */
export async function markPosted(
  tx: Transaction,
  postings: readonly { readonly id: string; readonly number: string; readonly rate: string }[],
  actor: string,
): Promise<void> {
  await tx.execute(
    `UPDATE documents d SET
       status = 'posted', number = r.number, exchange_rate = r.rate, posted_at = now(), posted_by = $1::text,
       version = d.version + 1, updated_at = now(), updated_by = $1::text
     FROM unnest($2::uuid[], $3::text[], $4::numeric[]) AS r (id, number, rate)
     WHERE d.id = r.id`,
    [
      actor,
      postings.map(({ id }) => id),
      postings.map(({ number }) => number),
      postings.map(({ rate }) => rate),
    ],
  );
}

/** Marks posted documents as reversed; their reversal stands in the journal already. */
export async function markReversed(
  tx: Transaction,
  documentIds: readonly string[],
  actor: string,
): Promise<void> {
  await tx.execute(
    `UPDATE documents d SET
       status = 'reversed', open_minor = 0, reversed_at = now(), reversed_by = $1::text,
       version = d.version + 1, updated_at = now(), updated_by = $1::text
     WHERE d.id = ANY ($2::uuid[])`,
    [actor, documentIds],
  );
}
