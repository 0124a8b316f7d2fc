import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newId } from '../../src/kernel/ids.ts';
import { resolveAccountRoles } from '../../src/ledger/account-roles-store.ts';
import { bookAccountRoles } from '../../src/ledger/account-roles.ts';
import { verifyAudit } from '../../src/ledger/audit/verify.ts';
import { getDocument } from '../../src/ledger/documents-store.ts';
import { reverseDocument } from '../../src/ledger/reversal.ts';
import type { Database } from '../../src/platform/database/database.ts';
import { migrate } from '../../src/platform/database/migrate.ts';
import { readMigrations } from '../../src/platform/database/migrations.ts';
import { createOrganization, describeOnBothStores } from '../support/database.ts';
import { engineOf } from '../support/engine-of.ts';

const migrationsFolder = fileURLToPath(new URL('../../migrations', import.meta.url));

/** The migrations of the first version that people had: stores that it made are in the field. */
const firstVersion = 2;

const ids = {
  entity: newId(),
  receivable: newId(),
  income: newId(),
  ownAccount: newId(),
  customer: newId(),
  item: newId(),
  posted: newId(),
  draft: newId(),
  entry: newId(),
};

/** Books as the first version wrote them: one posted invoice, one draft, an account 2150 of the bookkeeper's own. */
async function writeBooks(database: Database, organizationId: string): Promise<void> {
  const sql = (text: string): string =>
    text
      .replaceAll('$organization', `'${organizationId}'::uuid`)
      .replace(/\$(\w+)/g, (_, name: keyof typeof ids) => `'${ids[name]}'::uuid`);
  await database.withOrganization(organizationId, async (tx) => {
    for (const statement of firstBooks) await tx.execute(sql(statement));
  });
}

const firstBooks = [
  `INSERT INTO entities (id, organization_id, name, mode, base_currency) VALUES ($entity, $organization, 'Old Ltd', 'live', 'USD')`,
  `INSERT INTO accounts (id, organization_id, entity_id, number, name, type) VALUES
     ($receivable, $organization, $entity, '1200', 'Accounts receivable', 'asset'),
     ($income, $organization, $entity, '4000', 'Sales', 'income'),
     ($ownAccount, $organization, $entity, '2150', 'Loan', 'liability')`,
  `INSERT INTO account_roles (organization_id, entity_id, role, account_id) VALUES
     ($organization, $entity, 'accounts_receivable', $receivable), ($organization, $entity, 'income', $income)`,
  `INSERT INTO number_series (organization_id, entity_id, kind, prefix, next_number) VALUES
     ($organization, $entity, 'invoice', 'INV-', 2), ($organization, $entity, 'credit_note', 'CN-', 1),
     ($organization, $entity, 'contract', 'CON-', 1), ($organization, $entity, 'sales_order', 'SO-', 1)`,
  `INSERT INTO customers (id, organization_id, entity_id, kind, name, normalized_name)
   VALUES ($customer, $organization, $entity, 'company', 'Acme', 'acme')`,
  `INSERT INTO items (id, organization_id, entity_id, sku, name, kind, is_default)
   VALUES ($item, $organization, $entity, 'DEFAULT', 'Sales', 'service', true)`,
  `INSERT INTO documents (id, organization_id, entity_id, kind, customer_id, currency, total_minor, open_minor, document_date, due_date,
     created_by, updated_by) VALUES
     ($posted, $organization, $entity, 'invoice', $customer, 'USD', 12345, 12345, '2026-03-10', '2026-04-09', 'sync', 'sync'),
     ($draft, $organization, $entity, 'invoice', $customer, 'USD', 500, 500, '2019-01-31', '2019-03-02', 'sync', 'sync')`,
  `INSERT INTO document_lines (organization_id, document_id, position, item_id, description, quantity, unit_price, amount_minor) VALUES
     ($organization, $posted, 1, $item, 'Licence', 1, 123.45, 12345), ($organization, $draft, 1, $item, 'Licence', 1, 5, 500)`,
  `INSERT INTO journal_entries (id, organization_id, entity_id, entry_date, kind, description, document_id, created_by)
   VALUES ($entry, $organization, $entity, '2026-03-10', 'document', 'Invoice', $posted, 'user:1')`,
  `INSERT INTO journal_lines (organization_id, entry_id, position, account_id, currency, debit_minor, credit_minor, base_debit_minor,
     base_credit_minor) VALUES
     ($organization, $entry, 1, $receivable, 'USD', 12345, 0, 12345, 0),
     ($organization, $entry, 2, $income, 'USD', 0, 12345, 0, 12345)`,
  `UPDATE documents SET status = 'posted', number = 'INV-000001', exchange_rate = 1, posted_at = now(), posted_by = 'user:1'
   WHERE id = $posted`,
];

describeOnBothStores('A store of the first version, brought up to date', (open) => {
  let folder: string;
  let database: Database;
  let organizationId: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tributary-upgrade-'));
    const first = (await readdir(migrationsFolder)).filter((name) => name.endsWith('.sql')).toSorted();
    for (const name of first.slice(0, firstVersion))
      await cp(join(migrationsFolder, name), join(folder, name));
    database = await open({ migrationsDir: folder });
    organizationId = await createOrganization(database);
    await writeBooks(database, organizationId);
    await migrate(engineOf(database), await readMigrations(migrationsFolder));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test('says on the lines of its entries whose receivable they are', async () => {
    const lines = await database.withOrganization(organizationId, (tx) =>
      tx.query('SELECT position, document_id FROM journal_lines ORDER BY position'),
    );
    expect(lines).toEqual([
      { position: 1, document_id: ids.posted },
      { position: 2, document_id: null },
    ]);
  });

  test('has accounts for the new parts, and leaves a number that is taken to its owner', async () => {
    const roles = await database.withOrganization(organizationId, (tx) =>
      resolveAccountRoles(tx, ids.entity, bookAccountRoles),
    );
    const numbers = Object.fromEntries(roles.map(({ role, account }) => [role, account?.number ?? null]));
    expect(numbers).toMatchObject({
      accounts_receivable: '1200',
      income: '4000',
      bad_debts: '6300',
      contract_asset: '1300',
      unrealized_fx_gain: '4950',
      unrealized_fx_loss: '6910',
      customer_prepayments: null,
    });
  });

  test('is taken over into the audit trail as it is found, and a change of it shows from then on', async () => {
    const context = { organizationId, actor: 'user:1' };
    const taken = { holds: true, takenOver: { journalEntries: 1, documents: 1 }, problems: [] };
    expect(await verifyAudit(database, context)).toMatchObject(taken);
    const describe = (text: string): Promise<void> =>
      database.withSystem(async (tx) => {
        await tx.execute('SET LOCAL session_replication_role = replica');
        await tx.execute('UPDATE journal_entries SET description = $1::text', [text]);
      });
    await describe('Forged');
    const { problems } = await verifyAudit(database, context);
    expect(problems).toMatchObject([{ kind: 'journal_entry_changed', subjectId: ids.entry }]);
    await describe('Invoice');
    expect(await verifyAudit(database, context)).toMatchObject(taken);
  });

  test('keeps its documents, and they can be worked with', async () => {
    const context = { organizationId, actor: 'user:1' };
    const reversed = await database.withOrganization(organizationId, async (tx) => {
      await reverseDocument(tx, ids.posted, context);
      return getDocument(tx, ids.posted);
    });
    expect(reversed).toMatchObject({ number: 'INV-000001', status: 'reversed', openMinor: 0n });
  });
});
