import { documentHandlers } from '../src/api/handlers/documents.ts';
import type { Caller } from '../src/contract/handler.ts';
import { scopes } from '../src/contract/organization-wire.ts';
import type { CalendarDate } from '../src/kernel/dates.ts';
import { newId } from '../src/kernel/ids.ts';
import { insertDraftDocuments } from '../src/ledger/document-drafts-store.ts';
import { setExchangeRate } from '../src/ledger/exchange-rates.ts';
import { insertCustomers } from '../src/ledger/customers-store.ts';
import {
  openSampleBooks,
  type SampleBooks,
  sampleCustomer,
  sampleDraft,
  sampleDraftRow,
  sampleLine,
} from '../src/ledger/sample-books.ts';
import type { Database } from '../src/platform/database/database.ts';
import { median } from './median.ts';
import {
  countWritten,
  insertBeforePosting,
  insertRawPostings,
  readBeforePosting,
  readWrittenPostings,
} from './raw-posting.ts';
import { openStores, type StoreKind } from './stores.ts';

/**
 * So many draft invoices of three lines posted by one action of the API (without HTTP), and a raw insert of the rows that this wrote into a
 * fresh store of the same kind; both some times, by turns. Prints one JSON line. Arguments: store (`pglite` or `postgres`), number of
 * invoices, rounds.
 */
const kind = (process.argv[2] ?? 'pglite') as StoreKind;
const invoices = Number(process.argv[3] ?? 10_000);
const rounds = Number(process.argv[4] ?? 3);
const customers = 500;
const draftsPerStatement = 500;

async function fillDrafts(database: Database): Promise<SampleBooks> {
  const organizationId = newId();
  await database.withSystem((tx) =>
    tx.execute('INSERT INTO organizations (organization_id, name) VALUES ($1::uuid, $2::text)', [
      organizationId,
      'Bench',
    ]),
  );
  const books = await openSampleBooks(database, organizationId);
  const customerIds = Array.from({ length: customers }, newId);
  await database.withOrganization(organizationId, async (tx) => {
    await insertCustomers(
      tx,
      books.scope,
      customerIds.map((id, index) => ({ id, draft: sampleCustomer(`Customer ${index}`) })),
    );
    for (const [currency, rate] of [
      ['EUR', '1.1'],
      ['JPY', '0.0067'],
    ] as const)
      await setExchangeRate(tx, books.entity.id, { currency, date: '2026-01-01', rate }, books.context);
  });
  for (let start = 0; start < invoices; start += draftsPerStatement) {
    const rows = Array.from({ length: Math.min(draftsPerStatement, invoices - start) }, (_, offset) =>
      draftRow(books, customerIds, start + offset),
    );
    await database.withOrganization(organizationId, (tx) => insertDraftDocuments(tx, books.scope, rows));
  }
  return books;
}

/** Of ten: seven in dollars, two in euros, one in yen; every second one taxed. */
function draftRow(books: SampleBooks, customerIds: readonly string[], index: number) {
  const currency = index % 10 === 9 ? 'JPY' : index % 10 >= 7 ? 'EUR' : 'USD';
  const day = String(1 + (index % 28)).padStart(2, '0');
  const month = String(1 + (index % 6)).padStart(2, '0');
  const lines = [10_000n, 2_500n, 999n].map((amountMinor, line) =>
    sampleLine(books.itemId, line + 1, amountMinor + BigInt(index % 97), {
      taxMinor: index % 2 === 0 ? 100n : 0n,
    }),
  );
  const draft = sampleDraft(books, lines, {
    currency,
    documentDate: `2026-${month}-${day}` as CalendarDate,
    dueDate: `2026-08-${day}` as CalendarDate,
  });
  return sampleDraftRow(books, draft, { customerId: customerIds[index % customerIds.length] ?? '' });
}

async function measureRound(): Promise<{ postMs: number; rawMs: number; rows: number }> {
  const store = await stores.open();
  const fresh = await stores.open();
  try {
    const books = await fillDrafts(store.database);
    const before = await readBeforePosting(store.database);
    const [audit] = await store.database.withSystem((tx) =>
      tx.query<{ id: string }>('SELECT max(a.id) AS id FROM audit_entries a'),
    );
    await store.settle();
    const { organizationId } = books.scope;
    const caller: Caller = { organizationId, actor: 'system', scopes, userId: null };
    const started = performance.now();
    const { posted } = await documentHandlers(store.database).postDrafts(caller, {
      params: undefined,
      query: undefined,
      body: { expectedCount: invoices },
    });
    const postMs = performance.now() - started;
    if (posted !== invoices) throw new Error(`${posted} of ${invoices} were posted`);
    const written = await readWrittenPostings(store.database, audit?.id ?? '0');
    await insertBeforePosting(fresh.database, before);
    await fresh.settle();
    const rawMs = await insertRawPostings(fresh.database, organizationId, written);
    return { postMs, rawMs, rows: countWritten(written) };
  } finally {
    await store.remove();
    await fresh.remove();
  }
}

const stores = await openStores(kind);
try {
  const measured = [];
  for (let round = 0; round < rounds; round += 1) {
    const result = await measureRound();
    process.stderr.write(`${kind} ${JSON.stringify(result)}\n`);
    measured.push(result);
  }
  const postMs = median(measured.map((round) => round.postMs));
  const result = {
    store: kind,
    invoices,
    rounds,
    rows: measured[0]?.rows,
    postMs: Math.round(postMs),
    invoicesPerSecond: Math.round((invoices / postMs) * 1000),
    rawInsertMs: Math.round(median(measured.map((round) => round.rawMs))),
    ratioToRawInsert: Number(median(measured.map((round) => round.rawMs / round.postMs)).toFixed(3)),
    ratios: measured.map((round) => Number((round.rawMs / round.postMs).toFixed(3))),
    peakMb: Math.round(process.resourceUsage().maxRSS / 1024),
  };
  process.stdout.write(`${JSON.stringify(result)}\n`);
} finally {
  await stores.close();
}
