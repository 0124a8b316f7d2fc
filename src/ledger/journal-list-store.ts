import type { CalendarDate } from '../kernel/dates.ts';
import { formatMinor } from '../kernel/money.ts';
import type { Transaction } from '../platform/database/database.ts';
import type { JournalEntryKind } from './journal-store.ts';
import {
  checkLimit,
  decodeCursor,
  type Page,
  type PageRequest,
  toPage,
} from '../platform/database/page-cursor.ts';

/** Which journal lines; what is absent does not matter. */
export interface JournalFilter {
  readonly entityId?: string;
  readonly accountId?: string;
  readonly documentId?: string;
  readonly entryId?: string;
  /** Entry dates, both ends included. */
  readonly from?: CalendarDate;
  readonly to?: CalendarDate;
}

/** A line of `tributary journal`. One of debit and credit is zero; base amounts are in the entity's base currency. */
export interface JournalLineWire {
  readonly entryId: string;
  readonly position: number;
  readonly date: CalendarDate;
  readonly kind: JournalEntryKind;
  readonly account: string;
  readonly accountName: string;
  readonly debit: string;
  readonly credit: string;
  readonly currency: string;
  readonly baseDebit: string;
  readonly baseCredit: string;
  readonly baseCurrency: string;
  readonly documentId: string | null;
  readonly documentNumber: string | null;
  readonly description: string;
  readonly entityId: string;
  readonly reversesEntryId: string | null;
  readonly reversedByEntryId: string | null;
}

interface JournalLineRow {
  readonly entry_id: string;
  readonly position: number;
  readonly entry_date: CalendarDate;
  readonly kind: JournalEntryKind;
  readonly account_number: string;
  readonly account_name: string;
  readonly debit_minor: string;
  readonly credit_minor: string;
  readonly currency: string;
  readonly base_debit_minor: string;
  readonly base_credit_minor: string;
  readonly base_currency: string;
  readonly document_id: string | null;
  readonly document_number: string | null;
  readonly description: string;
  readonly entity_id: string;
  readonly reverses_entry_id: string | null;
  readonly reversed_by_entry_id: string | null;
}

function toWire(row: JournalLineRow): JournalLineWire {
  const { currency, base_currency: baseCurrency } = row;
  return {
    entryId: row.entry_id,
    position: row.position,
    date: row.entry_date,
    kind: row.kind,
    account: row.account_number,
    accountName: row.account_name,
    debit: formatMinor(BigInt(row.debit_minor), currency),
    credit: formatMinor(BigInt(row.credit_minor), currency),
    currency,
    baseDebit: formatMinor(BigInt(row.base_debit_minor), baseCurrency),
    baseCredit: formatMinor(BigInt(row.base_credit_minor), baseCurrency),
    baseCurrency,
    documentId: row.document_id,
    documentNumber: row.document_number,
    description: row.description,
    entityId: row.entity_id,
    reversesEntryId: row.reverses_entry_id,
    reversedByEntryId: row.reversed_by_entry_id,
  };
}

/** A page of journal lines, newest entries first, the lines of an entry in their order. Errors: `invalid_request` (limit, cursor). */
export async function listJournal(
  tx: Transaction,
  filter: JournalFilter,
  page: PageRequest = {},
): Promise<Page<JournalLineWire>> {
  const limit = checkLimit(page.limit);
  const after = decodeCursor(page.after, 'journal', ['date', 'uuid', 'integer']);
  const rows = await tx.query<JournalLineRow>(
    `SELECT l.entry_id, l.position, e.entry_date, e.kind, a.number AS account_number, a.name AS account_name, l.debit_minor,
       l.credit_minor, l.currency, l.base_debit_minor, l.base_credit_minor, n.base_currency, e.document_id,
       d.number AS document_number, e.description, e.entity_id, e.reverses_entry_id,
       (SELECT v.id FROM journal_entries v WHERE v.reverses_entry_id = e.id) AS reversed_by_entry_id
     FROM journal_entries e
     JOIN journal_lines l ON l.entry_id = e.id
     JOIN accounts a ON a.id = l.account_id
     JOIN entities n ON n.id = e.entity_id
     LEFT JOIN documents d ON d.id = e.document_id
     WHERE ($1::uuid IS NULL OR e.entity_id = $1::uuid)
       AND ($2::uuid IS NULL OR l.account_id = $2::uuid)
       AND ($3::uuid IS NULL OR e.document_id = $3::uuid)
       AND ($4::uuid IS NULL OR e.id = $4::uuid)
       AND ($5::date IS NULL OR e.entry_date >= $5::date)
       AND ($6::date IS NULL OR e.entry_date <= $6::date)
       AND ($8::uuid IS NULL OR (e.entry_date, e.id) <= ($7::date, $8::uuid))
       AND ($8::uuid IS NULL OR (e.entry_date, e.id) < ($7::date, $8::uuid) OR l.position > $9::integer)
     ORDER BY e.entry_date DESC, e.id DESC, l.position
     LIMIT $10::integer`,
    [
      filter.entityId ?? null,
      filter.accountId ?? null,
      filter.documentId ?? null,
      filter.entryId ?? null,
      filter.from ?? null,
      filter.to ?? null,
      after?.[0] ?? null,
      after?.[1] ?? null,
      after?.[2] ?? null,
      limit + 1,
    ],
  );
  const { data, next } = toPage(rows, limit, 'journal', (row) => [
    row.entry_date,
    row.entry_id,
    row.position,
  ]);
  return { data: data.map(toWire), next };
}

/** The entries that belong to a document, oldest first: its posting and its reversal. */
export async function listDocumentEntryIds(tx: Transaction, documentId: string): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(
    'SELECT e.id FROM journal_entries e WHERE e.document_id = $1::uuid ORDER BY e.created_at, e.id',
    [documentId],
  );
  return rows.map((row) => row.id);
}
