import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openDatabase, type Database } from './database.ts';
import { lockFileName } from './data-folder-lock.ts';
import { hashMigrations, readMigrations } from './migrations.ts';
import { defaultTemplateFolder, noMigrations, templateFile } from './template.ts';

let folder: string;
let migrationsDir: string;
let templateDir: string;
let opened: Database[];
let children: ChildProcess[];

beforeEach(async () => {
  const base = await mkdtemp(join(tmpdir(), 'tributary-store-'));
  folder = join(base, 'data');
  migrationsDir = join(base, 'migrations');
  templateDir = join(base, 'templates');
  await mkdir(migrationsDir);
  await writeFile(
    join(migrationsDir, '0001_rows.sql'),
    'CREATE TABLE rows (n integer PRIMARY KEY, text text NOT NULL);',
  );
  opened = [];
  children = [];
});
afterEach(async () => {
  for (const database of opened) await database.close();
  for (const child of children) child.kill('SIGKILL');
  await rm(join(folder, '..'), { recursive: true, force: true });
});

/** With the shared templates unless the test is about them: a store without any takes seconds to make. */
async function open(options: { templateDir?: string } = {}): Promise<Database> {
  const database = await openDatabase({ dataDir: folder, migrationsDir, ...options });
  opened.push(database);
  return database;
}

async function close(database: Database): Promise<void> {
  opened = opened.filter((other) => other !== database);
  await database.close();
}

/** A process that opens the store and writes rows until it is killed, saying the number of each once it is committed. */
function startWriter(): ChildProcess {
  const script = `
    import { openDatabase } from ${JSON.stringify(new URL('./database.ts', import.meta.url).href)};
    const [dataDir, migrationsDir] = process.argv.slice(1);
    const database = await openDatabase({ dataDir, migrationsDir });
    for (let n = 1; ; n += 1) {
      await database.withSystem((tx) => tx.execute(
        'INSERT INTO rows SELECT $1::integer * 100 + i, repeat(md5(i::text), 20) FROM generate_series(0, 99) AS i', [n]));
      console.log(n);
    }`;
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', '--input-type=module', '--eval', script, folder, migrationsDir],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  children.push(child);
  return child;
}

async function kill(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  await once(child, 'exit');
}

describe('The embedded store', () => {
  test('keeps what was written, in a folder that is closed to others', async () => {
    const first = await open();
    await first.withSystem((tx) => tx.execute(`INSERT INTO rows VALUES (1, 'kept')`));
    await close(first);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    expect(await readdir(folder)).toEqual(['pgdata']);
    const again = await open();
    expect(await again.withSystem((tx) => tx.query('SELECT * FROM rows'))).toEqual([{ n: 1, text: 'kept' }]);
  });

  test('writes its log to the disk before it acknowledges a transaction', async () => {
    const database = await open();
    const rows = await database.withSystem((tx) =>
      tx.query(
        `SELECT name, setting FROM pg_settings
         WHERE name IN ('fsync', 'wal_sync_method', 'synchronous_commit', 'TimeZone') ORDER BY name`,
      ),
    );
    expect(rows).toEqual([
      { name: 'TimeZone', setting: 'UTC' },
      { name: 'fsync', setting: 'on' },
      { name: 'synchronous_commit', setting: 'on' },
      { name: 'wal_sync_method', setting: 'open_datasync' },
    ]);
  });

  test('refuses a second one on the same folder, and leaves the first one alone', async () => {
    const first = await open();
    await expect(open()).rejects.toMatchObject({
      code: 'data_folder_in_use',
      detail: expect.stringContaining(`Process ${process.pid} holds ${folder}`),
    });
    expect(await first.withSystem((tx) => tx.query('SELECT count(*) FROM rows'))).toEqual([{ count: '0' }]);
    expect(await readdir(folder)).toContain(lockFileName);
  });

  test('loses no acknowledged row and tears none when its process is killed in mid-write', async () => {
    let acknowledged = 0;
    for (const afterRows of [3, 40]) {
      const writer = startWriter();
      const lines = createInterface({ input: writer.stdout! });
      const before = acknowledged;
      for await (const line of lines) {
        acknowledged = Number(line);
        if (acknowledged - before >= afterRows) break;
      }
      await kill(writer);
      const database = await open();
      const [row] = await database.withSystem((tx) =>
        tx.query<{ blocks: number; torn: number; largest: number }>(
          `SELECT count(*)::integer AS blocks, (count(*) FILTER (WHERE size <> 100))::integer AS torn, max(block) AS largest
           FROM (SELECT n / 100 AS block, count(*) AS size FROM rows GROUP BY 1) AS b`,
        ),
      );
      expect(row?.torn).toBe(0);
      expect(row?.blocks).toBe(row?.largest);
      expect(row?.largest).toBeGreaterThanOrEqual(acknowledged);
      await database.withSystem((tx) => tx.execute('DELETE FROM rows'));
      await close(database);
      acknowledged = 0;
    }
  });

  test('begins again when the first start was killed half way', async () => {
    const writer = startWriter();
    // Killed as soon as files of the store appear: somewhere within the first start.
    while (!(await readdir(join(folder, 'pgdata')).catch((): string[] => [])).includes('base'))
      await sleep(2);
    await kill(writer);
    expect(await readdir(folder)).toContain('pgdata.unfinished');
    const database = await open();
    expect(await database.withSystem((tx) => tx.query('SELECT count(*) FROM rows'))).toEqual([
      { count: '0' },
    ]);
    expect((await readdir(folder)).toSorted()).toEqual(['pgdata', lockFileName]);
  });

  test('stops with an error, and not in an endless loop, when its log cannot be written', async () => {
    const database = await open();
    const writeMuch = (n: number): Promise<number> =>
      database.withSystem(async (tx) => {
        await tx.query('SELECT pg_switch_wal()');
        return tx.execute('INSERT INTO rows VALUES ($1::integer, $2::text)', [n, 'x']);
      });
    await writeMuch(1);
    // The next file of the log cannot be made: to PostgreSQL the same as a full disk.
    await rm(join(folder, 'pgdata', 'pg_wal'), { recursive: true });
    const writes = async (): Promise<void> => {
      for (let n = 2; n < 10; n += 1) await writeMuch(n);
    };
    const stopped = { code: 'data_folder_unusable', detail: expect.stringContaining('has stopped') };
    await expect(writes()).rejects.toMatchObject(stopped);
    await expect(database.withSystem((tx) => tx.query('SELECT 1'))).rejects.toMatchObject(stopped);
    await close(database);
    expect(await readdir(folder)).toEqual(['pgdata']);
  });

  test('says why the folder cannot be used', async () => {
    await writeFile(join(migrationsDir, 'file'), '');
    folder = join(migrationsDir, 'file', 'data');
    await expect(open()).rejects.toMatchObject({
      code: 'data_folder_unusable',
      detail: `${folder}: a part of the path is a file.`,
    });
    folder = join(migrationsDir, '..', 'data');
  });

  test('says why a folder that holds something else does not start, and changes nothing in it', async () => {
    await mkdir(join(folder, 'pgdata'), { recursive: true });
    await writeFile(join(folder, 'pgdata', 'PG_VERSION'), '12\n');
    await expect(open()).rejects.toMatchObject({
      code: 'data_folder_unusable',
      detail: expect.stringContaining('does not start'),
    });
    expect(await readFile(join(folder, 'pgdata', 'PG_VERSION'), 'utf8')).toBe('12\n');
    expect(await readdir(folder)).toEqual(['pgdata']);
  });
});

describe('A template', () => {
  // The one of an empty database is taken from the shared folder: initdb takes seconds and is not what this is about.
  beforeEach(async () => {
    await close(await open());
    await rm(folder, { recursive: true });
    await mkdir(templateDir);
    await copyFile(
      await templateFile(defaultTemplateFolder, noMigrations),
      await templateFile(templateDir, noMigrations),
    );
  });

  const migratedAt = async (database: Database): Promise<unknown> =>
    (await database.withSystem((tx) => tx.query('SELECT applied_at FROM schema_migrations')))[0]?.[
      'applied_at'
    ];

  test('is left behind by a first start and starts the next one; a damaged one is not used', async () => {
    const first = await open({ templateDir });
    const firstMigratedAt = await migratedAt(first);
    await close(first);
    await rm(folder, { recursive: true });

    const second = await open({ templateDir });
    expect(await migratedAt(second)).toBe(firstMigratedAt);
    await close(second);
    await rm(folder, { recursive: true });

    const hash = hashMigrations(await readMigrations(migrationsDir));
    const file = await templateFile(templateDir, hash);
    const content = await readFile(file);
    await writeFile(file, content.subarray(0, content.length / 2));
    const third = await open({ templateDir });
    expect(await migratedAt(third)).not.toBe(firstMigratedAt);
    expect(await third.withSystem((tx) => tx.query('SELECT count(*) FROM rows'))).toEqual([{ count: '0' }]);
  });

  test('of other migrations is not used', async () => {
    await close(await open({ templateDir }));
    await rm(folder, { recursive: true });
    await writeFile(join(migrationsDir, '0001_rows.sql'), 'CREATE TABLE others (n integer);');
    const database = await open({ templateDir });
    expect(await database.withSystem((tx) => tx.query('SELECT count(*) FROM others'))).toEqual([
      { count: '0' },
    ]);
  });
});
