import type { Transaction } from './transaction.ts';

/** Below this size any plan is good: what a table of 1 MB costs to read whole is a millisecond or two. */
const bytesMin = 1_048_576;
/** How much a table grows between two looks at it: the planner scales what it knows by a table's size, and mixtures change slowly. */
const growthMin = 4;
/** 300 rows are read for each step: 1,500 rows tell which columns have few values, in 20 to 40 ms a table; PostgreSQL's 100 take seconds. */
const statisticsTarget = 5;

/**
 * Looks at the rows of tables that have grown a good deal since this was done last (ANALYZE), for the planner. A PostgreSQL server does
 * so by itself; the embedded store has no process beside its one session. Without it the planner takes a type of record for three rows
 * among a hundred thousand and reads all of them for each batch of a sync. Returns the names of the tables.
 */
export async function refreshPlannerStatistics(tx: Transaction): Promise<string[]> {
  const grown = await tx.query<{ name: string }>(
    `SELECT c.oid::regclass::text AS name FROM pg_class c
     WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace
       AND pg_relation_size(c.oid) > greatest($1::bigint, $2::bigint * c.relpages * current_setting('block_size')::bigint)
     ORDER BY 1`,
    [bytesMin, growthMin],
  );
  const names = grown.map(({ name }) => name);
  if (names.length > 0) {
    await tx.execute(`SET LOCAL default_statistics_target = ${statisticsTarget}`);
    await tx.execute(`ANALYZE ${names.join(', ')}`);
  }
  return names;
}
