import type { Database } from './database.ts';
import {
  listColumns,
  listConstraints,
  listFunctions,
  listIndexes,
  listPolicies,
  listTables,
  listTriggers,
} from './schema-store.ts';

/**
 * The schema as text: each table with its columns, constraints, indexes, policies and triggers, then the functions. Read from
 * the catalogue, so it says what the migrations have made of it all together; the same text on both stores. It is committed and
 * compared, so that a change of the schema is seen in review.
 */
export async function describeSchema(database: Database): Promise<string> {
  return database.withSystem(async (tx) => {
    const tables = await listTables(tx);
    const lines = [
      ...(await listColumns(tx)),
      ...(await listConstraints(tx)),
      ...(await listIndexes(tx)),
      ...(await listPolicies(tx)),
      ...(await listTriggers(tx)),
    ];
    const linesOf = new Map<string, string[]>();
    for (const { table, text } of lines) linesOf.set(table, [...(linesOf.get(table) ?? []), `  ${text}`]);
    const blocks = tables.map(({ table, text }) =>
      [`table ${table}${text === '' ? '' : ` (${text})`}`, ...(linesOf.get(table) ?? [])].join('\n'),
    );
    const functions = (await listFunctions(tx)).map((text) => text.trimEnd());
    return `${[...blocks, ...functions].join('\n\n')}\n`;
  });
}
