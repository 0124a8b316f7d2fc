import type { CalendarDate } from '../kernel/dates.ts';
import type { AuditContext } from '../platform/audit/audit-store.ts';
import type { Transaction } from '../platform/database/database.ts';
import { recordJournalEntries } from './audit/journal-digests.ts';
import type { EntityScope } from './entity-scope.ts';
import { assertPeriodTakes, holdPeriods, isInClosedPeriod } from './periods/period-gate.ts';

export const journalEntryKinds = [
  'document',
  'reversal',
  'manual',
  'receipt',
  'refund',
  'settlement',
  'revaluation',
  'closing',
  'recognition',
] as const;
export type JournalEntryKind = (typeof journalEntryKinds)[number];

/** One side of an entry: positive amounts are debits, negative ones credits, in minor units of the currency and of the base. */
export interface NewJournalLine {
  readonly accountId: string;
  readonly currency: string;
  readonly amountMinor: bigint;
  readonly baseMinor: bigint;
  /** The document whose receivable or payable the line is; absent on every other line. */
  readonly documentId?: string | null;
}

export interface NewJournalEntry {
  readonly id: string;
  readonly entityId: string;
  readonly date: CalendarDate;
  readonly kind: JournalEntryKind;
  readonly description: string;
  readonly documentId: string | null;
  readonly reversesEntryId: string | null;
  /** A manual entry that is meant for a closed period; whoever posts it may configure. Absent: no. */
  readonly adjusting?: boolean;
  readonly lines: readonly NewJournalLine[];
}

const debit = (amountMinor: bigint): string => (amountMinor > 0n ? amountMinor : 0n).toString();
const credit = (amountMinor: bigint): string => (amountMinor < 0n ? -amountMinor : 0n).toString();

/**
 * Appends entries with their lines, and the digest of each to the audit trail, in as many statements whatever the number. The database
 * refuses an entry that does not balance in each currency and in the base, has no lines, or is added to later. The periods of the
 * entries stay as they are until the transaction ends. Errors, with nothing written: `unknown_period`, `locked_period`.
 */
export async function insertJournalEntries(
  tx: Transaction,
  context: AuditContext,
  entries: readonly NewJournalEntry[],
): Promise<void> {
  if (entries.length === 0) return;
  await assertPeriodsTake(tx, context, entries);
  await tx.execute(
    `INSERT INTO journal_entries (organization_id, created_by, id, entity_id, entry_date, kind, description, document_id,
       reverses_entry_id, adjusting)
     SELECT $1::uuid, $2::text, r.id, r.entity_id, r.entry_date, r.kind, r.description, r.document_id, r.reverses_entry_id, r.adjusting
     FROM unnest($3::uuid[], $4::uuid[], $5::date[], $6::text[], $7::text[], $8::uuid[], $9::uuid[], $10::boolean[])
       AS r (id, entity_id, entry_date, kind, description, document_id, reverses_entry_id, adjusting)`,
    [
      context.organizationId,
      context.actor,
      entries.map((entry) => entry.id),
      entries.map((entry) => entry.entityId),
      entries.map((entry) => entry.date),
      entries.map((entry) => entry.kind),
      entries.map((entry) => entry.description),
      entries.map((entry) => entry.documentId),
      entries.map((entry) => entry.reversesEntryId),
      entries.map((entry) => entry.adjusting ?? false),
    ],
  );
  const lines = entries.flatMap((entry) =>
    entry.lines.map((line, index) => ({ line, entry, position: index + 1 })),
  );
  await tx.execute(
    `INSERT INTO journal_lines (organization_id, entry_id, position, account_id, currency, debit_minor, credit_minor,
       base_debit_minor, base_credit_minor, document_id, entry_date)
     SELECT $1::uuid, r.entry_id, r.position, r.account_id, r.currency, r.debit_minor, r.credit_minor, r.base_debit_minor,
       r.base_credit_minor, r.document_id, r.entry_date
     FROM unnest($2::uuid[], $3::integer[], $4::uuid[], $5::text[], $6::bigint[], $7::bigint[], $8::bigint[], $9::bigint[], $10::uuid[],
         $11::date[])
       AS r (entry_id, position, account_id, currency, debit_minor, credit_minor, base_debit_minor, base_credit_minor, document_id, entry_date)`,
    [
      context.organizationId,
      lines.map(({ entry }) => entry.id),
      lines.map(({ position }) => position),
      lines.map(({ line }) => line.accountId),
      lines.map(({ line }) => line.currency),
      lines.map(({ line }) => debit(line.amountMinor)),
      lines.map(({ line }) => credit(line.amountMinor)),
      lines.map(({ line }) => debit(line.baseMinor)),
      lines.map(({ line }) => credit(line.baseMinor)),
      lines.map(({ line }) => line.documentId ?? null),
      lines.map(({ entry }) => entry.date),
    ],
  );
  await recordJournalEntries(
    tx,
    context,
    entries.map((entry) => entry.id),
  );
}

/** What a reversal takes back is looked up only where it counts. */
async function assertPeriodsTake(
  tx: Transaction,
  context: AuditContext,
  entries: readonly NewJournalEntry[],
): Promise<void> {
  const held = await holdPeriods(tx, entries, context);
  // A revaluation comes together with its reversal: what that takes back is not in the journal yet.
  const kinds = new Map<string, string>(entries.map(({ id, kind }) => [id, kind]));
  const reversed = entries
    .filter((entry) => entry.reversesEntryId !== null && isInClosedPeriod(held, entry))
    .map(({ reversesEntryId }) => reversesEntryId ?? '')
    .filter((id) => !kinds.has(id));
  if (reversed.length > 0) for (const [id, kind] of await readEntryKinds(tx, reversed)) kinds.set(id, kind);
  for (const entry of entries) {
    assertPeriodTakes(held, { ...entry, reversedKind: kinds.get(entry.reversesEntryId ?? '') });
  }
}

async function readEntryKinds(tx: Transaction, entryIds: readonly string[]): Promise<Map<string, string>> {
  const rows = await tx.query<{ id: string; kind: string }>(
    'SELECT e.id, e.kind FROM journal_entries e WHERE e.id = ANY ($1::uuid[])',
    [entryIds],
  );
  return new Map(rows.map((row) => [row.id, row.kind]));
}

/** An entry that is to be reversed, and its lines. */
export interface ReversibleEntry {
  readonly id: string;
  readonly entityId: string;
  readonly date: CalendarDate;
  readonly kind: JournalEntryKind;
  readonly description: string;
  readonly documentId: string | null;
  readonly reversed: boolean;
  readonly lines: readonly NewJournalLine[];
}

interface ReversibleLineRow {
  readonly id: string;
  readonly entity_id: string;
  readonly entry_date: CalendarDate;
  readonly kind: JournalEntryKind;
  readonly description: string;
  readonly document_id: string | null;
  readonly reversed: boolean;
  readonly account_id: string;
  readonly currency: string;
  readonly amount_minor: string;
  readonly base_minor: string;
  readonly line_document_id: string | null;
}

const reversibleColumns = `e.id, e.entity_id, e.entry_date, e.kind, e.description, e.document_id,
  EXISTS (SELECT FROM journal_entries v WHERE v.reverses_entry_id = e.id) AS reversed,
  l.account_id, l.currency, l.debit_minor - l.credit_minor AS amount_minor, l.base_debit_minor - l.base_credit_minor AS base_minor,
  l.document_id AS line_document_id`;

function entriesFromRows(rows: readonly ReversibleLineRow[]): ReversibleEntry[] {
  const entries = new Map<string, ReversibleEntry & { lines: NewJournalLine[] }>();
  for (const row of rows) {
    const entry = entries.get(row.id) ?? {
      id: row.id,
      entityId: row.entity_id,
      date: row.entry_date,
      kind: row.kind,
      description: row.description,
      documentId: row.document_id,
      reversed: row.reversed,
      lines: [],
    };
    entry.lines.push({
      accountId: row.account_id,
      currency: row.currency,
      amountMinor: BigInt(row.amount_minor),
      baseMinor: BigInt(row.base_minor),
      documentId: row.line_document_id,
    });
    entries.set(row.id, entry);
  }
  return [...entries.values()];
}

/** The entries that posted these documents. */
export async function findPostingEntries(
  tx: Transaction,
  documentIds: readonly string[],
): Promise<ReversibleEntry[]> {
  if (documentIds.length === 0) return [];
  const rows = await tx.query<ReversibleLineRow>(
    `SELECT ${reversibleColumns}
     FROM journal_entries e JOIN journal_lines l ON l.entry_id = e.id
     WHERE e.document_id = ANY ($1::uuid[]) AND e.kind = 'document'
     ORDER BY e.id, l.position`,
    [documentIds],
  );
  return entriesFromRows(rows);
}

/** Entries of any entity by their ids, with their lines, in no order; unknown ids are left out. */
export async function findEntries(tx: Transaction, entryIds: readonly string[]): Promise<ReversibleEntry[]> {
  if (entryIds.length === 0) return [];
  const rows = await tx.query<ReversibleLineRow>(
    `SELECT ${reversibleColumns}
     FROM journal_entries e JOIN journal_lines l ON l.entry_id = e.id
     WHERE e.id = ANY ($1::uuid[])
     ORDER BY e.id, l.position`,
    [entryIds],
  );
  return entriesFromRows(rows);
}

/** One entry of this entity with its lines, or null. */
export async function findEntry(
  tx: Transaction,
  scope: EntityScope,
  entryId: string,
): Promise<ReversibleEntry | null> {
  const rows = await tx.query<ReversibleLineRow>(
    `SELECT ${reversibleColumns}
     FROM journal_entries e JOIN journal_lines l ON l.entry_id = e.id
     WHERE e.id = $2::uuid AND e.entity_id = $1::uuid
     ORDER BY l.position`,
    [scope.entityId, entryId],
  );
  return entriesFromRows(rows)[0] ?? null;
}

/** The opposite of an entry, on a day: every debit a credit and the other way round, at the rates of the entry. */
export function reversalOf(entry: ReversibleEntry, id: string, date: CalendarDate): NewJournalEntry {
  return {
    id,
    entityId: entry.entityId,
    date,
    kind: 'reversal',
    description: `Reversal: ${entry.description}`,
    documentId: entry.documentId,
    reversesEntryId: entry.id,
    lines: entry.lines.map((line) => ({
      ...line,
      amountMinor: -line.amountMinor,
      baseMinor: -line.baseMinor,
    })),
  };
}
