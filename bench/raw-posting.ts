import { groupBy } from '../src/ledger/group-by.ts';
import type { Database, Transaction } from '../src/platform/database/database.ts';
import { insertRows, readTables, rowsPerStatement, type TableCopy } from './raw-insert.ts';

/** What stands there before drafts are posted, in an order in which references hold. */
const tablesBefore = [
  'organizations',
  'entities',
  'fiscal_years',
  'fiscal_periods',
  'accounts',
  'account_roles',
  'exchange_rates',
  'customers',
  'items',
  'number_series',
  'documents',
  'document_lines',
] as const;

/** What posting writes into a document. */
const postedColumns = [
  'id',
  'status',
  'number',
  'exchange_rate',
  'posted_at',
  'posted_by',
  'version',
  'updated_at',
  'updated_by',
] as const;

export const readBeforePosting = (database: Database): Promise<TableCopy[]> =>
  readTables(database, tablesBefore);

/** The rows that posting wrote, in the order in which it did. */
export interface WrittenPostings {
  readonly entries: TableCopy;
  readonly lines: TableCopy;
  readonly documents: TableCopy;
  readonly auditEntries: TableCopy;
}

/** Of a store in which nothing was posted before. `lastAuditId`: the newest entry of the trail before the posting. */
export async function readWrittenPostings(database: Database, lastAuditId: string): Promise<WrittenPostings> {
  const [entries, lines, documents, auditEntries] = await readTables(database, [
    'journal_entries',
    'journal_lines',
    'documents',
    'audit_entries',
  ]);
  if (!entries || !lines || !documents || !auditEntries) throw new Error('A table was not read');
  const auditId = valueOf(auditEntries, 'id');
  const newAuditEntries = auditEntries.rows.filter((row) => BigInt(auditId(row)) > BigInt(lastAuditId));
  return {
    // The transaction is the one that writes it.
    entries: withColumns(
      entries,
      entries.columns.filter((name) => name !== 'transaction_id'),
    ),
    lines,
    documents: withColumns(documents, postedColumns),
    auditEntries: { ...auditEntries, rows: newAuditEntries },
  };
}

export const countWritten = ({ entries, lines, documents, auditEntries }: WrittenPostings): number =>
  [entries, lines, documents, auditEntries].reduce((sum, { rows }) => sum + rows.length, 0);

type Row = TableCopy['rows'][number];

function valueOf({ columns }: TableCopy, name: string): (row: Row) => string {
  const index = columns.indexOf(name);
  return (row) => String(row[index]);
}

function withColumns(copy: TableCopy, columns: readonly string[]): TableCopy {
  const places = columns.map((name) => copy.columns.indexOf(name));
  return {
    table: copy.table,
    columns,
    types: places.map((place) => copy.types[place] ?? ''),
    rows: copy.rows.map((row) => places.map((place) => row[place])),
  };
}

export async function insertBeforePosting(database: Database, copies: readonly TableCopy[]): Promise<void> {
  for (const copy of copies) {
    await database.withSystem(async (tx) => {
      for (const rows of slices(copy.rows)) await insertRows(copy, rows, execute(tx));
    });
  }
}

const execute =
  (tx: Transaction) =>
  (sql: string, values: unknown[][]): Promise<number> =>
    tx.execute(sql, values);

function slices<Value>(values: readonly Value[]): Value[][] {
  const found: Value[][] = [];
  for (let start = 0; start < values.length; start += rowsPerStatement)
    found.push(values.slice(start, start + rowsPerStatement));
  return found;
}

/**
 * The same rows into the same tables with their constraints, triggers and indexes: 500 documents a transaction under the request's role,
 * at most 500 rows a statement. Journal entries, lines (those of an entry in one statement, which has to balance), the
 * documents' new state and the audit trail. Returns milliseconds.
 */
export async function insertRawPostings(
  database: Database,
  organizationId: string,
  { entries, lines, documents, auditEntries }: WrittenPostings,
): Promise<number> {
  const entryId = valueOf(entries, 'id');
  const documentId = valueOf(documents, 'id');
  const postedId = valueOf(entries, 'document_id');
  const entryOf = new Map(entries.rows.map((row) => [postedId(row), row]));
  const linesOf = groupBy(lines.rows, valueOf(lines, 'entry_id'));
  const started = performance.now();
  let audited = 0;
  for (const batch of slices(documents.rows)) {
    await database.withOrganization(organizationId, async (tx) => {
      const run = execute(tx);
      const own = batch.map((row) => entryOf.get(documentId(row)) ?? []);
      await insertRows(entries, own, run);
      for (const rows of wholeEntries(own.map((row) => linesOf.get(entryId(row)) ?? [])))
        await insertRows(lines, rows, run);
      await updateDocuments(documents, batch, run);
      const auditEnd = Math.min(auditEntries.rows.length, audited + 2 * batch.length);
      for (const rows of slices(auditEntries.rows.slice(audited, auditEnd)))
        await insertRows(auditEntries, rows, run);
      audited = auditEnd;
    });
  }
  return performance.now() - started;
}

/** At most `rowsPerStatement` lines in each, and no entry divided. */
function wholeEntries(entries: readonly Row[][]): Row[][] {
  const groups: Row[][] = [];
  for (const rows of entries) {
    const last = groups.at(-1);
    if (last && last.length + rows.length <= rowsPerStatement) last.push(...rows);
    else groups.push([...rows]);
  }
  return groups;
}

async function updateDocuments(
  { columns, types }: TableCopy,
  rows: readonly Row[],
  run: (sql: string, values: unknown[][]) => Promise<number>,
): Promise<void> {
  const changed = columns.filter((name) => name !== 'id');
  const assignments = changed.map((name) => `${name} = r.${name}::${types[columns.indexOf(name)]}`);
  const unnested = columns.map((_, index) => `$${index + 1}::text[]`).join(', ');
  await run(
    `UPDATE documents d SET ${assignments.join(', ')} FROM unnest(${unnested}) AS r (${columns.join(', ')}) WHERE d.id = r.id::uuid`,
    columns.map((_, index) => rows.map((row) => row[index])),
  );
}
