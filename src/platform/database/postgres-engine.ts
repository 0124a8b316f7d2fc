import pg from 'pg';
import { TributaryError } from '../../kernel/errors.ts';
import { columnParser } from './column-values.ts';
import type { DatabaseLogger } from './database-logger.ts';
import { toStoreError } from './database-errors.ts';
import type { Engine, Session } from './engine.ts';
import { serializeParameters } from './parameters.ts';

/** PostgreSQL 14 is the oldest version that its makers still mended when this was written. */
const serverVersionMin = 140_000;

/**
 * PostgreSQL allows 100 connections unless configured otherwise, some kept for its own use: eight processes fit. A request
 * beyond that waits in the pool.
 */
const connectionsMax = 12;

/** Longer than any statement here should take; what runs longer has lost its index, and holds locks that others wait for. */
const statementTimeoutMs = 120_000;

/** A transaction that is forgotten while it is open blocks others and the vacuum; our pauses inside one are milliseconds. */
const idleInTransactionTimeoutMs = 60_000;

/** A free connection of the pool, or a new one, comes within this, or the caller gets `store_unavailable`. */
const connectTimeoutMs = 10_000;

export interface PostgresOptions {
  readonly databaseUrl: string;
  readonly logger: DatabaseLogger | undefined;
}

/**
 * A pool of connections to PostgreSQL.
 * @throws `store_unavailable` when it cannot be reached or is too old.
 */
export async function openPostgresEngine({ databaseUrl, logger }: PostgresOptions): Promise<Engine> {
  const pool = createPool(databaseUrl);
  // Without a listener the loss of an idle connection would end the process; the pool replaces it by itself.
  pool.on('error', (error) => logger?.warn({ err: error }, 'idle database connection lost'));
  // The same for a connection in use: the statement that waits for it fails by itself.
  pool.on('connect', (client) => client.on('error', () => {}));
  try {
    await checkServer(pool);
  } catch (error) {
    await pool.end();
    throw toStoreError(error);
  }
  return {
    kind: 'postgres',
    transaction: (prelude, work) => runTransaction(pool, prelude, work),
    close: () => pool.end(),
  };
}

function createPool(databaseUrl: string): pg.Pool {
  try {
    return new pg.Pool({
      connectionString: databaseUrl,
      application_name: 'tributary',
      max: connectionsMax,
      connectionTimeoutMillis: connectTimeoutMs,
      keepAlive: true,
      types: { getTypeParser: (type: number) => columnParser(type) },
      // oxlint-disable-next-line typescript/no-misused-promises -- the pool awaits it; its types do not say so yet
      onConnect: prepareConnection,
    });
  } catch (cause) {
    // The message of the URL parser may quote the URL with its password.
    throw new TributaryError('store_unavailable', 'DATABASE_URL is not a PostgreSQL URL.', { cause });
  }
}

/**
 * Set by a statement and not by the connection's options: a URL may have options of its own, and a pooler in between refuses
 * them. The search path is fixed because `"$user"` would mean another schema once the role is changed.
 */
async function prepareConnection(client: pg.ClientBase): Promise<void> {
  await client.query(
    `SELECT set_config('TimeZone', 'UTC', false), set_config('DateStyle', 'ISO', false),
       -- Compiling a statement takes longer than it saves on what is asked here: 150 ms where 10 were needed.
       set_config('jit', 'off', false),
       set_config('statement_timeout', '${statementTimeoutMs}', false),
       set_config('idle_in_transaction_session_timeout', '${idleInTransactionTimeoutMs}', false),
       set_config('search_path', quote_ident(coalesce(current_schema()::text, 'public')) || ', pg_temp', false)`,
  );
}

async function checkServer(pool: pg.Pool): Promise<void> {
  const { rows } = await pool.query<{ number: number; text: string; encoding: string }>(
    `SELECT current_setting('server_version_num')::integer AS number, current_setting('server_version') AS text,
       current_setting('server_encoding') AS encoding`,
  );
  const server = rows[0];
  if (!server || server.number < serverVersionMin)
    throw new TributaryError(
      'store_unavailable',
      `This is PostgreSQL ${server?.text ?? '?'}; version 14 or newer is needed.`,
    );
  if (server.encoding !== 'UTF8')
    throw new TributaryError(
      'store_unavailable',
      `The database's encoding is ${server.encoding}; create one with ENCODING 'UTF8'.`,
    );
}

async function runTransaction<T>(
  pool: pg.Pool,
  prelude: string,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const client = await driverCall(() => pool.connect());
  // A connection whose transaction could not be ended is not given to anybody else.
  let broken = true;
  try {
    await driverCall(() => client.query(`BEGIN; ${prelude}`));
    let result: T;
    try {
      result = await work(toSession(client));
    } catch (error) {
      broken = await client.query('ROLLBACK').then(
        () => false,
        () => true,
      );
      throw error;
    }
    const { command } = await driverCall(() => client.query('COMMIT'));
    broken = false;
    // PostgreSQL answers COMMIT with ROLLBACK when a statement had failed and `work` swallowed the error.
    if (command !== 'COMMIT')
      throw new Error('The transaction was rolled back: one of its statements had failed.');
    return result;
  } finally {
    client.release(broken);
  }
}

async function driverCall<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw toStoreError(error);
  }
}

/** What a statement does to rows; the tag of every other one counts rows that were read, or none. */
const writingCommands = new Set(['INSERT', 'UPDATE', 'DELETE', 'MERGE']);

/**
 * Without parameters the driver would use the simple protocol, which takes several statements in one text, and lets an
 * injected one append its own. Its types do not know the option yet.
 */
interface ExtendedQuery extends pg.QueryConfig {
  readonly queryMode: 'extended';
}

function toSession(client: pg.PoolClient): Session {
  const run = <Row extends pg.QueryResultRow>(sql: string, parameters: readonly unknown[]) => {
    const values = serializeParameters(parameters);
    const statement: ExtendedQuery = { text: sql, values, queryMode: 'extended' };
    return driverCall(() => client.query<Row>(statement));
  };
  return {
    query: async <Row extends object>(sql: string, parameters: readonly unknown[] = []) =>
      (await run<Row>(sql, parameters)).rows,
    execute: async (sql, parameters = []) => {
      const { command, rowCount } = await run(sql, parameters);
      return writingCommands.has(command) ? (rowCount ?? 0) : 0;
    },
    runScript: async (sql) => {
      await driverCall(() => client.query(sql));
    },
  };
}
