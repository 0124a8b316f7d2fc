import type { CalendarDate } from '../../src/kernel/dates.ts';
import type { Transaction } from '../../src/platform/database/database.ts';
import { readAgingTotals } from '../../src/reports/statements/ar-aging-store.ts';
import { readBalanceSheet } from '../../src/reports/statements/balance-sheet.ts';
import { readCustomerStatement } from '../../src/reports/statements/customer-statement-store.ts';
import {
  type ModelBooks,
  type ModelCustomer,
  type ModelEntity,
  type ModelEntry,
  standingDocuments,
} from './model-books.ts';
import { sum } from './model-money.ts';
import { Difference } from './operation.ts';

type Facts = ReadonlyMap<string, string>;

async function readFacts(tx: Transaction, sql: string): Promise<Facts> {
  const rows = await tx.query<{ key: string; fact: string }>(sql);
  return new Map(rows.map(({ key, fact }) => [key, fact]));
}

function mustAgree(name: string, found: Facts, expected: Facts): void {
  for (const [key, fact] of expected) {
    if (found.get(key) !== fact) {
      throw new Difference(name, `${key}: the books have ${found.get(key) ?? 'nothing'}, the model ${fact}`);
    }
  }
  for (const [key, fact] of found) {
    if (!expected.has(key)) throw new Difference(name, `${key}: the books have ${fact}, the model nothing`);
  }
}

/** What moved on each account, in each currency, on each day: in the currency and in the base. */
const balancesSql = `SELECT concat_ws(' ', e.entity_id, a.number, l.currency, e.entry_date) AS key,
    sum(l.debit_minor - l.credit_minor) || ' / ' || sum(l.base_debit_minor - l.base_credit_minor) AS fact
  FROM journal_entries e JOIN journal_lines l ON l.entry_id = e.id JOIN accounts a ON a.id = l.account_id
  GROUP BY e.entity_id, a.number, l.currency, e.entry_date
  HAVING sum(l.debit_minor - l.credit_minor) <> 0 OR sum(l.base_debit_minor - l.base_credit_minor) <> 0`;

function balancesOf(books: ModelBooks): Facts {
  const nets = new Map<string, { amount: bigint; base: bigint }>();
  for (const { entity, day, lines } of books.entries) {
    for (const { account, currency, amount, base } of lines) {
      const key = `${entity.id} ${account} ${currency} ${day}`;
      const net = nets.get(key) ?? { amount: 0n, base: 0n };
      nets.set(key, { amount: net.amount + amount, base: net.base + base });
    }
  }
  const standing = [...nets].filter(([, { amount, base }]) => amount !== 0n || base !== 0n);
  return new Map(standing.map(([key, { amount, base }]) => [key, `${amount} / ${base}`]));
}

const documentsSql = `SELECT d.id AS key, concat_ws(' ', d.kind, coalesce(d.number, 'no number'), d.status, d.currency, d.total_minor, d.open_minor,
    d.document_date, d.customer_id, CASE WHEN d.disputed_at IS NULL THEN 'undisputed' ELSE 'disputed' END) AS fact
  FROM documents d`;

const documentsOf = (books: ModelBooks): Facts =>
  new Map(
    standingDocuments(books).map((one) => {
      const total = sum(one.lines.flatMap(({ amount, tax }) => [amount, tax]));
      const dispute = one.disputed ? 'disputed' : 'undisputed';
      const { kind, number, status, currency, open, day, customer } = one;
      return [
        one.id,
        [kind, number ?? 'no number', status, currency, total, open, day, customer.id, dispute].join(' '),
      ];
    }),
  );

const receiptsSql = `SELECT r.id AS key, concat_ws(' ', r.number, r.status, r.currency, r.unapplied_minor, r.unapplied_base_minor, r.customer_id) AS fact
  FROM receipts r`;

const receiptsOf = (books: ModelBooks): Facts =>
  new Map(
    books.receipts.map(({ id, number, status, currency, left, leftBase, customer }) => [
      id,
      [number, status, currency, left, leftBase, customer.id].join(' '),
    ]),
  );

const settlementsSql = `SELECT k.key, count(*)::text AS fact FROM (
    SELECT concat_ws(' ', s.kind, coalesce(s.receipt_id, s.credit_note_id)::text, s.document_id::text, s.settled_on, s.amount_minor,
      s.source_base_minor, s.target_base_minor, s.undone_at IS NOT NULL) AS key
    FROM settlements s
  ) k GROUP BY k.key`;

function settlementsOf(books: ModelBooks): Facts {
  const counts = new Map<string, number>();
  for (const {
    kind,
    receipt,
    note,
    invoice,
    day,
    amount,
    sourceBase,
    targetBase,
    undone,
  } of books.settlements) {
    const parties = [receipt?.id ?? note?.id, invoice?.id].filter((id) => id !== undefined);
    const key = [kind, ...parties, day, amount, sourceBase, targetBase, undone ? 't' : 'f'].join(' ');
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return new Map([...counts].map(([key, count]) => [key, count.toString()]));
}

const periodsSql = `SELECT p.id AS key, p.status AS fact FROM fiscal_periods p
  UNION ALL SELECT y.id, CASE WHEN y.closed_at IS NULL THEN 'open' ELSE 'closed' END FROM fiscal_years y`;

const periodsOf = (books: ModelBooks): Facts =>
  new Map(
    books.entities.flatMap(({ periods, years }) => [
      ...periods.map(({ id, status }) => [id, status] as const),
      ...years.map(({ id, closed }) => [id, closed ? 'closed' : 'open'] as const),
    ]),
  );

const mastersSql = `SELECT c.id AS key, 'customer ' || coalesce(c.merged_into::text, '') AS fact FROM customers c
  UNION ALL SELECT i.id, 'item ' || i.sku FROM items i
  UNION ALL SELECT a.id, concat_ws(' ', 'account', a.number, a.active) FROM accounts a`;

const mastersOf = (books: ModelBooks): Facts =>
  new Map(
    books.entities.flatMap(({ customers, items, accounts }) => [
      ...customers.map(({ id, mergedInto }) => [id, `customer ${mergedInto?.id ?? ''}`] as const),
      ...items.map(({ id, sku }) => [id, `item ${sku}`] as const),
      ...accounts.map(({ id, number, active }) => [id, `account ${number} ${active ? 't' : 'f'}`] as const),
    ]),
  );

/** Throws a `Difference` where the books say something else than the model. */
export async function compareBooks(tx: Transaction, books: ModelBooks): Promise<void> {
  mustAgree('documents', await readFacts(tx, documentsSql), documentsOf(books));
  mustAgree('balances', await readFacts(tx, balancesSql), balancesOf(books));
  mustAgree('receipts', await readFacts(tx, receiptsSql), receiptsOf(books));
  mustAgree('settlements', await readFacts(tx, settlementsSql), settlementsOf(books));
  mustAgree('periods', await readFacts(tx, periodsSql), periodsOf(books));
  mustAgree('masters', await readFacts(tx, mastersSql), mastersOf(books));
}

/** Throws a `Difference` where a statement of the program does not say what the model comes to. */
export async function compareStatements(tx: Transaction, books: ModelBooks): Promise<void> {
  for (const entity of books.entities) {
    for (const customer of entity.customers) await compareCustomer(tx, books, customer);
    for (const day of ['2023-12-31', '2024-03-31', '2024-06-30']) {
      await compareBalanceSheet(tx, books, entity, day);
      await compareAging(tx, books, entity, day);
    }
  }
}

async function compareBalanceSheet(
  tx: Transaction,
  books: ModelBooks,
  entity: ModelEntity,
  day: string,
): Promise<void> {
  const sheet = await readBalanceSheet(tx, entity.id, [day as CalendarDate]);
  const [assets = 0n] = sheet.assetsMinor;
  const [liabilities = 0n] = sheet.liabilitiesMinor;
  const [equity = 0n] = sheet.equityMinor;
  const where = `${entity.name} on ${day}`;
  if (assets !== liabilities + equity) {
    throw new Difference(
      'the balance sheet balances',
      `${where}: ${assets} against ${liabilities} and ${equity}`,
    );
  }
  const owned = new Set(entity.accounts.filter(({ type }) => type === 'asset').map(({ number }) => number));
  const lines = books.entries
    .filter((one) => one.entity === entity && one.day <= day)
    .flatMap((one) => one.lines);
  const expected = sum(lines.filter(({ account }) => owned.has(account)).map(({ base }) => base));
  if (assets !== expected)
    throw new Difference('statements', `assets of ${where}: ${assets}, the model ${expected}`);
}

interface Pair {
  readonly amount: bigint;
  readonly base: bigint;
}

const noPair: Pair = { amount: 0n, base: 0n };
const plus = (left: Pair, right: Pair): Pair => ({
  amount: left.amount + right.amount,
  base: left.base + right.base,
});

/** Where money stands that is on no invoice yet. */
const prepayments = '2150';

/** What brought money, used it, gave it back, and took any of that back. */
function entriesOfReceipts(books: ModelBooks, entity: ModelEntity): ReadonlySet<ModelEntry> {
  const first = [
    ...books.receipts.map(({ entry }) => entry),
    ...books.settlements.flatMap(({ receipt, entry }) => (receipt ? [entry] : [])),
  ].filter((entry) => entry.entity === entity);
  return new Set(first.flatMap((entry) => (entry.takenBackBy ? [entry, entry.takenBackBy] : [entry])));
}

async function compareAging(
  tx: Transaction,
  books: ModelBooks,
  entity: ModelEntity,
  day: string,
): Promise<void> {
  const filter = { entityId: entity.id, at: day as CalendarDate, by: 'due_date' as const, customerId: null };
  const totals = await readAgingTotals(tx, filter);
  const found = totals.map(
    ({ currency, openMinor, baseMinor, unappliedMinor, unappliedBaseMinor }) =>
      [currency, `${openMinor} / ${baseMinor} with ${unappliedMinor} / ${unappliedBaseMinor}`] as const,
  );
  const open = new Map<string, { documents: Pair; unapplied: Pair }>();
  const nothing = { documents: noPair, unapplied: noPair };
  const moneyEntries = entriesOfReceipts(books, entity);
  for (const entry of books.entries) {
    if (entry.entity !== entity || entry.day > day) continue;
    for (const one of entry.lines) {
      const before = open.get(one.currency) ?? nothing;
      if (one.document) {
        open.set(one.currency, { ...before, documents: plus(before.documents, one) });
      } else if (one.account === prepayments && moneyEntries.has(entry)) {
        open.set(one.currency, { ...before, unapplied: plus(before.unapplied, one) });
      }
    }
  }
  const isOpen = ([, fact]: readonly [string, string]): boolean => fact !== '0 / 0 with 0 / 0';
  const expected = [...open].map(
    ([currency, { documents, unapplied }]) =>
      [
        currency,
        `${documents.amount + unapplied.amount} / ${documents.base + unapplied.base} with ${unapplied.amount} / ${unapplied.base}`,
      ] as const,
  );
  mustAgree(
    `aging of ${entity.name} on ${day}`,
    new Map(found.filter(isOpen)),
    new Map(expected.filter(isOpen)),
  );
}

/** What a customer owes, less credit notes and money that are not used yet, in each currency. */
async function compareCustomer(tx: Transaction, books: ModelBooks, customer: ModelCustomer): Promise<void> {
  const range = { from: null, to: '2024-06-30' as CalendarDate };
  const { currencies } = await readCustomerStatement(tx, customer.id, range);
  const found = currencies.map(({ currency, closingMinor }) => [currency, closingMinor] as const);
  const owed = new Map<string, bigint>();
  const add = (currency: string, amount: bigint): void => {
    owed.set(currency, (owed.get(currency) ?? 0n) + amount);
  };
  for (const one of standingDocuments(books)) {
    if (one.customer !== customer || one.status === 'draft') continue;
    add(one.currency, one.kind === 'invoice' ? one.open : -one.open);
  }
  for (const one of books.receipts) if (one.customer === customer) add(one.currency, -one.left);
  const isOwed = ([, amount]: readonly [string, bigint]): boolean => amount !== 0n;
  const textOf = ([currency, amount]: readonly [string, bigint]) => [currency, amount.toString()] as const;
  mustAgree(
    `statement of ${customer.name}`,
    new Map(found.filter(isOwed).map(textOf)),
    new Map([...owed].filter(isOwed).map(textOf)),
  );
}
