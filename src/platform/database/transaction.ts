/**
 * Statements inside one transaction; the same on the embedded store and on PostgreSQL.
 *
 * Parameters are `$1`, `$2`, …: text, number, bigint, boolean, Date or null. An array of these goes to a parameter cast as
 * `::text[]`, `::uuid[]`, … A `jsonb` value is passed as `JSON.stringify`'d text with a `::jsonb` cast.
 *
 * Columns come back as: int8, numeric and date as text; timestamptz as RFC 3339 in UTC with three decimals, six where the
 * microseconds say more; bool as boolean; int2, int4, float4 and float8 as number; json and jsonb parsed; arrays of all
 * these as arrays; everything else (uuid, text, xid8 …) as text.
 *
 * Statements of one transaction run one after the other, also when they are started together.
 */
export interface Transaction {
  /**
   * The rows of one statement.
   * @throws the driver's error with its SQLSTATE in `code` (see database-errors.ts); `store_unavailable` when the connection is lost.
   */
  query<Row extends object = Record<string, unknown>>(
    sql: string,
    parameters?: readonly unknown[],
  ): Promise<Row[]>;
  /** Number of rows that the statement inserted, updated or deleted; 0 for every other statement. */
  execute(sql: string, parameters?: readonly unknown[]): Promise<number>;
}

export interface TransactionOptions {
  /**
   * How often `work` is run at the most when PostgreSQL ends its transaction because of a deadlock or a serialization
   * failure. 1 unless given: `work` must be safe to repeat, so nothing that it did outside the transaction may count twice.
   */
  readonly attemptsMax?: number;
}
