import { beforeEach, expect, test } from 'vitest';
import { describeOnEmbeddedStore } from '../../../test/support/database.ts';
import { newId } from '../../kernel/ids.ts';
import type { Database } from './database.ts';
import { refreshPlannerStatistics } from './planner-statistics.ts';

describeOnEmbeddedStore('The statistics for the planner', (open) => {
  let database: Database;

  beforeEach(async () => {
    database = await open();
    await database.withSystem((tx) => tx.execute('CREATE TABLE "Large one" (kind text, filling text)'));
  });

  const insert = (rows: number): Promise<number> =>
    database.withSystem((tx) =>
      tx.execute(
        `INSERT INTO "Large one" SELECT CASE WHEN n % 3 = 0 THEN 'deal' ELSE 'line_item' END, repeat('x', 1000) FROM generate_series(1, $1::integer) AS n`,
        [rows],
      ),
    );
  const refresh = (): Promise<string[]> => database.withSystem(refreshPlannerStatistics);

  test('are made of a table when it has become large, and again when it has grown to four times its size', async () => {
    await insert(100);
    expect(await refresh()).toEqual([]);
    await insert(1_100);
    expect(await refresh()).toEqual(['"Large one"']);
    expect(await refresh()).toEqual([]);
    await insert(3_000);
    expect(await refresh()).toEqual([]);
    await insert(1_000);
    expect(await refresh()).toEqual(['"Large one"']);
  });

  test('tell which values a column has', async () => {
    await insert(1_200);
    await refresh();
    const rows = await database.withSystem((tx) =>
      tx.query<{ distinct: number; common: string }>(
        `SELECT n_distinct AS distinct, most_common_vals::text AS common FROM pg_stats WHERE tablename = 'Large one' AND attname = 'kind'`,
      ),
    );
    expect(rows).toEqual([{ distinct: 2, common: '{line_item,deal}' }]);
  });
});

describeOnEmbeddedStore('The embedded store', (open) => {
  let database: Database;
  const organizationId = newId();
  const connectionId = newId();

  beforeEach(async () => {
    database = await open();
    await database.withSystem(async (tx) => {
      await tx.execute(`INSERT INTO organizations (organization_id, name) VALUES ($1, 'One')`, [
        organizationId,
      ]);
      // Whatever the constraints say of a connection: this is about the plan alone.
      await tx.execute('SET LOCAL session_replication_role = replica');
      await tx.execute(
        `INSERT INTO source_records (organization_id, connection_id, object_type, source_id, version, properties, facts, content_hash)
         SELECT $1::uuid, $2::uuid, CASE WHEN n % 3 = 0 THEN 'deal' ELSE 'line_item' END, n::text, now(), '{}', '{}', repeat('x', 27)
         FROM generate_series(1, 12000) AS n`,
        [organizationId, connectionId],
      );
    });
  });

  test('reads those of many records that are wanted, and not all of their type, once it has been used for a while', async () => {
    const planOf = (): Promise<string> =>
      database.withOrganization(organizationId, async (tx) => {
        const rows = await tx.query<{ 'QUERY PLAN': string }>(
          `EXPLAIN SELECT properties FROM source_records WHERE connection_id = $1 AND object_type = 'deal' AND source_id = ANY ($2::text[])`,
          [connectionId, Array.from({ length: 50 }, (_, index) => String(3 * index))],
        );
        return rows.map((row) => row['QUERY PLAN']).join('\n');
      });
    for (let transactions = 0; transactions < 20; transactions += 1)
      await database.withOrganization(organizationId, (tx) => tx.query('SELECT 1'));
    expect(await planOf()).toMatch(/Index Cond: .*source_id = ANY/);
  });
});
