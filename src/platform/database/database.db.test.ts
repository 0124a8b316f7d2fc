import { beforeAll, expect, test } from 'vitest';
import { createOrganization, describeOnBothStores } from '../../../test/support/database.ts';
import type { Database } from './database.ts';

describeOnBothStores('A transaction', (open) => {
  let database: Database;
  let organizationId: string;
  beforeAll(async () => {
    database = await open();
    organizationId = await createOrganization(database);
  });

  const rename = (name: string) => (tx: Parameters<Parameters<Database['withSystem']>[0]>[0]) =>
    tx.execute('UPDATE organizations SET name = $1::text WHERE organization_id = $2::uuid', [
      name,
      organizationId,
    ]);
  const readName = async (): Promise<unknown> => {
    const rows = await database.withOrganization(organizationId, (tx) =>
      tx.query<{ name: string }>('SELECT name FROM organizations'),
    );
    return rows[0]?.name;
  };

  test('is committed when its work ends', async () => {
    expect(await database.withOrganization(organizationId, rename('Committed'))).toBe(1);
    expect(await readName()).toBe('Committed');
  });

  test('is rolled back when its work throws, and the error comes through as it was thrown', async () => {
    await database.withOrganization(organizationId, rename('Before'));
    const failure = new Error('stop');
    const run = database.withOrganization(organizationId, async (tx) => {
      await rename('After')(tx);
      throw failure;
    });
    await expect(run).rejects.toBe(failure);
    expect(await readName()).toBe('Before');
  });

  test('fails as a whole when its work swallows the error of a statement', async () => {
    await database.withOrganization(organizationId, rename('Before'));
    const run = database.withOrganization(organizationId, async (tx) => {
      await rename('After')(tx);
      await tx.query('SELECT 1/0').catch(() => {});
    });
    await expect(run).rejects.toThrow();
    expect(await readName()).toBe('Before');
  });

  test('goes on after an error behind a savepoint', async () => {
    await database.withOrganization(organizationId, async (tx) => {
      await rename('Kept')(tx);
      await tx.execute('SAVEPOINT one');
      await expect(tx.query('SELECT 1/0')).rejects.toMatchObject({ code: '22012' });
      await tx.execute('ROLLBACK TO one');
    });
    expect(await readName()).toBe('Kept');
  });

  test('leaves neither role nor organization behind', async () => {
    await database.withOrganization(organizationId, (tx) => tx.query('SELECT 1'));
    const [row] = await database.withSystem((tx) =>
      tx.query(
        `SELECT current_user = session_user AS owner, current_setting('tributary.organization_id', true) AS organization`,
      ),
    );
    expect(row?.['owner']).toBe(true);
    expect(row?.['organization'] ?? '').toBe('');
  });

  test('runs statements that are started together one after the other', async () => {
    const results = await database.withSystem((tx) =>
      Promise.all([1, 2, 3, 4].map((n) => tx.query('SELECT $1::integer AS n', [n]))),
    );
    expect(results).toEqual([[{ n: 1 }], [{ n: 2 }], [{ n: 3 }], [{ n: 4 }]]);
  });

  test('waits for its turn: many at once all come through', async () => {
    await database.withSystem((tx) => tx.execute('CREATE TABLE counters (n integer NOT NULL)'));
    await database.withSystem((tx) => tx.execute('INSERT INTO counters VALUES (0)'));
    await Promise.all(
      Array.from({ length: 40 }, () =>
        database.withSystem((tx) => tx.execute('UPDATE counters SET n = n + 1')),
      ),
    );
    expect(await database.withSystem((tx) => tx.query('SELECT n FROM counters'))).toEqual([{ n: 40 }]);
  });

  test('refuses another one inside it, where the embedded store would wait for itself', async () => {
    const run = database.withSystem(() => database.withSystem((tx) => tx.query('SELECT 1')));
    await expect(run).rejects.toThrow('inside another one');
  });

  test('refuses a statement after its end', async () => {
    let escaped: (() => Promise<unknown>) | undefined;
    await database.withSystem(async (tx) => {
      escaped = () => tx.query('SELECT 1');
    });
    expect(() => escaped?.()).toThrow('has ended');
  });

  test('is repeated after a deadlock or serialization failure only as often as it was told', async () => {
    let attempts = 0;
    const conflict = () =>
      database.withSystem(
        async (tx) => {
          attempts += 1;
          if (attempts < 3)
            await tx.execute(`DO $$ BEGIN RAISE EXCEPTION 'again' USING ERRCODE = '40001'; END $$`);
          return attempts;
        },
        { attemptsMax: 3 },
      );
    expect(await conflict()).toBe(3);
    attempts = -10;
    await expect(conflict()).rejects.toMatchObject({ code: '40001' });
    expect(attempts).toBe(-7);
  });

  test('refuses an organization id that is no UUID before it reaches SQL', async () => {
    await expect(
      database.withOrganization("x'; DROP TABLE organizations; --", (tx) => tx.query('SELECT 1')),
    ).rejects.toThrow('UUID');
  });

  test('names the constraint that a write violates', async () => {
    const insert = database.withSystem((tx) =>
      tx.execute('INSERT INTO organizations (organization_id, name) VALUES ($1::uuid, $2::text)', [
        organizationId,
        'Twice',
      ]),
    );
    await expect(insert).rejects.toMatchObject({ code: '23505', constraint: 'organizations_pkey' });
  });
});
