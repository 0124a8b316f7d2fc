import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { describeOnBothStores } from '../../../test/support/database.ts';
import { engineOf } from '../../../test/support/engine-of.ts';
import type { Database } from './database.ts';
import { migrate } from './migrate.ts';
import { hashMigrations, readMigrations, type Migration } from './migrations.ts';

const sqlOf = (table: string): string => `CREATE TABLE ${table} (id integer PRIMARY KEY);`;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tributary-migrations-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function writeMigrations(
  files: Readonly<Record<string, string>>,
  target = folder,
): Promise<Migration[]> {
  for (const [name, sql] of Object.entries(files)) await writeFile(join(target, name), sql);
  return readMigrations(target);
}

describeOnBothStores('Migrations', (open) => {
  const tables = (database: Database): Promise<unknown[]> =>
    database.withSystem((tx) =>
      tx.query(
        `SELECT c.relname AS name FROM pg_class c
         WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' ORDER BY 1`,
      ),
    );

  const first = {
    '0001_first.sql': `${sqlOf('one')} INSERT INTO one VALUES (1);`,
    '0002_second.sql':
      'ALTER TABLE one ADD COLUMN name text; CREATE TABLE two (id bigint GENERATED ALWAYS AS IDENTITY);',
  };
  const noOrganization = '018f0000-0000-7000-8000-000000000000';
  const applied = [{ name: 'one' }, { name: 'schema_migrations' }, { name: 'two' }];
  let database: Database;
  let migrations: Migration[];
  beforeAll(async () => {
    const initial = await mkdtemp(join(tmpdir(), 'tributary-migrations-'));
    await writeMigrations(first, initial);
    database = await open({ migrationsDir: initial });
    await rm(initial, { recursive: true });
  });
  beforeEach(async () => {
    migrations = await writeMigrations(first);
  });

  test('are applied in order, once, and what they made belongs to the request role too', async () => {
    expect(await tables(database)).toEqual(applied);
    expect(await migrate(engineOf(database), migrations)).toEqual([]);
    const rows = await database.withOrganization(noOrganization, async (tx) => {
      await tx.execute('INSERT INTO two DEFAULT VALUES');
      return tx.query('SELECT one.id, name, two.id AS two FROM one, two');
    });
    expect(rows).toEqual([{ id: 1, name: null, two: '1' }]);
  });

  test('leave the database as before when one of them fails, and say which', async () => {
    const failing = await writeMigrations({
      '0003_third.sql': sqlOf('three'),
      '0004_fourth.sql': 'CREATE TABLE four (id nonsense);',
    });
    await expect(migrate(engineOf(database), failing)).rejects.toMatchObject({
      code: 'migration_failed',
      detail: expect.stringContaining('0004_fourth.sql: type "nonsense" does not exist'),
    });
    expect(await tables(database)).toEqual(applied);
  });

  test('that were edited after they had been applied are refused', async () => {
    const edited = await writeMigrations({ '0001_first.sql': sqlOf('other') });
    await expect(migrate(engineOf(database), edited)).rejects.toMatchObject({
      code: 'migration_failed',
      detail: expect.stringContaining('0001_first.sql was edited'),
    });
  });

  test('of a newer version in the database are refused', async () => {
    await expect(migrate(engineOf(database), migrations.slice(0, 1))).rejects.toMatchObject({
      code: 'migration_failed',
      detail: expect.stringContaining('newer version'),
    });
  });

  // The last one: from here on the database has a third migration.
  test('that several processes start at the same moment are applied once, and the role may use what is new', async () => {
    const more = await writeMigrations({ '0003_third.sql': `PERFORM pg_sleep(0.1); ${sqlOf('three')}` });
    const engine = engineOf(database);
    const results = await Promise.all([1, 2, 3, 4].map(() => migrate(engine, more)));
    expect(results.flat()).toEqual(['0003_third.sql']);
    const rows = await database.withOrganization(noOrganization, (tx) => tx.query('SELECT * FROM three'));
    expect(rows).toEqual([]);
  });
});

describe('Migration files', () => {
  test('have the same checksum whatever their line ends', async () => {
    const [lf] = await writeMigrations({ '0001_first.sql': 'SELECT 1;\nSELECT 2;\n' });
    const [crlf] = await writeMigrations({ '0001_first.sql': 'SELECT 1;\r\nSELECT 2;\r\n' });
    expect(crlf).toEqual(lf);
  });

  test('with a gap, a double or a wrong name are refused', async () => {
    await writeMigrations({ '0001_first.sql': 'SELECT 1;' });
    for (const name of ['0003_third.sql', '0001_other.sql', 'second.sql', '0002-second.sql']) {
      await expect(writeMigrations({ [name]: 'SELECT 1;' }), name).rejects.toMatchObject({
        code: 'migration_failed',
        detail: expect.stringContaining('out of order'),
      });
      await rm(join(folder, name));
    }
  });

  test('have another hash when one is added, renamed or edited', async () => {
    const one = hashMigrations(await writeMigrations({ '0001_first.sql': 'SELECT 1;' }));
    const edited = hashMigrations(await writeMigrations({ '0001_first.sql': 'SELECT 2;' }));
    const added = hashMigrations(await writeMigrations({ '0002_second.sql': 'SELECT 1;' }));
    expect(new Set([one, edited, added]).size).toBe(3);
  });
});
