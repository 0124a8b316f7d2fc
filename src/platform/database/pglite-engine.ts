import { PGlite, type Results, type Transaction as PgliteTransaction } from '@electric-sql/pglite';
import { columnParsers } from './column-values.ts';
import { toStoreError } from './database-errors.ts';
import type { Engine, Session } from './engine.ts';
import { serializeParameters } from './parameters.ts';
import { panicIn, stopAfterPanic, toStartError } from './pglite-failure.ts';
import { refreshPlannerStatistics } from './planner-statistics.ts';

/** Opened in memory: for tests and for building templates; gone with the process. */
export const inMemory = 'memory://';

/**
 * PGlite is shipped with fsync off (`-F`). Without it, and with a WAL that is opened for synchronous writes, an acknowledged
 * transaction survives a kill -9. 64 MB of buffers instead of 128: the embedded store is for small machines.
 */
const startParams: readonly string[] = [
  ...PGlite.defaultStartParams.filter((parameter) => parameter !== '-F'),
  ...settings({
    wal_sync_method: 'open_datasync',
    shared_buffers: '64MB',
    // A transaction that fills the WAL's buffers writes them out page by page, each a synchronous write: with the 2 MB that 64 MB of
    // shared buffers give, a batch of 12,000 rows in one transaction took twice the time of the same rows in 25.
    wal_buffers: '16MB',
    TimeZone: 'UTC',
    DateStyle: 'ISO',
    // Temporary tables must not stand in front of ours.
    search_path: 'public,pg_temp',
  }),
];

/** In memory nothing can be made durable, and less memory lets more tests run beside each other. */
const startParamsInMemory: readonly string[] = [...startParams, ...settings({ shared_buffers: '16MB' })];

function settings(values: Readonly<Record<string, string>>): string[] {
  return Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

/** To see that no table has grown takes 3 ms; a sync of 10,000 deals has some 150 transactions. */
const transactionsPerRefresh = 20;

export interface PgliteEngine extends Engine {
  readonly kind: 'pglite';
  /** The data folder as an uncompressed tar file, for a template. Nothing else may run meanwhile. */
  dump(): Promise<Uint8Array>;
}

/**
 * The embedded store. It has one session: transactions wait for each other in the order in which they came.
 * @param folder where the data is, or `memory://`. The caller holds the lock on it: two processes on one folder lose rows.
 * @param template a dump to start from; only for a folder that is empty.
 */
export async function openPgliteEngine(
  folder: string,
  template?: Uint8Array<ArrayBuffer>,
): Promise<PgliteEngine> {
  const { pglite, hasStopped } = await createPglite(folder, template);
  // Both stores read and write values by one table of ours; PGlite's own would also differ from node-postgres.
  pglite.parsers = Object.fromEntries(columnParsers);
  pglite.serializers = {};
  let transactions = 0;
  return {
    kind: 'pglite',
    transaction: (prelude, work) => {
      transactions += 1;
      // Queued in front of this one and not waited for; what hinders it shows itself at the next statement.
      if (transactions % transactionsPerRefresh === 0)
        void runTransaction(pglite, '', refreshPlannerStatistics).catch(() => undefined);
      return runTransaction(pglite, prelude, work);
    },
    dump: async () => {
      await pglite.exec('CHECKPOINT');
      return new Uint8Array(await (await pglite.dumpDataDir('none')).arrayBuffer());
    },
    close: async () => {
      if (!hasStopped()) await pglite.close();
    },
  };
}

async function runTransaction<T>(
  pglite: PGlite,
  prelude: string,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  // What `work` throws goes through as it is: only the statements of the transaction itself are looked at here.
  let thrownByWork: unknown;
  try {
    return await pglite.transaction(async (transaction) => {
      if (prelude !== '') await transaction.exec(prelude);
      try {
        return await work(toSession(transaction));
      } catch (error) {
        thrownByWork = error;
        throw error;
      }
    });
  } catch (error) {
    throw error === thrownByWork ? error : toStoreError(error);
  }
}

/**
 * A dump in the form that PGlite takes; a Blob of Node's would copy its 42 MB three times, in half a second. PGlite keeps it as long as
 * it lives and reads it once: from then on it is empty.
 */
class DumpBlob extends Blob {
  #dump: Uint8Array<ArrayBuffer>;

  constructor(dump: Uint8Array<ArrayBuffer>) {
    super();
    this.#dump = dump;
  }

  override async arrayBuffer(): Promise<ArrayBuffer> {
    const { buffer, byteOffset, byteLength } = this.#dump;
    this.#dump = new Uint8Array();
    return byteLength === buffer.byteLength ? buffer : buffer.slice(byteOffset, byteOffset + byteLength);
  }
}

/** PostgreSQL prints why it does not start; the exception alone says only that it has not. */
const printedLinesMax = 5;

interface RunningPglite {
  readonly pglite: PGlite;
  /** After a PANIC: nothing can be asked of it any more, not even to close. */
  readonly hasStopped: () => boolean;
}

async function createPglite(
  folder: string,
  template: Uint8Array<ArrayBuffer> | undefined,
): Promise<RunningPglite> {
  const printed: string[] = [];
  let running: PGlite | undefined;
  let stopped = false;
  const onStderr = (line: string): boolean => {
    printed.push(line);
    if (printed.length > printedLinesMax) printed.shift();
    const panic = panicIn(line);
    if (running && panic !== null) {
      stopAfterPanic(running, panic);
      stopped = true;
    }
    return false;
  };
  try {
    running = await PGlite.create(folder, {
      startParams: [...(folder === inMemory ? startParamsInMemory : startParams)],
      onStderr,
      ...(template ? { loadDataDir: new DumpBlob(template) } : {}),
    });
    return { pglite: running, hasStopped: () => stopped };
  } catch (error) {
    throw toStartError(error, folder, printed);
  }
}

async function driverCall<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw toStoreError(error);
  }
}

function toSession(transaction: PgliteTransaction): Session {
  const run = <Row>(sql: string, parameters: readonly unknown[]): Promise<Results<Row>> =>
    driverCall(() => transaction.query<Row>(sql, serializeParameters(parameters)));
  return {
    query: async <Row extends object>(sql: string, parameters: readonly unknown[] = []) =>
      (await run<Row>(sql, parameters)).rows,
    execute: async (sql, parameters = []) => (await run(sql, parameters)).affectedRows ?? 0,
    runScript: async (sql) => {
      await driverCall(() => transaction.exec(sql));
    },
  };
}
