import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createOrganization, onServer, urlOfDatabase } from '../../../test/support/database.ts';
import { openDatabase, type Database } from './database.ts';

const serverUrl = process.env['TRIBUTARY_TEST_POSTGRES'];

/** Databases that are empty, not copies of the migrated template: what an operator starts with. */
describe.skipIf(serverUrl === undefined)('On PostgreSQL', () => {
  const suffix = randomBytes(6).toString('hex');
  const user = `plain_${suffix}`;
  const names: string[] = [];
  const opened: Database[] = [];

  async function createDatabase(owner = 'CURRENT_USER'): Promise<string> {
    const name = `tributary_engine_${suffix}_${names.length}`;
    names.push(name);
    await onServer(async (client) => {
      await client.query(`CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'UTF8'`);
      await client.query(`ALTER DATABASE ${name} OWNER TO ${owner}`);
    });
    return urlOfDatabase(name);
  }

  async function open(databaseUrl: string): Promise<Database> {
    const database = await openDatabase({ databaseUrl, dataDir: 'memory://' });
    opened.push(database);
    return database;
  }

  function withUser(url: string, password = 'plain'): string {
    const changed = new URL(url);
    changed.username = user;
    changed.password = password;
    return changed.href;
  }

  let databaseUrl: string;
  let database: Database;
  beforeAll(async () => {
    await onServer((client) => client.query(`CREATE ROLE ${user} LOGIN PASSWORD 'plain'`));
    databaseUrl = await createDatabase();
    database = await open(databaseUrl);
  });
  afterAll(async () => {
    for (const each of opened) await each.close();
    await onServer(async (client) => {
      for (const name of names) await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
      await client.query(`DROP ROLE IF EXISTS ${user}`);
    });
  });

  test('several processes that start at once on an empty database migrate it once', async () => {
    const url = await createDatabase();
    const databases = await Promise.all([open(url), open(url), open(url)]);
    const counts = await Promise.all(
      databases.map((each) =>
        each.withSystem((tx) =>
          tx.query('SELECT count(*)::integer AS n, max(version) AS last FROM schema_migrations'),
        ),
      ),
    );
    for (const [row] of counts) expect(row?.['n']).toBe(row?.['last']);
  });

  test('a user that is neither superuser nor member of the request role is told what to have run', async () => {
    const url = withUser(await createDatabase(user));
    await expect(open(url)).rejects.toMatchObject({
      code: 'migration_failed',
      detail: expect.stringContaining('GRANT tributary_app TO'),
    });
    await onServer((client) => client.query(`GRANT tributary_app TO ${user}`));
    const plain = await open(url);
    const organizationId = await createOrganization(plain, 'Ours');
    await createOrganization(plain, 'Theirs');
    const names = await plain.withOrganization(organizationId, (tx) =>
      tx.query('SELECT name FROM organizations'),
    );
    expect(names).toEqual([{ name: 'Ours' }]);
  });

  test('a session has our settings whatever the URL says', async () => {
    const url = new URL(databaseUrl);
    url.searchParams.set('options', '-c TimeZone=Asia/Tokyo -c DateStyle=German');
    const other = await open(url.href);
    const [row] = await other.withSystem((tx) =>
      tx.query(
        `SELECT current_setting('TimeZone') AS zone, current_setting('statement_timeout') AS timeout,
           current_setting('application_name') AS application, '2026-01-02T03:04:05Z'::timestamptz AS at`,
      ),
    );
    expect(row).toEqual({
      zone: 'UTC',
      timeout: '2min',
      application: 'tributary',
      at: '2026-01-02T03:04:05.000Z',
    });
  });

  test('a lost connection fails its transaction with store_unavailable, and the next one works', async () => {
    const lost = database.withSystem((tx) => tx.query('SELECT pg_terminate_backend(pg_backend_pid())'));
    await expect(lost).rejects.toMatchObject({ code: 'store_unavailable' });
    const lostBetween = database.withSystem(async (tx) => {
      const [row] = await tx.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
      await onServer((client) => client.query('SELECT pg_terminate_backend($1)', [row?.pid]));
      await tx.query('SELECT 1');
    });
    await expect(lostBetween).rejects.toMatchObject({ code: 'store_unavailable' });
    expect(await database.withSystem((tx) => tx.query('SELECT 1 AS one'))).toEqual([{ one: 1 }]);
  });

  test('idle connections that are lost do no harm', async () => {
    await Promise.all([1, 2, 3].map(() => database.withSystem((tx) => tx.query('SELECT pg_sleep(0.05)'))));
    await onServer((client) =>
      client.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND pid <> pg_backend_pid()`,
        [new URL(databaseUrl).pathname.slice(1)],
      ),
    );
    await expect
      .poll(() => database.withSystem((tx) => tx.query('SELECT 1 AS one')).catch(() => null))
      .toEqual([{ one: 1 }]);
  });

  test('two transactions in a deadlock both come through when they may be repeated', async () => {
    const [first, second] = [await createOrganization(database), await createOrganization(database)];
    let met = 0;
    const lockBoth = (one: string, other: string): Promise<void> =>
      database.withSystem(
        async (tx) => {
          const lock = 'SELECT FROM organizations WHERE organization_id = $1::uuid FOR UPDATE';
          await tx.query(lock, [one]);
          met += 1;
          while (met < 2) await tx.query('SELECT pg_sleep(0.01)');
          await tx.query(lock, [other]);
        },
        { attemptsMax: 3 },
      );
    await Promise.all([lockBoth(first, second), lockBoth(second, first)]);
    expect(met).toBe(3);
  });

  test.each([
    ['a wrong password', () => withUser(databaseUrl, 'hidden'), 'The user or the password'],
    [
      'a database that does not exist',
      () => urlOfDatabase('no_such_database'),
      'does not exist; create it first',
    ],
    ['a server that is not there', () => 'postgres://user:hidden@127.0.0.1:1/books', 'ECONNREFUSED'],
    [
      'a host that is not there',
      () => 'postgres://user:hidden@no-such-host.invalid/books',
      'no-such-host.invalid',
    ],
  ])('%s is said clearly and without the password', async (_name, url, detail) => {
    const error: unknown = await open(url()).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'store_unavailable', detail: expect.stringContaining(detail) });
    expect((error as Error).message).not.toContain('hidden');
  });
});
