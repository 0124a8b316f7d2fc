import type { Database } from '../src/platform/database/database.ts';

/** Every table that a sync fills, in an order in which references hold. */
const syncedTables = [
  'source_records',
  'customers',
  'customer_contacts',
  'items',
  'sales_reps',
  'documents',
  'document_lines',
  'links',
  'run_records',
] as const;
const rowsPerStatement = 500;

interface TableCopy {
  readonly table: string;
  readonly columns: readonly string[];
  readonly types: readonly string[];
  readonly rows: readonly (readonly unknown[])[];
}

/** Reads what a sync wrote, as parameters of a raw insert. */
export async function readWrittenRows(database: Database): Promise<TableCopy[]> {
  const copies: TableCopy[] = [];
  for (const table of syncedTables) {
    copies.push(
      await database.withSystem(async (tx) => {
        const columns = await tx.query<{ name: string; type: string }>(
          `SELECT a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type FROM pg_attribute AS a
           WHERE a.attrelid = $1::regclass AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum`,
          [table],
        );
        // Arrays cannot be unnested beside scalars: they travel as text and are cast back.
        const list = columns.map(({ name }) => `${name}::text AS ${name}`).join(', ');
        const rows = await tx.query(`SELECT ${list} FROM ${table}`);
        return {
          table,
          columns: columns.map(({ name }) => name),
          types: columns.map(({ type }) => type),
          rows: rows.map((row) => columns.map(({ name }) => row[name])),
        };
      }),
    );
  }
  return copies;
}

/** The same rows into the same tables with their constraints, triggers and indexes, 500 a statement by unnest. Returns milliseconds. */
export async function insertRaw(
  database: Database,
  organizationId: string,
  copies: readonly TableCopy[],
): Promise<number> {
  await database.withSystem(async (tx) => {
    for (const { table } of [...copies].reverse()) await tx.execute(`DELETE FROM ${table}`);
  });
  const started = performance.now();
  // Batch by batch over all tables, as a sync would write them: a document's lines in the batch of the document.
  for (const { table, columns, types, rows } of copies) {
    for (let start = 0; start < rows.length; start += rowsPerStatement) {
      const batch = rows.slice(start, start + rowsPerStatement);
      const select = columns.map((name, index) => `r.${name}::${types[index]}`).join(', ');
      const unnested = columns.map((_, index) => `$${index + 1}::text[]`).join(', ');
      await database.withOrganization(organizationId, (tx) =>
        tx.execute(
          `INSERT INTO ${table} (${columns.join(', ')}) SELECT ${select} FROM unnest(${unnested}) AS r (${columns.join(', ')})`,
          columns.map((_, index) => batch.map((row) => row[index])),
        ),
      );
    }
  }
  return performance.now() - started;
}
