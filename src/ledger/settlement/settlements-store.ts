import type { CalendarDate, Instant } from '../../kernel/dates.ts';
import { formatMinor } from '../../kernel/money.ts';
import type { Transaction } from '../../platform/database/database.ts';
import type { EntityScope } from '../entity-scope.ts';
import type { SettlementKind } from './settlement-status.ts';

export interface Settlement {
  readonly id: string;
  readonly entityId: string;
  readonly kind: SettlementKind;
  readonly receiptId: string | null;
  readonly creditNoteId: string | null;
  /** The invoice; null for a refund. */
  readonly documentId: string | null;
  readonly currency: string;
  readonly amountMinor: bigint;
  readonly sourceBaseMinor: bigint;
  readonly targetBaseMinor: bigint;
  readonly settledOn: CalendarDate;
  readonly reason: string | null;
  readonly entryId: string;
}

export async function insertSettlements(
  tx: Transaction,
  scope: EntityScope,
  settlements: readonly Settlement[],
  actor: string,
): Promise<void> {
  if (settlements.length === 0) return;
  await tx.execute(
    `INSERT INTO settlements (organization_id, entity_id, created_by, id, kind, receipt_id, credit_note_id, document_id, currency,
       amount_minor, source_base_minor, target_base_minor, settled_on, reason, entry_id)
     SELECT $1::uuid, $2::uuid, $3::text, r.*
     FROM unnest($4::uuid[], $5::text[], $6::uuid[], $7::uuid[], $8::uuid[], $9::text[], $10::bigint[], $11::bigint[], $12::bigint[],
       $13::date[], $14::text[], $15::uuid[])
       AS r (id, kind, receipt_id, credit_note_id, document_id, currency, amount_minor, source_base_minor, target_base_minor, settled_on,
         reason, entry_id)`,
    [
      scope.organizationId,
      scope.entityId,
      actor,
      settlements.map((row) => row.id),
      settlements.map((row) => row.kind),
      settlements.map((row) => row.receiptId),
      settlements.map((row) => row.creditNoteId),
      settlements.map((row) => row.documentId),
      settlements.map((row) => row.currency),
      settlements.map((row) => row.amountMinor.toString()),
      settlements.map((row) => row.sourceBaseMinor.toString()),
      settlements.map((row) => row.targetBaseMinor.toString()),
      settlements.map((row) => row.settledOn),
      settlements.map((row) => row.reason),
      settlements.map((row) => row.entryId),
    ],
  );
}

export async function markSettlementsUndone(
  tx: Transaction,
  undone: readonly { readonly id: string; readonly entryId: string }[],
  actor: string,
): Promise<void> {
  await tx.execute(
    `UPDATE settlements s SET undone_at = now(), undone_by = $1::text, undone_entry_id = r.entry_id
     FROM unnest($2::uuid[], $3::uuid[]) AS r (id, entry_id)
     WHERE s.id = r.id`,
    [actor, undone.map(({ id }) => id), undone.map(({ entryId }) => entryId)],
  );
}

interface SettlementRow {
  readonly id: string;
  readonly entity_id: string;
  readonly kind: SettlementKind;
  readonly receipt_id: string | null;
  readonly credit_note_id: string | null;
  readonly document_id: string | null;
  readonly currency: string;
  readonly amount_minor: string;
  readonly source_base_minor: string;
  readonly target_base_minor: string;
  readonly settled_on: CalendarDate;
  readonly reason: string | null;
  readonly entry_id: string;
  readonly undone_at: Instant | null;
}

const columns = `s.id, s.entity_id, s.kind, s.receipt_id, s.credit_note_id, s.document_id, s.currency, s.amount_minor,
  s.source_base_minor, s.target_base_minor, s.settled_on, s.reason, s.entry_id, s.undone_at`;

const fromRow = (row: SettlementRow): Settlement & { readonly undone: boolean } => ({
  id: row.id,
  entityId: row.entity_id,
  kind: row.kind,
  receiptId: row.receipt_id,
  creditNoteId: row.credit_note_id,
  documentId: row.document_id,
  currency: row.currency,
  amountMinor: BigInt(row.amount_minor),
  sourceBaseMinor: BigInt(row.source_base_minor),
  targetBaseMinor: BigInt(row.target_base_minor),
  settledOn: row.settled_on,
  reason: row.reason,
  entryId: row.entry_id,
  undone: row.undone_at !== null,
});

/** One settlement, undone or not; null when there is none. What it settles never changes, so that it is read before anything is locked. */
export async function findSettlement(
  tx: Transaction,
  id: string,
): Promise<(Settlement & { readonly undone: boolean }) | null> {
  const [row] = await tx.query<SettlementRow>(`SELECT ${columns} FROM settlements s WHERE s.id = $1::uuid`, [
    id,
  ]);
  return row ? fromRow(row) : null;
}

/** What a receipt settles and what of it was refunded, without what was undone. */
export async function listLiveSettlementsOfReceipt(
  tx: Transaction,
  receiptId: string,
): Promise<Settlement[]> {
  const rows = await tx.query<SettlementRow>(
    `SELECT ${columns} FROM settlements s WHERE s.receipt_id = $1::uuid AND s.undone_at IS NULL ORDER BY s.id`,
    [receiptId],
  );
  return rows.map(fromRow);
}

/** What stands in the way of reversing each of these documents, as words such as `payment RCT-000001 of EUR 50.00`. */
export async function listReversalObstacles(
  tx: Transaction,
  documentIds: readonly string[],
): Promise<Map<string, string[]>> {
  const rows = await tx.query<{
    document_id: string;
    kind: SettlementKind | 'credit_note_of';
    number: string | null;
    currency: string;
    amount_minor: string;
  }>(
    `SELECT s.document_id, s.kind, coalesce(r.number, c.number) AS number, s.currency, s.amount_minor
     FROM settlements s LEFT JOIN receipts r ON r.id = s.receipt_id LEFT JOIN documents c ON c.id = s.credit_note_id
     WHERE s.document_id = ANY ($1::uuid[]) AND s.undone_at IS NULL
     UNION ALL
     SELECT s.credit_note_id, s.kind, d.number, s.currency, s.amount_minor
     FROM settlements s LEFT JOIN documents d ON d.id = s.document_id
     WHERE s.credit_note_id = ANY ($1::uuid[]) AND s.undone_at IS NULL
     UNION ALL
     SELECT c.credits_document_id, 'credit_note_of', c.number, c.currency, c.total_minor
     FROM documents c WHERE c.credits_document_id = ANY ($1::uuid[]) AND c.status NOT IN ('draft', 'reversed')
     ORDER BY 1, 2, 3`,
    [documentIds],
  );
  const words = {
    receipt: 'payment',
    credit_note: 'credit',
    write_off: 'write-off',
    refund: 'refund',
    credit_note_of: 'credit note',
  };
  const obstacles = new Map<string, string[]>();
  for (const row of rows) {
    const amount = `${row.currency} ${formatMinor(BigInt(row.amount_minor), row.currency)}`;
    const text = [words[row.kind], row.number, 'of', amount].filter(Boolean).join(' ');
    obstacles.set(row.document_id, [...(obstacles.get(row.document_id) ?? []), text]);
  }
  return obstacles;
}

/** A settlement as JSON. */
export interface SettlementWire {
  readonly id: string;
  readonly kind: SettlementKind;
  readonly receipt: { readonly id: string; readonly number: string } | null;
  readonly creditNote: { readonly id: string; readonly number: string } | null;
  readonly document: { readonly id: string; readonly number: string } | null;
  readonly currency: string;
  readonly amount: string;
  readonly date: CalendarDate;
  readonly reason: string | null;
  readonly entryId: string;
  readonly baseCurrency: string;
  /** Realised exchange gain (or, negative, loss) in the base currency. */
  readonly exchangeGain: string;
  readonly createdAt: Instant;
  readonly createdBy: string;
  readonly undoneAt: Instant | null;
  readonly undoneBy: string | null;
  readonly undoneEntryId: string | null;
}

/** Of one document (as invoice or as credit note) or one receipt, the oldest first, undone ones too. At most `settlementsListedMax`. */
export async function listSettlements(
  tx: Transaction,
  of: { readonly documentId?: string; readonly receiptId?: string; readonly id?: string },
): Promise<SettlementWire[]> {
  const rows = await tx.query<
    SettlementRow & {
      readonly receipt_number: string | null;
      readonly credit_note_number: string | null;
      readonly document_number: string | null;
      readonly base_currency: string;
      readonly created_at: Instant;
      readonly created_by: string;
      readonly undone_by: string | null;
      readonly undone_entry_id: string | null;
    }
  >(
    `SELECT ${columns}, r.number AS receipt_number, c.number AS credit_note_number, d.number AS document_number, e.base_currency,
       s.created_at, s.created_by, s.undone_by, s.undone_entry_id
     FROM settlements s
       JOIN entities e ON e.id = s.entity_id
       LEFT JOIN receipts r ON r.id = s.receipt_id
       LEFT JOIN documents c ON c.id = s.credit_note_id
       LEFT JOIN documents d ON d.id = s.document_id
     WHERE ($1::uuid IS NOT NULL AND (s.document_id = $1::uuid OR s.credit_note_id = $1::uuid))
       OR ($2::uuid IS NOT NULL AND s.receipt_id = $2::uuid) OR ($3::uuid IS NOT NULL AND s.id = $3::uuid)
     ORDER BY s.created_at, s.id
     LIMIT ${settlementsListedMax}`,
    [of.documentId ?? null, of.receiptId ?? null, of.id ?? null],
  );
  return rows.map((row) => ({
    id: row.id,
    kind: row.kind,
    receipt: named(row.receipt_id, row.receipt_number),
    creditNote: named(row.credit_note_id, row.credit_note_number),
    document: named(row.document_id, row.document_number),
    currency: row.currency,
    amount: formatMinor(BigInt(row.amount_minor), row.currency),
    date: row.settled_on,
    reason: row.reason,
    entryId: row.entry_id,
    baseCurrency: row.base_currency,
    exchangeGain: formatMinor(
      BigInt(row.source_base_minor) - BigInt(row.target_base_minor),
      row.base_currency,
    ),
    createdAt: row.created_at,
    createdBy: row.created_by,
    undoneAt: row.undone_at,
    undoneBy: row.undone_by,
    undoneEntryId: row.undone_entry_id,
  }));
}

/** More than any document or receipt has in practice; an answer of them is below 1 MB. */
export const settlementsListedMax = 2000;

const named = (id: string | null, number: string | null): { id: string; number: string } | null =>
  id === null ? null : { id, number: number ?? '' };
