import { createHash, randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { afterAll, describe } from 'vitest';
import { newId } from '../../src/kernel/ids.ts';
import { openDatabase, type Database } from '../../src/platform/database/database.ts';
import { hashMigrations, readMigrations } from '../../src/platform/database/migrations.ts';

export interface OpenTestDatabaseOptions {
  /** Other migrations than the product's. */
  readonly migrationsDir?: string;
}

/** Opens a database of its own for this test or file: migrated, empty, gone at the end. Closing it earlier does no harm. */
export type OpenTestDatabase = (options?: OpenTestDatabaseOptions) => Promise<Database>;

/** The URL of a superuser of a PostgreSQL server for tests; `npm test` sets it where it can start one. */
const serverUrl = process.env['TRIBUTARY_TEST_POSTGRES'];

const migrationsFolder = fileURLToPath(new URL('../../migrations', import.meta.url));

/**
 * Runs the tests on the embedded store, and on PostgreSQL where TRIBUTARY_TEST_POSTGRES names a server.
 *
 * ```ts
 * describeOnBothStores('Customers', (open) => {
 *   let database: Database;
 *   beforeAll(async () => { database = await open(); });
 *   test('…', async () => { … });
 * });
 * ```
 */
export function describeOnBothStores(
  name: string,
  define: (open: OpenTestDatabase, kind: Database['kind']) => void,
): void {
  describe(`${name} (embedded store)`, () => define(closeAtEnd(openEmbedded), 'pglite'));
  describe.skipIf(serverUrl === undefined)(`${name} (PostgreSQL)`, () =>
    define(closeAtEnd(openOnServer), 'postgres'),
  );
}

/** For tests of work at the same time within `describeOnBothStores`: the embedded store runs one transaction at a time. */
export function whereParallel(kind: Database['kind'], define: () => void): void {
  if (kind === 'postgres') define();
}

/** For tests that say nothing about the store: on the embedded one only. */
export function describeOnEmbeddedStore(name: string, define: (open: OpenTestDatabase) => void): void {
  describe(name, () => define(closeAtEnd(openEmbedded)));
}

interface Opened {
  readonly database: Database;
  readonly remove: () => Promise<void>;
}

type Open = (options: OpenTestDatabaseOptions) => Promise<Opened>;

/** Called while the tests are being defined, so that the hook belongs to the `describe` that it is for. */
function closeAtEnd(open: Open): OpenTestDatabase {
  const opened: Opened[] = [];
  afterAll(async () => {
    for (const { remove } of opened.splice(0)) await remove();
  });
  return async (options = {}) => {
    const next = await open(options);
    opened.push(next);
    return next.database;
  };
}

/** `close` twice is one `close`: a test may close its database itself. */
function closeOnce(database: Database): Database {
  let closed: Promise<void> | null = null;
  return { ...database, close: () => (closed ??= database.close()) };
}

const openEmbedded: Open = async (options) => {
  const database = closeOnce(await openDatabase({ dataDir: 'memory://', ...options }));
  return { database, remove: () => database.close() };
};

const openOnServer: Open = async (options) => {
  const template = await migratedTemplate(options.migrationsDir ?? migrationsFolder);
  const name = `tributary_test_${randomUUID().replaceAll('-', '')}`;
  await onServer((client) => client.query(`CREATE DATABASE ${name} TEMPLATE ${template}`));
  const database = closeOnce(
    await openDatabase({ dataDir: 'memory://', databaseUrl: urlOfDatabase(name), ...options }),
  );
  return {
    database,
    remove: async () => {
      await database.close();
      await onServer((client) => client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`));
    },
  };
};

export function urlOfDatabase(name: string): string {
  const url = new URL(serverUrl ?? '');
  url.pathname = `/${name}`;
  return url.href;
}

export async function onServer<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: serverUrl });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** The lock under which the template is made: the test files run in several processes. */
const templateLockKey = 7_240_011;

/** The database that the tests' databases are copies of; made by whichever test file comes first. */
async function migratedTemplate(folder: string): Promise<string> {
  const hash = createHash('sha256').update(hashMigrations(await readMigrations(folder)));
  const name = `tributary_template_${hash.digest('hex').slice(0, 16)}`;
  await onServer(async (client) => {
    const exists = async (): Promise<boolean> =>
      (await client.query('SELECT FROM pg_database WHERE datname = $1', [name])).rowCount === 1;
    if (await exists()) return;
    await client.query('SELECT pg_advisory_lock($1)', [templateLockKey]);
    if (await exists()) return;
    const unfinished = `${name}_unfinished`;
    await client.query(`DROP DATABASE IF EXISTS ${unfinished} WITH (FORCE)`);
    await client.query(`CREATE DATABASE ${unfinished} TEMPLATE template0 ENCODING 'UTF8'`);
    const options = { dataDir: 'memory://', databaseUrl: urlOfDatabase(unfinished), migrationsDir: folder };
    await (await openDatabase(options)).close();
    await client.query(`ALTER DATABASE ${unfinished} RENAME TO ${name}`);
  });
  return name;
}

/** An organization without anything in it; returns its id. */
export async function createOrganization(database: Database, name = 'Test organization'): Promise<string> {
  const organizationId = newId();
  await database.withSystem((tx) =>
    tx.execute('INSERT INTO organizations (organization_id, name) VALUES ($1::uuid, $2::text)', [
      organizationId,
      name,
    ]),
  );
  return organizationId;
}
