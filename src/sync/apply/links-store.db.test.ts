import { expect, test } from 'vitest';
import { describeOnBothStores, describeOnEmbeddedStore } from '../../../test/support/database.ts';
import { newId } from '../../kernel/ids.ts';
import type { SyncScope } from '../../model/sync-scope.ts';
import type { Database, Transaction } from '../../platform/database/database.ts';
import { findLinks, insertLinks, type LinkWrite } from './links-store.ts';

async function createScope(database: Database): Promise<SyncScope> {
  const organizationId = newId();
  await database.withSystem((tx) =>
    tx.execute('INSERT INTO organizations (organization_id, name) VALUES ($1, $2)', [
      organizationId,
      organizationId,
    ]),
  );
  return {
    organizationId,
    entityId: newId(),
    connectionId: newId(),
    connector: 'hubspot',
    accountId: '1',
    mode: 'live',
  };
}

const write = (key: string, fields: Partial<LinkWrite> = {}): LinkWrite => ({
  key,
  target: 'customer',
  targetId: newId(),
  revision: 1,
  fingerprint: '',
  applied: {},
  sourceVersion: null,
  ...fields,
});

describeOnBothStores('Links', (open) => {
  test('are found by type and id, the newest of each, and no others', async () => {
    const database = await open();
    const scope = await createScope(database);
    const found = await database.withOrganization(scope.organizationId, async (tx) => {
      await insertLinks(tx, scope, [
        write('company:1', { revision: 2 }),
        write('company:1', { revision: 10 }),
        write('company:1', { target: 'document', revision: 11 }),
        write('contact:1'),
        write('contact:2'),
      ]);
      return findLinks(tx, scope, 'customer', ['company:1', 'contact:1', 'company:2']);
    });
    const revisions = Object.fromEntries([...found].map(([key, { revision }]) => [key, revision]));
    expect(revisions).toEqual({ 'company:1': 10, 'contact:1': 1 });
  });
});

// A server of PostgreSQL makes its statistics when it likes, and plans by them.
describeOnEmbeddedStore('Links on the embedded store', (open) => {
  test('are looked up by their ids, also before anything is known of the table', async () => {
    const database = await open();
    const scope = await createScope(database);
    const plans: string[] = [];
    await database.withOrganization(scope.organizationId, async (tx) => {
      await insertLinks(
        tx,
        scope,
        Array.from({ length: 2_000 }, (_, index) => write(`company:${index}`)),
      );
      const explained: Transaction = {
        ...tx,
        query: async (sql, parameters) => {
          const rows = await tx.query<{ 'QUERY PLAN': string }>(`EXPLAIN ${sql}`, parameters);
          plans.push(rows.map((row) => row['QUERY PLAN']).join('\n'));
          return tx.query(sql, parameters);
        },
      };
      await findLinks(explained, scope, 'customer', ['company:1', 'company:2', 'contact:1']);
    });
    expect(plans).toHaveLength(2);
    for (const plan of plans) expect(plan).toMatch(/Index Cond: .*source_id = ANY/);
  });
});
