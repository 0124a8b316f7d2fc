import { beforeAll, expect, test } from 'vitest';
import { createOrganization, describeOnBothStores } from '../../../test/support/database.ts';
import { newId } from '../../kernel/ids.ts';
import type { Database } from './database.ts';

interface Tenant {
  readonly organizationId: string;
  readonly userId: string;
  readonly entityId: string;
  readonly connectionId: string;
  readonly runId: string;
  readonly accountId: string;
  readonly customerId: string;
  readonly documentId: string;
}

type Row = Readonly<Record<string, string>>;

const userRow = (organizationId: string, id: string): Row => ({
  ...{ id, organization_id: organizationId, email: `${id}@example.com`, name: 'Somebody' },
  ...{ role: 'viewer', password_hash: 'x' },
});
const sessionRow = (organizationId: string, userId: string): Row => ({
  ...{ token_hash: newId(), organization_id: organizationId, user_id: userId, expires_at: '2030-01-01' },
});
const entityRow = (organizationId: string, id: string): Row => ({
  ...{ id, organization_id: organizationId, name: id, mode: 'live', base_currency: 'EUR' },
});
const connectionRow = (organizationId: string, id: string, entityId: string): Row => ({
  ...{ id, organization_id: organizationId, entity_id: entityId, connector: 'crm', name: 'CRM' },
  ...{ mode: 'live', status: 'connected', account_id: id, account_name: 'CRM', auth_kind: 'token' },
  ...{ account_currency: 'EUR', account_time_zone: 'UTC', connected_by: 'system:test' },
});
const configurationRow = (organizationId: string, connectionId: string): Row => ({
  ...{ organization_id: organizationId, connection_id: connectionId, version: '1', settings: '{}' },
  ...{ created_by: 'system:test' },
});
const runRow = (organizationId: string, id: string, connectionId: string): Row => ({
  ...{ id, organization_id: organizationId, connection_id: connectionId, kind: 'sync', trigger: 'manual' },
  ...{ requested_by: 'system:test', status: 'failed' },
});
const runRecordRow = (organizationId: string, runId: string): Row => ({
  ...{ organization_id: organizationId, run_id: runId, source_type: 'deal', source_id: newId() },
  ...{ decision: 'skip', reason: 'None.' },
});
const accountRow = (organizationId: string, id: string, entityId: string): Row => ({
  ...{ id, organization_id: organizationId, entity_id: entityId, number: id.slice(-12), name: 'Sales' },
  type: 'income',
});
const itemRow = (organizationId: string, entityId: string, accountId: string): Row => ({
  ...{ id: newId(), organization_id: organizationId, entity_id: entityId, sku: newId(), name: 'Work' },
  ...{ kind: 'service', income_account_id: accountId },
});
const customerRow = (organizationId: string, id: string, entityId: string, more: Row = {}): Row => ({
  ...{ id, organization_id: organizationId, entity_id: entityId, kind: 'company', name: 'Customer' },
  ...{ normalized_name: 'customer', ...more },
});
const documentRow = (organizationId: string, id: string, entityId: string, customerId: string): Row => ({
  ...{ id, organization_id: organizationId, entity_id: entityId, kind: 'invoice', customer_id: customerId },
  ...{ currency: 'EUR', total_minor: '0', open_minor: '0', document_date: '2030-01-01' },
  ...{ due_date: '2030-01-31', created_by: 'system:test', updated_by: 'system:test' },
});
const documentLineRow = (organizationId: string, documentId: string, accountId: string): Row => ({
  ...{ organization_id: organizationId, document_id: documentId, position: '1', description: 'Work' },
  ...{ quantity: '1', unit_price: '0', amount_minor: '0', account_id: accountId },
});

/** Raw SQL in the request role. Row-level security takes each of these rows: it is of its own organization and only points out of it. */
describeOnBothStores('A foreign key', (open) => {
  let database: Database;
  let ours: Tenant;
  let theirs: Tenant;

  const insert = (organizationId: string, table: string, row: Row): Promise<unknown> =>
    database.withOrganization(organizationId, (tx) =>
      tx.execute(
        `INSERT INTO ${table} (${Object.keys(row).join(', ')})
         SELECT ${Object.keys(row).join(', ')} FROM jsonb_populate_record(NULL::${table}, $1::jsonb)`,
        [JSON.stringify(row)],
      ),
    );

  async function createTenant(name: string): Promise<Tenant> {
    const organizationId = await createOrganization(database, name);
    const [userId, entityId, connectionId, runId] = [newId(), newId(), newId(), newId()];
    const [accountId, customerId, documentId] = [newId(), newId(), newId()];
    const add = (table: string, row: Row) => insert(organizationId, table, row);
    await add('users', userRow(organizationId, userId));
    await add('entities', entityRow(organizationId, entityId));
    await add('connections', connectionRow(organizationId, connectionId, entityId));
    await add('runs', runRow(organizationId, runId, connectionId));
    await add('accounts', accountRow(organizationId, accountId, entityId));
    await add('customers', customerRow(organizationId, customerId, entityId));
    await add('documents', documentRow(organizationId, documentId, entityId, customerId));
    return {
      ...{ organizationId, userId, entityId, connectionId, runId, accountId, customerId, documentId },
    };
  }

  beforeAll(async () => {
    database = await open();
    ours = await createTenant('Ours');
    theirs = await createTenant('Theirs');
  });

  /** The row of our organization that points at what `to` has. */
  const rowsTo: readonly [string, string, (own: Tenant, to: Tenant) => Row][] = [
    ['sessions', 'user', (own, to) => sessionRow(own.organizationId, to.userId)],
    ['connections', 'entity', (own, to) => connectionRow(own.organizationId, newId(), to.entityId)],
    ['configurations', 'connection', (own, to) => configurationRow(own.organizationId, to.connectionId)],
    [
      'pull_cursors',
      'connection',
      (own, to) => ({ organization_id: own.organizationId, connection_id: to.connectionId }),
    ],
    ['runs', 'connection', (own, to) => runRow(own.organizationId, newId(), to.connectionId)],
    ['run_records', 'run', (own, to) => runRecordRow(own.organizationId, to.runId)],
    ['accounts', 'entity', (own, to) => accountRow(own.organizationId, newId(), to.entityId)],
    ['items', 'account', (own, to) => itemRow(own.organizationId, own.entityId, to.accountId)],
    ['customers', 'entity', (own, to) => customerRow(own.organizationId, newId(), to.entityId)],
    [
      'customers',
      'successor',
      (own, to) => customerRow(own.organizationId, newId(), own.entityId, { merged_into: to.customerId }),
    ],
    [
      'document_lines',
      'account',
      (own, to) => documentLineRow(own.organizationId, own.documentId, to.accountId),
    ],
  ];

  test.each(rowsTo)('lets no row of %s point at another organization’s %s', async (table, _, rowTo) => {
    await expect(insert(ours.organizationId, table, rowTo(ours, theirs))).rejects.toMatchObject({
      code: '23503',
    });
    await insert(ours.organizationId, table, rowTo(ours, ours));
  });

  test('between tables of tenants carries the organization', async () => {
    const keys = await database.withSystem((tx) =>
      tx.query<{ name: string; definition: string }>(
        `SELECT k.conrelid::regclass::text || ' ' || k.conname AS name, pg_get_constraintdef(k.oid) AS definition
         FROM pg_constraint k
         WHERE k.contype = 'f' AND k.connamespace = current_schema()::regnamespace
           AND k.confrelid <> 'organizations'::regclass ORDER BY 1`,
      ),
    );
    expect(keys.length).toBeGreaterThan(20);
    const carrying =
      /^FOREIGN KEY \(organization_id, (entity_id, )?\w+\) REFERENCES \w+\(organization_id, (entity_id, )?\w+\)/;
    expect(keys.filter(({ definition }) => !carrying.test(definition))).toEqual([]);
  });
});
