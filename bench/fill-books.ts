import { newId } from '../src/kernel/ids.ts';
import { listAccounts } from '../src/ledger/accounts-store.ts';
import { createEntity } from '../src/ledger/entities.ts';
import { findDefaultItem } from '../src/ledger/items-store.ts';
import type { Database, Transaction } from '../src/platform/database/database.ts';

/** The books are of five years, up to this day. */
export const firstDay = '2021-07-01';
export const lastDay = '2026-06-30';

export interface FilledBooks {
  readonly organizationId: string;
  readonly entityId: string;
  /** The customer with the most invoices. */
  readonly largestCustomerId: string;
  readonly journalLines: number;
  readonly documents: number;
}

/** Of each invoice 4 or 5 lines, of most a payment and its allocation with 2 each: this share of the lines makes invoices of them. */
const invoicesPerLine = 0.115;

/**
 * Books of one entity with so many journal lines, within one: invoices of three lines in four currencies (a half of them taxed) to
 * customers of whom a few get most, paid after 5 to 54 days, in part, or not at all, and expenses from the bank. Written by plain SQL
 * with the triggers off, as the owner of the tables, since it is the reading that is measured; what the triggers would have checked is
 * true of the rows. The same for the same number on every machine, but for the ids of entity and accounts.
 */
export async function fillBooks(database: Database, journalLines: number): Promise<FilledBooks> {
  const organizationId = newId();
  await database.withSystem((tx) =>
    tx.execute('INSERT INTO organizations (organization_id, name) VALUES ($1::uuid, $2::text)', [
      organizationId,
      'Bench',
    ]),
  );
  const context = { organizationId, actor: 'system' };
  const { entityId, accounts, itemId } = await database.withOrganization(organizationId, async (tx) => {
    const fields = { name: 'Bench', mode: 'live', baseCurrency: 'USD', booksFrom: firstDay } as const;
    const entity = await createEntity(tx, fields as Parameters<typeof createEntity>[1], context);
    const scope = { organizationId, entityId: entity.id };
    const chart = await listAccounts(tx, entity.id);
    const item = await findDefaultItem(tx, scope);
    return {
      entityId: entity.id,
      accounts: new Map(chart.map(({ number, id }) => [number, id])),
      itemId: item?.id ?? '',
    };
  });
  const customers = Math.max(50, Math.round(journalLines / 500));
  const invoices = Math.round(journalLines * invoicesPerLine);
  return database.withSystem(async (tx) => {
    await tx.execute('SET LOCAL session_replication_role = replica');
    await planRows(tx, { organizationId, entityId, itemId, invoices, customers, accounts });
    await insertDocuments(tx);
    await insertReceipts(tx);
    const [made] = await tx.query<{ lines: string }>('SELECT count(*) AS lines FROM bench_lines');
    await planExpenses(tx, Math.floor((journalLines - Number(made?.lines ?? 0)) / 2), invoices);
    await insertJournal(tx);
    const [counted] = await tx.query<{ lines: string }>('SELECT count(*) AS lines FROM journal_lines');
    const [largest] = await tx.query<{ customer_id: string }>(
      'SELECT d.customer_id FROM documents d GROUP BY d.customer_id ORDER BY count(*) DESC, d.customer_id LIMIT 1',
    );
    return {
      organizationId,
      entityId,
      largestCustomerId: largest?.customer_id ?? '',
      journalLines: Number(counted?.lines ?? 0),
      documents: invoices,
    };
  });
}

/** A UUID of version 7 of this day, number and kind (one hexadecimal digit), so that ids grow with the days as those of real books do. */
const idSql = (day: string, number: string, kind: string): string =>
  `(lpad(to_hex(extract(epoch FROM ${day})::bigint * 1000 + ${number} % 86400000), 12, '0') || '7000800000000000000' || '${kind}')::uuid`;

/** A whole number from 0 to 9,999 that looks random; another one for each `salt`. */
const chance = (salt: number): string => `(abs(hashint8(i * 16 + ${salt})::bigint) % 10000)`;

interface Plan {
  readonly organizationId: string;
  readonly entityId: string;
  readonly itemId: string;
  readonly invoices: number;
  readonly customers: number;
  readonly accounts: ReadonlyMap<string, string>;
}

/** Temporary tables of what there will be: `bench_books` (one row), `bench_customers`, `bench_invoices`, `bench_lines`, `bench_entries`. */
async function planRows(tx: Transaction, plan: Plan): Promise<void> {
  const numbers = ['1000', '1200', '2150', '2200', '4000', '4100', '4900', '5000', '6000', '6100', '6200'];
  await tx.execute(
    `CREATE TEMP TABLE bench_books ON COMMIT DROP AS SELECT '${plan.organizationId}'::uuid AS organization_id, '${plan.entityId}'::uuid AS entity_id,
       '${plan.itemId}'::uuid AS item_id, ${numbers.map((number) => `'${plan.accounts.get(number) ?? ''}'::uuid AS a${number}`).join(', ')}`,
  );
  await tx.execute(
    `INSERT INTO customers (id, organization_id, entity_id, kind, name, normalized_name)
     SELECT ${idSql("date '2021-01-01'", 'i', 'c')}, b.organization_id, b.entity_id, 'company', 'Customer ' || i, 'customer ' || i
     FROM generate_series(1, ${plan.customers}) AS i, bench_books b`,
  );
  await tx.execute(
    `CREATE TEMP TABLE bench_invoices ON COMMIT DROP AS
     SELECT p.*, round(p.net * p.tax_rate)::bigint AS tax_minor, p.net + round(p.net * p.tax_rate)::bigint AS total_minor,
       round(p.a1 * p.factor)::bigint + round(p.a2 * p.factor)::bigint + round(p.a3 * p.factor)::bigint
         + round(round(p.net * p.tax_rate) * p.factor)::bigint AS base_minor,
       ${idSql('p.day', 'p.i', 'd')} AS document_id, ${idSql('p.day', 'p.i', 'e')} AS entry_id,
       ${idSql("date '2021-01-01'", 'p.customer', 'c')} AS customer_id,
       ${idSql('p.paid_day', 'p.i', '1')} AS receipt_id, ${idSql('p.paid_day', 'p.i', '2')} AS receipt_entry_id,
       ${idSql('p.paid_day', 'p.i', '3')} AS settlement_id, ${idSql('p.paid_day', 'p.i', '4')} AS settlement_entry_id
     FROM (
       SELECT q.*, q.a1 + q.a2 + q.a3 AS net,
         CASE q.currency WHEN 'EUR' THEN 1.1 WHEN 'JPY' THEN 0.67 WHEN 'KWD' THEN 0.325 ELSE 1 END AS factor,
         CASE WHEN q.paid_day > date '${lastDay}' OR q.paying >= 9700 THEN 'none' WHEN q.paying >= 9300 THEN 'half' ELSE 'full' END AS paid
       FROM (
         SELECT i, date '${firstDay}' + (i * (date '${lastDay}' - date '${firstDay}') / ${plan.invoices})::integer AS day,
           date '${firstDay}' + (i * (date '${lastDay}' - date '${firstDay}') / ${plan.invoices})::integer + 5 + (${chance(1)} % 50)::integer AS paid_day,
           ${chance(2)} AS paying, 1 + floor(${plan.customers} * power(${chance(3)} / 10000.0, 2))::bigint AS customer,
           CASE WHEN ${chance(4)} < 7000 THEN 'USD' WHEN ${chance(4)} < 9000 THEN 'EUR' WHEN ${chance(4)} < 9500 THEN 'JPY' ELSE 'KWD' END AS currency,
           CASE WHEN ${chance(5)} < 5000 THEN 0.19 ELSE 0 END AS tax_rate,
           1000 + ${chance(6)} * 7 AS a1, 500 + ${chance(7)} * 3 AS a2, 100 + ${chance(8)} AS a3
         FROM generate_series(1, ${plan.invoices}::bigint) AS i
       ) AS q
     ) AS p`,
  );
  await tx.execute(
    'CREATE TEMP TABLE bench_entries (id uuid, day date, kind text, description text, document_id uuid) ON COMMIT DROP',
  );
  await tx.execute(
    'CREATE TEMP TABLE bench_lines (entry_id uuid, position integer, account_id uuid, currency text, amount bigint, base bigint, document_id uuid) ON COMMIT DROP',
  );
}

const paidMinor = `(CASE v.paid WHEN 'half' THEN v.total_minor / 2 ELSE v.total_minor END)`;
const paidBaseMinor = `(CASE v.paid WHEN 'half' THEN v.base_minor / 2 ELSE v.base_minor END)`;

async function insertDocuments(tx: Transaction): Promise<void> {
  await tx.execute(
    `INSERT INTO documents (id, organization_id, entity_id, kind, number, status, customer_id, currency, total_minor, tax_minor, open_minor,
       document_date, due_date, description, exchange_rate, created_at, created_by, updated_at, updated_by, posted_at, posted_by)
     SELECT v.document_id, b.organization_id, b.entity_id, 'invoice', 'INV-' || lpad(v.i::text, 7, '0'),
       CASE v.paid WHEN 'full' THEN 'paid' WHEN 'half' THEN 'partly_paid' ELSE 'posted' END, v.customer_id, v.currency, v.total_minor,
       v.tax_minor, CASE v.paid WHEN 'none' THEN v.total_minor ELSE v.total_minor - ${paidMinor} END, v.day, v.day + 30,
       'Services of ' || to_char(v.day, 'FMMonth YYYY'), v.factor, v.day + interval '9 hours', 'system', v.day + interval '9 hours', 'system',
       v.day + interval '10 hours', 'system'
     FROM bench_invoices v, bench_books b ORDER BY v.i`,
  );
  await tx.execute(
    `INSERT INTO document_lines (organization_id, document_id, position, item_id, description, quantity, unit_price, tax_minor, amount_minor)
     SELECT b.organization_id, v.document_id, n.position, b.item_id, 'Service ' || n.position, 1, n.amount,
       CASE n.position WHEN 1 THEN v.tax_minor ELSE 0 END, n.amount
     FROM bench_invoices v, bench_books b, LATERAL (VALUES (1, v.a1), (2, v.a2), (3, v.a3)) AS n (position, amount) ORDER BY v.i`,
  );
  await tx.execute(
    `INSERT INTO bench_entries SELECT v.entry_id, v.day, 'document', 'Services of ' || to_char(v.day, 'FMMonth YYYY'), v.document_id FROM bench_invoices v`,
  );
  await tx.execute(
    `INSERT INTO bench_lines
     SELECT v.entry_id, n.position, n.account_id, v.currency, n.amount, n.base, CASE n.position WHEN 1 THEN v.document_id END
     FROM bench_invoices v, bench_books b, LATERAL (VALUES
       (1, b.a1200, v.total_minor, v.base_minor),
       (2, b.a4000, -v.a1, -round(v.a1 * v.factor)::bigint),
       (3, CASE WHEN v.i % 3 = 0 THEN b.a4100 ELSE b.a4000 END, -v.a2, -round(v.a2 * v.factor)::bigint),
       (4, b.a4000, -v.a3, -round(v.a3 * v.factor)::bigint),
       (5, b.a2200, -v.tax_minor, -round(v.tax_minor * v.factor)::bigint)
     ) AS n (position, account_id, amount, base)
     WHERE n.amount <> 0`,
  );
}

/** The payments, and their allocations on the same day. */
async function insertReceipts(tx: Transaction): Promise<void> {
  await tx.execute(
    `INSERT INTO receipts (id, organization_id, entity_id, customer_id, number, currency, amount_minor, base_minor, exchange_rate, received_on,
       bank_account_id, prepayment_account_id, method, unapplied_minor, unapplied_base_minor, entry_id, created_by)
     SELECT v.receipt_id, b.organization_id, b.entity_id, v.customer_id, 'RCT-' || lpad(v.i::text, 7, '0'), v.currency, ${paidMinor},
       ${paidBaseMinor}, v.factor, v.paid_day, b.a1000, b.a2150, 'bank_transfer', 0, 0, v.receipt_entry_id, 'system'
     FROM bench_invoices v, bench_books b WHERE v.paid <> 'none' ORDER BY v.paid_day, v.i`,
  );
  await tx.execute(
    `INSERT INTO settlements (id, organization_id, entity_id, kind, receipt_id, document_id, currency, amount_minor, source_base_minor,
       target_base_minor, settled_on, entry_id, created_by)
     SELECT v.settlement_id, b.organization_id, b.entity_id, 'receipt', v.receipt_id, v.document_id, v.currency, ${paidMinor},
       ${paidBaseMinor}, ${paidBaseMinor}, v.paid_day, v.settlement_entry_id, 'system'
     FROM bench_invoices v, bench_books b WHERE v.paid <> 'none' ORDER BY v.paid_day, v.i`,
  );
  await tx.execute(
    `INSERT INTO bench_entries
     SELECT n.id, v.paid_day, n.kind, n.description, NULL::uuid FROM bench_invoices v, LATERAL (VALUES
       (v.receipt_entry_id, 'receipt', 'Payment'), (v.settlement_entry_id, 'settlement', 'Allocation')
     ) AS n (id, kind, description) WHERE v.paid <> 'none'`,
  );
  await tx.execute(
    `INSERT INTO bench_lines
     SELECT n.entry_id, n.position, n.account_id, v.currency, n.sign * ${paidMinor}, n.sign * ${paidBaseMinor}, n.document_id
     FROM bench_invoices v, bench_books b, LATERAL (VALUES
       (v.receipt_entry_id, 1, b.a1000, 1, NULL::uuid), (v.receipt_entry_id, 2, b.a2150, -1, NULL::uuid),
       (v.settlement_entry_id, 1, b.a2150, 1, NULL::uuid), (v.settlement_entry_id, 2, b.a1200, -1, v.document_id)
     ) AS n (entry_id, position, account_id, sign, document_id) WHERE v.paid <> 'none'`,
  );
}

/** Expenses from the bank, two lines each. */
async function planExpenses(tx: Transaction, entries: number, invoices: number): Promise<void> {
  const day = `(date '${firstDay}' + (i * (date '${lastDay}' - date '${firstDay}') / ${Math.max(1, entries)})::integer)`;
  const number = `(i + ${invoices})`;
  await tx.execute(
    `INSERT INTO bench_entries SELECT ${idSql(day, number, '5')}, ${day}, 'manual', 'Expense', NULL::uuid FROM generate_series(1, ${entries}::bigint) AS i`,
  );
  await tx.execute(
    `INSERT INTO bench_lines
     SELECT ${idSql(day, number, '5')}, n.position, n.account_id, 'USD', n.sign * (100 + ${chance(9)}), n.sign * (100 + ${chance(9)}), NULL::uuid
     FROM generate_series(1, ${entries}::bigint) AS i, bench_books b, LATERAL (VALUES
       (1, CASE i % 4 WHEN 0 THEN b.a5000 WHEN 1 THEN b.a6000 WHEN 2 THEN b.a6100 ELSE b.a6200 END, 1), (2, b.a1000, -1)
     ) AS n (position, account_id, sign)`,
  );
}

/** In the order of the ids, which is that of the days. */
async function insertJournal(tx: Transaction): Promise<void> {
  await tx.execute(
    `INSERT INTO journal_entries (id, organization_id, entity_id, entry_date, kind, description, document_id, created_at, created_by)
     SELECT e.id, b.organization_id, b.entity_id, e.day, e.kind, e.description, e.document_id, e.day + interval '12 hours', 'system'
     FROM bench_entries e, bench_books b ORDER BY e.id`,
  );
  await tx.execute(
    `INSERT INTO journal_lines (organization_id, entry_id, position, account_id, currency, debit_minor, credit_minor, base_debit_minor,
       base_credit_minor, document_id, entry_date)
     SELECT b.organization_id, l.entry_id, l.position, l.account_id, l.currency, greatest(l.amount, 0), greatest(-l.amount, 0),
       greatest(l.base, 0), greatest(-l.base, 0), l.document_id, e.day
     FROM bench_lines l JOIN bench_entries e ON e.id = l.entry_id, bench_books b ORDER BY l.entry_id, l.position`,
  );
}
