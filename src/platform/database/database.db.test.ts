import { beforeAll, expect, test } from 'vitest';
import { createOrganization, describeOnBothStores } from '../../../test/support/database.ts';
import type { Database } from './database.ts';

describeOnBothStores('A database', (open) => {
  let database: Database;
  beforeAll(async () => {
    database = await open();
  });

  test('opens migrated and empty', async () => {
    const organizationId = await createOrganization(database);
    const rows = await database.withOrganization(organizationId, (tx) =>
      tx.query('SELECT name FROM organizations'),
    );
    expect(rows).toEqual([{ name: 'Test organization' }]);
  });
});
