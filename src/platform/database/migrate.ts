import { TributaryError } from '../../kernel/errors.ts';
import { sqlStateOf } from './database-errors.ts';
import type { Engine, Session } from './engine.ts';
import type { Migration } from './migrations.ts';
import { createRequestRole, grantToRequestRole } from './request-role.ts';
import type { Transaction } from './transaction.ts';

/** Names the lock of migrations among the advisory locks of a database; any number that nothing else here uses. */
const migrationLockKey = 7_240_010;

interface AppliedMigration {
  version: number;
  name: string;
  checksum: string;
}

/**
 * Brings the database up to date: creates the request role, applies the migrations that are missing, grants the role its rights.
 * All of it in one transaction: when anything fails the database stands as before. Several processes may do it at once:
 * the first one works, the others wait and find nothing to do.
 * @returns the names of the migrations that were applied now.
 * @throws `migration_failed` when a migration fails, an applied one was edited, or the database is newer than the code.
 */
export async function migrate(engine: Engine, migrations: readonly Migration[]): Promise<string[]> {
  await createRequestRole(engine);
  return engine.transaction('', async (session) => {
    if (engine.kind === 'postgres') {
      // A migration of a large table takes as long as it takes; a failed one is rolled back.
      await session.runScript('SET LOCAL statement_timeout = 0');
      await session.query('SELECT pg_advisory_xact_lock($1::bigint)', [migrationLockKey]);
    }
    await session.runScript(
      `CREATE TABLE IF NOT EXISTS schema_migrations (
         version integer PRIMARY KEY,
         name text NOT NULL,
         checksum text NOT NULL,
         applied_at timestamptz NOT NULL DEFAULT now()
       )`,
    );
    const applied = await listApplied(session);
    checkApplied(applied, migrations);
    const pending = migrations.slice(applied.length);
    for (const migration of pending) await applyMigration(session, migration);
    await grantToRequestRole(session);
    return pending.map(({ name }) => name);
  });
}

/** Whether the database has exactly these migrations: none is missing, none was edited, none came from a newer version. */
export async function isMigrated(tx: Transaction, migrations: readonly Migration[]): Promise<boolean> {
  const applied = await listApplied(tx);
  return (
    applied.length === migrations.length &&
    applied.every(({ version, name, checksum }, index) => {
      const ours = migrations[index];
      return ours?.version === version && ours.name === name && ours.checksum === checksum;
    })
  );
}

function listApplied(tx: Transaction): Promise<AppliedMigration[]> {
  return tx.query<AppliedMigration>('SELECT version, name, checksum FROM schema_migrations ORDER BY version');
}

/** The applied migrations must be the first of ours, unchanged. */
function checkApplied(applied: readonly AppliedMigration[], migrations: readonly Migration[]): void {
  for (const [index, { version, name, checksum }] of applied.entries()) {
    const ours = migrations[index];
    if (ours === undefined)
      throw new TributaryError(
        'migration_failed',
        `The database has migration ${name}, which this version of Tributary does not know: it was used by a newer version. Start that version, or restore a backup.`,
      );
    if (version !== ours.version || name !== ours.name)
      throw new TributaryError(
        'migration_failed',
        `The database has migration ${name} where this version of Tributary has ${ours.name}.`,
      );
    if (checksum !== ours.checksum)
      throw new TributaryError(
        'migration_failed',
        `${name} was edited after it had been applied to this database. Restore the file and put the change into a new migration.`,
      );
  }
}

async function applyMigration(session: Session, migration: Migration): Promise<void> {
  try {
    await session.runScript(migration.sql);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const state = sqlStateOf(error);
    throw new TributaryError(
      'migration_failed',
      `${migration.name}: ${reason}${state === null ? '' : ` (SQLSTATE ${state})`}.`,
      { cause: error },
    );
  }
  await session.execute(
    'INSERT INTO schema_migrations (version, name, checksum) VALUES ($1::integer, $2::text, $3::text)',
    [migration.version, migration.name, migration.checksum],
  );
}
