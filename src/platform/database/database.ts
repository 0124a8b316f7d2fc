import { AsyncLocalStorage } from 'node:async_hooks';
import { fileURLToPath } from 'node:url';
import { assert } from '../../kernel/assert.ts';
import type { DatabaseLogger } from './database-logger.ts';
import { isTransactionConflict } from './database-errors.ts';
import type { Engine, Session } from './engine.ts';
import { isMigrated, migrate } from './migrate.ts';
import { type Migration, readMigrations } from './migrations.ts';
import { openEmbeddedStore } from './embedded-store.ts';
import { openPostgresEngine } from './postgres-engine.ts';
import { enterOrganization } from './request-role.ts';
import { StatementQueue } from './statement-queue.ts';
import { defaultTemplateFolder } from './template.ts';
import type { Transaction, TransactionOptions } from './transaction.ts';

export type { Transaction, TransactionOptions } from './transaction.ts';

/** The store: PGlite in the data folder, or PostgreSQL. The same SQL, the same values, the same errors on both. */
export interface Database {
  readonly kind: 'pglite' | 'postgres';
  /**
   * One transaction for one organization: under the role `tributary_app`, with `tributary.organization_id` set, so that row-level
   * security shows and takes only rows of this organization. Rolled back when `work` throws.
   */
  withOrganization<T>(
    organizationId: string,
    work: (tx: Transaction) => Promise<T>,
    options?: TransactionOptions,
  ): Promise<T>;
  /** One transaction as the owner of the tables, across organizations: sign-in, claiming of runs, maintenance. */
  withSystem<T>(work: (tx: Transaction) => Promise<T>, options?: TransactionOptions): Promise<T>;
  /** Whether the schema is that of this version now: another version may have changed it since it was opened. */
  isMigrated(): Promise<boolean>;
  /** Waits for transactions that are going on. */
  close(): Promise<void>;
}

export interface DatabaseOptions {
  /** A PostgreSQL URL; without it the embedded store is opened in `dataDir`. */
  readonly databaseUrl?: string;
  /** The data folder of the embedded store, made when it is missing; `memory://` for a store that is gone at the end. */
  readonly dataDir: string;
  readonly migrationsDir?: string;
  /** Where templates of migrated embedded stores are kept. */
  readonly templateDir?: string;
  readonly logger?: DatabaseLogger;
}

const defaultMigrationsFolder = fileURLToPath(new URL('../../../migrations', import.meta.url));

/**
 * Opens the store and brings its schema up to date.
 * @throws `data_folder_in_use`, `data_folder_unusable`, `store_unavailable`, `migration_failed`.
 */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const migrations = await readMigrations(options.migrationsDir ?? defaultMigrationsFolder);
  const logger = options.logger;
  if (options.databaseUrl === undefined) {
    const engine = await openEmbeddedStore({
      dataFolder: options.dataDir,
      migrations,
      templateFolder: options.templateDir ?? defaultTemplateFolder,
      keepTemplate: options.migrationsDir === undefined || options.templateDir !== undefined,
      logger,
    });
    return toDatabase(engine, migrations);
  }
  const engine = await openPostgresEngine({ databaseUrl: options.databaseUrl, logger });
  try {
    const applied = await migrate(engine, migrations);
    if (applied.length > 0) logger?.info({ migrations: applied }, 'database migrated');
  } catch (error) {
    await engine.close();
    throw error;
  }
  return toDatabase(engine, migrations);
}

function toDatabase(engine: Engine, migrations: readonly Migration[]): Database {
  // What runs inside `work` finds the transaction here. One inside another would wait for itself on the embedded store, and
  // for a second connection on PostgreSQL, where enough of them at once wait for each other.
  const surrounding = new AsyncLocalStorage<{ open: boolean }>();

  const attempt = <T>(prelude: string, work: (tx: Transaction) => Promise<T>): Promise<T> =>
    engine.transaction(prelude, async (session) => {
      const queue = new StatementQueue();
      const current = { open: true };
      try {
        return await surrounding.run(current, () => work(toTransaction(session, queue)));
      } finally {
        current.open = false;
        await queue.end();
      }
    });

  const run = async <T>(
    prelude: string,
    work: (tx: Transaction) => Promise<T>,
    { attemptsMax = 1 }: TransactionOptions = {},
  ): Promise<T> => {
    assert(!surrounding.getStore()?.open, 'a transaction is begun inside another one; hand the outer one on');
    for (let attempts = 1; ; attempts += 1) {
      try {
        return await attempt(prelude, work);
      } catch (error) {
        if (attempts >= attemptsMax || !isTransactionConflict(error)) throw error;
      }
    }
  };

  return {
    kind: engine.kind,
    withOrganization: async (organizationId, work, options) =>
      run(enterOrganization(organizationId), work, options),
    withSystem: (work, options) => run('', work, options),
    isMigrated: () => run('', (tx) => isMigrated(tx, migrations)),
    close: () => engine.close(),
  };
}

function toTransaction(session: Session, queue: StatementQueue): Transaction {
  return {
    query: (sql, parameters) => queue.run(() => session.query(sql, parameters)),
    execute: (sql, parameters) => queue.run(() => session.execute(sql, parameters)),
  };
}
