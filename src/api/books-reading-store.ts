import type { CalendarDate } from '../kernel/dates.ts';
import type { AccountOverrides } from '../ledger/account-roles.ts';
import type { Transaction } from '../platform/database/database.ts';

/** Part of what stands in a customer or an item; null: all. The conditions are those of the ledger's lists. */
export interface CountFilter {
  readonly entityId: string | null;
  readonly text: string | null;
}

export interface CustomerCountFilter extends CountFilter {
  readonly normalizedName: string | null;
  readonly active: boolean | null;
}

/** How many customers the ledger's `listCustomers` would list without a limit. */
export async function countCustomers(tx: Transaction, filter: CustomerCountFilter): Promise<number> {
  return count(
    tx,
    `SELECT count(*)::integer AS total FROM customers c
     WHERE ($1::uuid IS NULL OR c.entity_id = $1::uuid)
       AND ($2::text IS NULL OR strpos(lower(concat_ws(' ', c.name, c.email, c.external_id)), lower($2::text)) > 0)
       AND ($3::text IS NULL OR c.normalized_name = $3::text)
       AND ($4::boolean IS NULL OR c.active = $4::boolean)`,
    [filter.entityId, filter.text, filter.normalizedName, filter.active],
  );
}

/** How many items the ledger's `listItems` would list without a limit. */
export async function countItems(tx: Transaction, filter: CountFilter): Promise<number> {
  return count(
    tx,
    `SELECT count(*)::integer AS total FROM items i
     WHERE ($1::uuid IS NULL OR i.entity_id = $1::uuid)
       AND ($2::text IS NULL OR strpos(lower(concat_ws(' ', i.sku, i.name, i.description)), lower($2::text)) > 0)`,
    [filter.entityId, filter.text],
  );
}

/** How many lines the ledger's `listJournal` would list without a limit. */
export async function countJournalLines(
  tx: Transaction,
  filter: {
    readonly entityId: string | null;
    readonly accountId: string | null;
    readonly documentId: string | null;
    readonly from: CalendarDate | null;
    readonly to: CalendarDate | null;
  },
): Promise<number> {
  return count(
    tx,
    `SELECT count(*)::integer AS total
     FROM journal_lines l JOIN accounts a ON a.id = l.account_id
     WHERE ($1::uuid IS NULL OR a.entity_id = $1::uuid)
       AND ($2::uuid IS NULL OR l.account_id = $2::uuid)
       AND ($3::uuid IS NULL OR l.entry_id IN (SELECT e.id FROM journal_entries e WHERE e.document_id = $3::uuid))
       AND ($4::date IS NULL OR l.entry_date >= $4::date)
       AND ($5::date IS NULL OR l.entry_date <= $5::date)`,
    [filter.entityId, filter.accountId, filter.documentId, filter.from, filter.to],
  );
}

async function count(tx: Transaction, sql: string, parameters: readonly unknown[]): Promise<number> {
  const [row] = await tx.query<{ total: number }>(sql, parameters);
  return row?.total ?? 0;
}

/** What a document on the wire says besides the document itself. */
export interface DocumentSurroundings {
  readonly mode: 'live' | 'test';
  readonly journalEntryIds: readonly string[];
}

/** By document id. The mode is that of the entity whose books it stands in. */
export async function readDocumentSurroundings(
  tx: Transaction,
  documentIds: readonly string[],
): Promise<ReadonlyMap<string, DocumentSurroundings>> {
  if (documentIds.length === 0) return new Map();
  const rows = await tx.query<{ id: string; mode: 'live' | 'test'; entry_ids: string[] }>(
    `SELECT d.id, n.mode,
       ARRAY(SELECT e.id FROM journal_entries e WHERE e.document_id = d.id ORDER BY e.created_at, e.id) AS entry_ids
     FROM documents d JOIN entities n ON n.id = d.entity_id
     WHERE d.id = ANY ($1::uuid[])`,
    [documentIds],
  );
  return new Map(rows.map((row) => [row.id, { mode: row.mode, journalEntryIds: row.entry_ids }]));
}

/** `accounts` of the newest configuration of each connection that these documents came from, by connection id. */
export async function readAccountOverrides(
  tx: Transaction,
  documentIds: readonly string[],
): Promise<ReadonlyMap<string, AccountOverrides>> {
  const rows = await tx.query<{ connection_id: string; accounts: AccountOverrides | null }>(
    `SELECT DISTINCT ON (c.connection_id) c.connection_id, c.settings -> 'accounts' AS accounts
     FROM configurations c
     WHERE c.connection_id IN (SELECT d.connection_id FROM documents d WHERE d.id = ANY ($1::uuid[]))
     ORDER BY c.connection_id, c.version DESC`,
    [documentIds],
  );
  return new Map(rows.map((row) => [row.connection_id, row.accounts ?? {}]));
}
