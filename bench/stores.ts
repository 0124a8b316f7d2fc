import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { type Database, openDatabase } from '../src/platform/database/database.ts';
import { refreshPlannerStatistics } from '../src/platform/database/planner-statistics.ts';
import { type CpuClock, ownCpuClock, serverCpuClock } from './cpu-time.ts';
import { startTemporaryPostgres } from '../test/support/start-postgres.ts';

export type StoreKind = Database['kind'];

/** A migrated, empty store of its own. */
export interface BenchStore {
  readonly database: Database;
  /** What a store does by itself after a while: statistics for the planner and, on PostgreSQL, what autovacuum does. */
  readonly settle: () => Promise<void>;
  /** Closes it and gives its place on the disk back. */
  readonly remove: () => Promise<void>;
}

export interface BenchStores {
  readonly kind: StoreKind;
  readonly open: () => Promise<BenchStore>;
  readonly cpuClock: CpuClock;
  readonly close: () => Promise<void>;
}

/**
 * Embedded stores in a temporary folder, or databases on the PostgreSQL server of TRIBUTARY_TEST_POSTGRES; without that, on one that is
 * started for the benchmark with the settings of the tests (fsync off, 64 MB of shared buffers).
 */
export async function openStores(kind: StoreKind): Promise<BenchStores> {
  return kind === 'pglite' ? openEmbeddedStores() : openPostgresStores();
}

async function openEmbeddedStores(): Promise<BenchStores> {
  const folder = await mkdtemp(join(tmpdir(), 'tributary-bench-'));
  let stores = 0;
  return {
    kind: 'pglite',
    cpuClock: ownCpuClock,
    open: async () => {
      stores += 1;
      const dataDir = join(folder, `data-${stores}`);
      const database = await openDatabase({ dataDir });
      return {
        database,
        settle: async () => {
          await database.withSystem(refreshPlannerStatistics);
        },
        remove: async () => {
          await database.close();
          await rm(dataDir, { recursive: true, force: true });
        },
      };
    },
    close: () => rm(folder, { recursive: true, force: true }),
  };
}

async function readDataFolder(url: string): Promise<string> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ data_directory: string }>('SHOW data_directory');
    return rows[0]?.data_directory ?? '';
  } finally {
    await client.end();
  }
}

async function openPostgresStores(): Promise<BenchStores> {
  const given = process.env['TRIBUTARY_TEST_POSTGRES'];
  const started = given === undefined ? await startTemporaryPostgres() : { url: given, stop: async () => {} };
  if ('reason' in started) throw new Error(`There is no PostgreSQL to measure: ${started.reason}`);
  const run = async (databaseUrl: string, sql: string): Promise<void> => {
    const client = new pg.Client({ connectionString: databaseUrl });
    await client.connect();
    try {
      await client.query(sql);
    } finally {
      await client.end();
    }
  };
  return {
    kind: 'postgres',
    cpuClock: serverCpuClock(await readDataFolder(started.url)),
    open: async () => {
      const name = `tributary_bench_${randomUUID().replaceAll('-', '')}`;
      await run(started.url, `CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'UTF8'`);
      const url = new URL(started.url);
      url.pathname = `/${name}`;
      const databaseUrl = url.href;
      const database = await openDatabase({ dataDir: 'memory://', databaseUrl });
      return {
        database,
        settle: () => run(databaseUrl, 'VACUUM (ANALYZE)'),
        remove: async () => {
          await database.close();
          await run(started.url, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
        },
      };
    },
    close: () => started.stop(),
  };
}
