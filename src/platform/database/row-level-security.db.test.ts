import { beforeAll, expect, test } from 'vitest';
import { createOrganization, describeOnBothStores } from '../../../test/support/database.ts';
import { newId } from '../../kernel/ids.ts';
import type { Database, Transaction } from './database.ts';

/** Raw SQL in the request role, trying to cross into another organization. */
describeOnBothStores('The request role', (open) => {
  let database: Database;
  let ours: string;
  let theirs: string;

  const addEntity = (organizationId: string, name: string) => (tx: Transaction) =>
    tx.execute(
      `INSERT INTO entities (id, organization_id, name, mode, base_currency)
       VALUES ($1::uuid, $2::uuid, $3::text, 'live', 'EUR')`,
      [newId(), organizationId, name],
    );
  const inOurs = <T>(work: (tx: Transaction) => Promise<T>): Promise<T> =>
    database.withOrganization(ours, work);
  const theirNames = (): Promise<unknown[]> =>
    database.withSystem((tx) =>
      tx.query('SELECT name FROM entities WHERE organization_id = $1::uuid ORDER BY name', [theirs]),
    );

  beforeAll(async () => {
    database = await open();
    ours = await createOrganization(database, 'Ours');
    theirs = await createOrganization(database, 'Theirs');
    await database.withOrganization(ours, addEntity(ours, 'Our entity'));
    await database.withOrganization(theirs, addEntity(theirs, 'Their entity'));
  });

  test('is neither superuser nor owner and cannot bypass row-level security', async () => {
    const [role] = await inOurs((tx) =>
      tx.query(
        `SELECT r.rolname, r.rolsuper, r.rolbypassrls, r.rolcanlogin,
           (SELECT count(*)::integer FROM pg_class c WHERE c.relowner = r.oid) AS owned
         FROM pg_roles r WHERE r.rolname = current_user`,
      ),
    );
    expect(role).toEqual({
      rolname: 'tributary_app',
      rolsuper: false,
      rolbypassrls: false,
      rolcanlogin: false,
      owned: 0,
    });
  });

  test('sees rows of its own organization only, in every table', async () => {
    const tables = await database.withSystem((tx) =>
      tx.query<{ name: string }>(
        `SELECT table_name AS name FROM information_schema.columns
         WHERE table_schema = current_schema() AND column_name = 'organization_id' ORDER BY 1`,
      ),
    );
    expect(tables.length).toBeGreaterThan(10);
    for (const { name } of tables) {
      const rows = await inOurs((tx) =>
        tx.query(`SELECT organization_id FROM ${name} WHERE organization_id <> $1::uuid`, [ours]),
      );
      expect(rows, name).toEqual([]);
    }
    expect(await inOurs((tx) => tx.query('SELECT name FROM entities'))).toEqual([{ name: 'Our entity' }]);
    expect(await inOurs((tx) => tx.query('SELECT name FROM organizations'))).toEqual([{ name: 'Ours' }]);
  });

  test('sees nothing at all without an organization', async () => {
    const rows = await database.withSystem(async (tx) => {
      await tx.execute('SET LOCAL ROLE tributary_app');
      return tx.query('SELECT 1 FROM entities UNION ALL SELECT 1 FROM organizations');
    });
    expect(rows).toEqual([]);
  });

  test('cannot insert a row for another organization', async () => {
    await expect(inOurs(addEntity(theirs, 'Planted'))).rejects.toMatchObject({ code: '42501' });
    expect(await theirNames()).toEqual([{ name: 'Their entity' }]);
  });

  test('cannot move a row of its own to another organization', async () => {
    const move = inOurs((tx) => tx.execute('UPDATE entities SET organization_id = $1::uuid', [theirs]));
    await expect(move).rejects.toMatchObject({ code: '42501' });
  });

  test('changes and deletes nothing of another organization', async () => {
    const touched = await inOurs(async (tx) => [
      await tx.execute(`UPDATE entities SET name = 'Taken' WHERE organization_id = $1::uuid`, [theirs]),
      await tx.execute('DELETE FROM entities WHERE organization_id = $1::uuid', [theirs]),
      await tx.execute(`UPDATE organizations SET name = 'Taken' WHERE organization_id = $1::uuid`, [theirs]),
    ]);
    expect(touched).toEqual([0, 0, 0]);
    expect(await theirNames()).toEqual([{ name: 'Their entity' }]);
  });

  test.each([
    ['truncate a table', 'TRUNCATE entities CASCADE'],
    ['switch row-level security off', 'ALTER TABLE entities DISABLE ROW LEVEL SECURITY'],
    ['drop the policy', 'DROP POLICY by_organization ON entities'],
    ['add a policy', 'CREATE POLICY open ON entities USING (true)'],
    [
      'replace the function that the policies ask',
      `CREATE OR REPLACE FUNCTION current_organization() RETURNS uuid LANGUAGE sql RETURN NULL::uuid`,
    ],
    ['read which migrations there are', 'SELECT * FROM schema_migrations'],
    ['write which migrations there are', 'DELETE FROM schema_migrations'],
    ['make itself a superuser', 'ALTER ROLE tributary_app SUPERUSER'],
    ['grant itself another role', 'GRANT pg_read_all_data TO tributary_app'],
    ['read files of the server', `SELECT pg_read_file('/etc/passwd')`],
    ['write files of the server', `COPY entities TO '/tmp/entities'`],
    ['see rows in spite of the policies', 'SET LOCAL row_security = off; SELECT * FROM entities'],
  ])('cannot %s', async (_name, sql) => {
    await expect(
      inOurs(async (tx) => {
        for (const statement of sql.split('; ')) await tx.query(statement);
      }),
    ).rejects.toMatchObject({ code: '42501' });
  });

  test('takes only one statement at a time, so that an injected text cannot append its own', async () => {
    await expect(inOurs((tx) => tx.query('SELECT 1; RESET ROLE'))).rejects.toMatchObject({ code: '42601' });
  });

  // What row-level security does not promise: these two show it, so that nobody believes more. See the README.
  test('keeps in mistakes of our code, not foreign SQL: a statement of its own can change the organization', async () => {
    const rows = await inOurs(async (tx) => {
      await tx.query(`SELECT set_config('tributary.organization_id', $1::text, true)`, [theirs]);
      return tx.query('SELECT name FROM entities');
    });
    expect(rows).toEqual([{ name: 'Their entity' }]);
  });

  test('keeps in mistakes of our code, not foreign SQL: a statement of its own can reset the role', async () => {
    const rows = await inOurs(async (tx) => {
      await tx.execute('RESET ROLE');
      return tx.query('SELECT name FROM entities ORDER BY name');
    });
    expect(rows).toEqual([{ name: 'Our entity' }, { name: 'Their entity' }]);
  });

  test('is left again whatever the transaction did to it', async () => {
    await inOurs((tx) =>
      tx.query(`SELECT set_config('tributary.organization_id', $1::text, true)`, [theirs]),
    );
    await inOurs((tx) => tx.execute('RESET ROLE'));
    expect(await inOurs((tx) => tx.query('SELECT name FROM entities'))).toEqual([{ name: 'Our entity' }]);
  });
});
