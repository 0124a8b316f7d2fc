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
  'audit_entries',
  'run_records',
] as const;
/** What those rows point at: copied before the clock starts. */
const referencedTables = [
  'organizations',
  'entities',
  'accounts',
  'account_roles',
  'connections',
  'runs',
] as const;
export const rowsPerStatement = 500;

export interface TableCopy {
  readonly table: string;
  readonly columns: readonly string[];
  readonly types: readonly string[];
  readonly rows: readonly (readonly unknown[])[];
}

type Run = (sql: string, values: unknown[][]) => Promise<number>;

/** Reads what a sync wrote, and what it points at, as parameters of a raw insert. */
export async function readWrittenRows(
  database: Database,
): Promise<{ referenced: TableCopy[]; written: TableCopy[] }> {
  return {
    referenced: await readTables(database, referencedTables),
    written: await readTables(database, syncedTables),
  };
}

export async function readTables(database: Database, tables: readonly string[]): Promise<TableCopy[]> {
  const copies: TableCopy[] = [];
  for (const table of tables) copies.push(await readTable(database, table));
  return copies;
}

function readTable(database: Database, table: string): Promise<TableCopy> {
  return database.withSystem(async (tx) => {
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
  });
}

/**
 * The same rows into the same tables with their constraints, triggers and indexes, 500 a statement by unnest, each statement a
 * transaction under the request role. Into a fresh store: rows deleted before would make every unique check look at their remains.
 * Returns milliseconds.
 */
export async function insertRaw(
  database: Database,
  organizationId: string,
  copies: { referenced: readonly TableCopy[]; written: readonly TableCopy[] },
): Promise<number> {
  for (const copy of copies.referenced)
    await insertTable(copy, (sql, values) => database.withSystem((tx) => tx.execute(sql, values)));
  const started = performance.now();
  for (const copy of copies.written) {
    await insertTable(copy, (sql, values) =>
      database.withOrganization(organizationId, (tx) => tx.execute(sql, values)),
    );
  }
  return performance.now() - started;
}

async function insertTable(copy: TableCopy, run: Run): Promise<void> {
  for (let start = 0; start < copy.rows.length; start += rowsPerStatement)
    await insertRows(copy, copy.rows.slice(start, start + rowsPerStatement), run);
}

/** Inserts some rows of a table in one statement. */
export async function insertRows(
  { table, columns, types }: Omit<TableCopy, 'rows'>,
  rows: TableCopy['rows'],
  run: Run,
): Promise<void> {
  const select = columns.map((name, index) => `r.${name}::${types[index]}`).join(', ');
  const unnested = columns.map((_, index) => `$${index + 1}::text[]`).join(', ');
  await run(
    `INSERT INTO ${table} (${columns.join(', ')}) OVERRIDING SYSTEM VALUE SELECT ${select} FROM unnest(${unnested}) AS r (${columns.join(', ')})`,
    columns.map((_, index) => rows.map((row) => row[index])),
  );
}
