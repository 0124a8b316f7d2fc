import type { CalendarDate } from '../../kernel/dates.ts';
import type { DocumentKind } from '../../model/document-draft.ts';
import type { Transaction } from '../../platform/database/database.ts';
import type { StoredDocumentStatus } from '../document-status.ts';
import type { SettlementKind } from './settlement-status.ts';

/** A document locked for settling, with what is open on it in its currency and what the books carry that at. */
export interface OpenDocument {
  readonly id: string;
  readonly entityId: string;
  readonly customerId: string;
  readonly kind: DocumentKind;
  readonly status: StoredDocumentStatus;
  readonly number: string | null;
  readonly currency: string;
  readonly totalMinor: bigint;
  readonly openMinor: bigint;
  /** Positive for an invoice and for a credit note alike; without revaluations. */
  readonly openBaseMinor: bigint;
  readonly date: CalendarDate;
  readonly dueDate: CalendarDate;
  /** Where it was posted to; null while it is a draft. */
  readonly receivableAccountId: string | null;
  readonly liveKinds: ReadonlySet<SettlementKind>;
}

interface OpenDocumentRow {
  readonly id: string;
  readonly entity_id: string;
  readonly customer_id: string;
  readonly kind: DocumentKind;
  readonly status: StoredDocumentStatus;
  readonly number: string | null;
  readonly currency: string;
  readonly total_minor: string;
  readonly open_minor: string;
  readonly document_date: CalendarDate;
  readonly due_date: CalendarDate;
}

/** Locks documents in the order of their ids and reads what is open on each; unknown ids are left out. Documents before receipts. */
export async function lockOpenDocuments(
  tx: Transaction,
  ids: readonly string[],
): Promise<Map<string, OpenDocument>> {
  if (ids.length === 0) return new Map();
  const rows = await tx.query<OpenDocumentRow>(
    `SELECT d.id, d.entity_id, d.customer_id, d.kind, d.status, d.number, d.currency, d.total_minor, d.open_minor, d.document_date,
       d.due_date
     FROM documents d
     WHERE d.id = ANY ($1::uuid[])
     ORDER BY d.id
     FOR UPDATE`,
    [ids],
  );
  const receivables = await readReceivables(tx, ids);
  const liveKinds = await readLiveKinds(tx, ids);
  return new Map(
    rows.map((row) => {
      const receivable = receivables.get(row.id);
      const baseMinor = receivable?.baseMinor ?? 0n;
      return [
        row.id,
        {
          id: row.id,
          entityId: row.entity_id,
          customerId: row.customer_id,
          kind: row.kind,
          status: row.status,
          number: row.number,
          currency: row.currency,
          totalMinor: BigInt(row.total_minor),
          openMinor: BigInt(row.open_minor),
          openBaseMinor: row.kind === 'credit_note' ? -baseMinor : baseMinor,
          date: row.document_date,
          dueDate: row.due_date,
          receivableAccountId: receivable?.accountId ?? null,
          liveKinds: liveKinds.get(row.id) ?? new Set(),
        },
      ];
    }),
  );
}

/** Lines of base amounts alone are revaluations, which the next period takes back: they are no part of what was carried in. */
async function readReceivables(
  tx: Transaction,
  ids: readonly string[],
): Promise<Map<string, { accountId: string | null; baseMinor: bigint }>> {
  const rows = await tx.query<{ document_id: string; account_id: string | null; base_minor: string }>(
    `SELECT l.document_id, (array_agg(l.account_id) FILTER (WHERE e.kind = 'document'))[1] AS account_id,
       sum(l.base_debit_minor - l.base_credit_minor) AS base_minor
     FROM journal_lines l JOIN journal_entries e ON e.id = l.entry_id
     WHERE l.document_id = ANY ($1::uuid[]) AND l.debit_minor <> l.credit_minor
     GROUP BY l.document_id`,
    [ids],
  );
  return new Map(
    rows.map((row) => [row.document_id, { accountId: row.account_id, baseMinor: BigInt(row.base_minor) }]),
  );
}

async function readLiveKinds(
  tx: Transaction,
  ids: readonly string[],
): Promise<Map<string, Set<SettlementKind>>> {
  const rows = await tx.query<{ document_id: string; kinds: SettlementKind[] }>(
    `SELECT p.document_id, array_agg(DISTINCT p.kind) AS kinds FROM (
       SELECT s.document_id, s.kind FROM settlements s WHERE s.document_id = ANY ($1::uuid[]) AND s.undone_at IS NULL
       UNION ALL
       SELECT s.credit_note_id, s.kind FROM settlements s WHERE s.credit_note_id = ANY ($1::uuid[]) AND s.undone_at IS NULL
     ) p
     GROUP BY p.document_id`,
    [ids],
  );
  return new Map(rows.map((row) => [row.document_id, new Set(row.kinds)]));
}

/** What is open on documents after a settlement or its undoing. */
export async function writeOpenAmounts(
  tx: Transaction,
  documents: readonly {
    readonly id: string;
    readonly openMinor: bigint;
    readonly status: StoredDocumentStatus;
  }[],
  actor: string,
): Promise<void> {
  if (documents.length === 0) return;
  await tx.execute(
    `UPDATE documents d SET open_minor = r.open_minor, status = r.status, version = d.version + 1, updated_at = now(), updated_by = $1::text
     FROM unnest($2::uuid[], $3::bigint[], $4::text[]) AS r (id, open_minor, status)
     WHERE d.id = r.id`,
    [
      actor,
      documents.map(({ id }) => id),
      documents.map(({ openMinor }) => openMinor.toString()),
      documents.map(({ status }) => status),
    ],
  );
}

/** An invoice with something open, as a payment's proposal shows it. */
export interface OpenInvoice {
  readonly id: string;
  readonly number: string;
  readonly date: CalendarDate;
  readonly dueDate: CalendarDate;
  readonly totalMinor: bigint;
  readonly openMinor: bigint;
}

/** Invoices with something open, the oldest due date first: what a payment of this customer settles. At most `limit`. */
export async function listOpenInvoices(
  tx: Transaction,
  filter: { readonly entityId: string; readonly customerId: string; readonly currency: string },
  limit: number,
): Promise<OpenInvoice[]> {
  const rows = await tx.query<{
    id: string;
    number: string;
    document_date: CalendarDate;
    due_date: CalendarDate;
    total_minor: string;
    open_minor: string;
  }>(
    `SELECT d.id, d.number, d.document_date, d.due_date, d.total_minor, d.open_minor FROM documents d
     WHERE d.entity_id = $1::uuid AND d.customer_id = $2::uuid AND d.currency = $3::text AND d.kind = 'invoice'
       AND d.status IN ('posted', 'partly_paid') AND d.open_minor > 0
     ORDER BY d.due_date, d.document_date, d.id
     LIMIT $4::integer`,
    [filter.entityId, filter.customerId, filter.currency, limit],
  );
  return rows.map((row) => ({
    id: row.id,
    number: row.number,
    date: row.document_date,
    dueDate: row.due_date,
    totalMinor: BigInt(row.total_minor),
    openMinor: BigInt(row.open_minor),
  }));
}
