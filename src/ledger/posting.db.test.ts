import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { createOrganization, describeOnBothStores, whereParallel } from '../../test/support/database.ts';
import { currencyCodes } from '../kernel/currencies.ts';
import type { CalendarDate } from '../kernel/dates.ts';
import { newId } from '../kernel/ids.ts';
import type { Database, Transaction } from '../platform/database/database.ts';
import { changeAccount } from './accounts.ts';
import { listAccounts } from './accounts-store.ts';
import { insertDraftDocuments } from './document-drafts-store.ts';
import { getDocument } from './documents-store.ts';
import { setExchangeRate } from './exchange-rates.ts';
import { listDocumentEntryIds, listJournal } from './journal-list-store.ts';
import { type PostingOutcome, postDocuments, postingBatchMax } from './posting.ts';
import { reverseDocument, reverseDocuments } from './reversal.ts';
import {
  openSampleBooks,
  type SampleBooks,
  sampleDraft,
  sampleDraftRow,
  sampleLine,
} from './sample-books.ts';
import { readTrialBalance } from './trial-balance-store.ts';

type Lines = Parameters<typeof sampleDraft>[1];
type Fields = Parameters<typeof sampleDraft>[2];

async function addDraft(tx: Transaction, books: SampleBooks, lines: Lines, fields?: Fields): Promise<string> {
  const row = sampleDraftRow(books, sampleDraft(books, lines, fields));
  await insertDraftDocuments(tx, books.scope, [row]);
  return row.id;
}

const codesOf = (outcomes: readonly PostingOutcome[]): string[] =>
  outcomes.map((outcome) => (outcome.outcome === 'failed' ? outcome.error.code : outcome.number));

describeOnBothStores('Posting invoices', (open, kind) => {
  let database: Database;
  let organizationId: string;

  beforeAll(async () => {
    database = await open();
    organizationId = await createOrganization(database);
  });

  const inBooks = <T>(books: SampleBooks, work: (tx: Transaction) => Promise<T>): Promise<T> =>
    database.withOrganization(books.scope.organizationId, work);

  test('books receivable against income by line and tax, and gives the next number', async () => {
    const books = await openSampleBooks(database, organizationId);
    const lines = [
      sampleLine(books.itemId, 1, 10000n, { taxMinor: 1900n }),
      sampleLine(books.itemId, 2, -500n, { taxMinor: -95n }),
    ];
    const { journal, document } = await inBooks(books, async (tx) => {
      const id = await addDraft(tx, books, lines);
      await postDocuments(tx, [id], books.context);
      return {
        journal: (await listJournal(tx, { documentId: id })).data,
        document: await getDocument(tx, id, new Date('2026-03-11T00:00:00Z')),
      };
    });
    expect(document).toMatchObject({
      status: 'posted',
      number: 'INV-000001',
      totalMinor: 11305n,
      openMinor: 11305n,
    });
    expect(
      journal.map(({ account, debit, credit, currency }) => ({ account, debit, credit, currency })),
    ).toEqual([
      { account: '1200', debit: '113.05', credit: '0.00', currency: 'USD' },
      { account: '4000', debit: '0.00', credit: '100.00', currency: 'USD' },
      { account: '4000', debit: '5.00', credit: '0.00', currency: 'USD' },
      { account: '2200', debit: '0.00', credit: '18.05', currency: 'USD' },
    ]);
  });

  test('takes the rate on or before the document date and keeps the base in balance', async () => {
    const books = await openSampleBooks(database, organizationId);
    const { journal, document } = await inBooks(books, async (tx) => {
      await setExchangeRate(
        tx,
        books.entity.id,
        { currency: 'EUR', date: '2026-03-01', rate: '1.5' },
        books.context,
      );
      await setExchangeRate(
        tx,
        books.entity.id,
        { currency: 'EUR', date: '2026-03-11', rate: '9' },
        books.context,
      );
      const id = await addDraft(tx, books, [1n, 1n, 1n], { currency: 'EUR' });
      await postDocuments(tx, [id], books.context);
      return {
        journal: (await listJournal(tx, { documentId: id })).data,
        document: await getDocument(tx, id),
      };
    });
    // 3 cents at 1.5 are 4.5, so 5; three lines of 2 would be 6.
    expect(journal.map(({ baseDebit, baseCredit }) => [baseDebit, baseCredit])).toEqual([
      ['0.05', '0.00'],
      ['0.00', '0.01'],
      ['0.00', '0.02'],
      ['0.00', '0.02'],
    ]);
    expect(document?.exchangeRate).toBe('1.5');
  });

  test('posts the good ones of a batch and says of each other one why not, without a gap in the numbers', async () => {
    const books = await openSampleBooks(database, organizationId);
    const outcomes = await inBooks(books, async (tx) => {
      const good = await addDraft(tx, books, [100n]);
      const foreign = await addDraft(tx, books, [100n], { currency: 'CHF' });
      const empty = await addDraft(tx, books, [0n]);
      const contract = await addDraft(tx, books, [100n], { kind: 'contract' });
      const also = await addDraft(tx, books, [200n]);
      const first = await postDocuments(
        tx,
        [good, foreign, newId(), empty, contract, also, good],
        books.context,
      );
      const second = await postDocuments(tx, [good, await addDraft(tx, books, [300n])], books.context);
      return [...first, ...second];
    });
    expect(codesOf(outcomes)).toEqual([
      'INV-000001',
      'no_exchange_rate',
      'not_found',
      'invalid_amount',
      'invalid_request',
      'INV-000002',
      'INV-000001',
      'document_not_draft',
      'INV-000003',
    ]);
  });

  test('credits the account of the item or the connection’s own, and refuses one that is inactive', async () => {
    const books = await openSampleBooks(database, organizationId);
    await inBooks(books, async (tx) => {
      const accounts = new Map(
        (await listAccounts(tx, books.entity.id)).map((found) => [found.number, found.id]),
      );
      const connectionId = newId();
      const source = {
        connector: 'crm',
        accountId: '1',
        mode: 'live',
        connectionId,
        type: 'deal',
        id: '1',
      } as const;
      const row = sampleDraftRow(books, sampleDraft(books, [100n]), { source });
      await insertDraftDocuments(tx, books.scope, [row]);
      const wrongType = new Map([[connectionId, { income: '5000' }]]);
      const refused = await postDocuments(tx, [row.id], books.context, { overridesByConnection: wrongType });
      expect(codesOf(refused)).toEqual(['account_not_usable']);
      const overridesByConnection = new Map([
        [connectionId, { income: '4100', accounts_receivable: '1300' }],
      ]);
      await postDocuments(tx, [row.id], books.context, { overridesByConnection });
      const journal = await listJournal(tx, { documentId: row.id });
      expect(journal.data.map(({ account }) => account)).toEqual(['1300', '4100']);

      const incomeId = accounts.get('4100');
      await tx.execute('UPDATE items SET income_account_id = $1::uuid WHERE id = $2::uuid', [
        incomeId,
        books.itemId,
      ]);
      const byItem = await addDraft(tx, books, [100n]);
      await postDocuments(tx, [byItem], books.context);
      const lines = await listJournal(tx, { documentId: byItem });
      expect(lines.data.map(({ account }) => account)).toEqual(['1200', '4100']);
      await changeAccount(tx, books.scope, incomeId ?? '', { active: false }, books.context);
      const inactive = await postDocuments(tx, [await addDraft(tx, books, [100n])], books.context);
      expect(codesOf(inactive)).toEqual(['account_not_usable']);
    });
  });

  test('refuses an amount that is too large in the base currency', async () => {
    const books = await openSampleBooks(database, organizationId);
    const outcomes = await inBooks(books, async (tx) => {
      await setExchangeRate(
        tx,
        books.entity.id,
        { currency: 'KWD', date: '2026-01-01', rate: '999999' },
        books.context,
      );
      return postDocuments(tx, [await addDraft(tx, books, [10n ** 15n], { currency: 'KWD' })], books.context);
    });
    expect(codesOf(outcomes)).toEqual(['amount_out_of_range']);
  });

  test('refuses more documents at once than a batch holds', async () => {
    const ids = Array.from({ length: postingBatchMax + 1 }, newId);
    const posting = database.withOrganization(organizationId, (tx) =>
      postDocuments(tx, ids, { organizationId, actor: 'user:test' }),
    );
    await expect(posting).rejects.toMatchObject({ code: 'invalid_request' });
  });

  test('cannot see the documents of another organization', async () => {
    const books = await openSampleBooks(database, organizationId);
    const id = await inBooks(books, (tx) => addDraft(tx, books, [100n]));
    const stranger = await createOrganization(database, 'Stranger');
    const outcomes = await database.withOrganization(stranger, (tx) =>
      postDocuments(tx, [id], { organizationId: stranger, actor: 'user:test' }),
    );
    expect(codesOf(outcomes)).toEqual(['not_found']);
  });

  test('gives back the numbers of a transaction that is rolled back', async () => {
    const books = await openSampleBooks(database, organizationId);
    const rolledBack = inBooks(books, async (tx) => {
      await postDocuments(tx, [await addDraft(tx, books, [100n])], books.context);
      throw new Error('lost');
    });
    await expect(rolledBack).rejects.toThrow('lost');
    const outcomes = await inBooks(books, async (tx) =>
      postDocuments(tx, [await addDraft(tx, books, [100n])], books.context),
    );
    expect(codesOf(outcomes)).toEqual(['INV-000001']);
  });

  whereParallel(kind, () => {
    test('gives numbers without gap or repetition to many at once', async () => {
      const books = await openSampleBooks(database, organizationId);
      const numbers = await Promise.all(
        Array.from({ length: 12 }, (_, index) =>
          inBooks(books, async (tx) => {
            const id = await addDraft(tx, books, [100n]);
            const outcomes = await postDocuments(tx, [id], books.context);
            if (index % 3 === 0) throw new Error('rolled back');
            return codesOf(outcomes)[0];
          }).catch(() => null),
        ),
      );
      const given = numbers.flatMap((number) => number ?? []).toSorted();
      expect(given).toEqual(given.map((_, index) => `INV-${String(index + 1).padStart(6, '0')}`));
      expect(given).toHaveLength(8);
    });
  });

  test('keeps every entry and the trial balance in balance, whatever documents in whatever currency', async () => {
    const line = fc.record({
      amountMinor: fc.bigInt({ min: -(10n ** 7n), max: 10n ** 9n }),
      taxMinor: fc.bigInt({ min: 0n, max: 10n ** 7n }),
    });
    const document = fc
      .record({
        currency: fc.oneof(fc.constantFrom('USD', 'JPY', 'KWD', 'EUR'), fc.constantFrom(...currencyCodes)),
        rate: fc.tuple(fc.integer({ min: 1, max: 10 ** 9 }), fc.integer({ min: 0, max: 6 })),
        lines: fc.array(line, { minLength: 1, maxLength: 8 }),
      })
      .filter(({ lines }) => lines.reduce((sum, next) => sum + next.amountMinor + next.taxMinor, 0n) > 0n);
    const batch = fc.record({
      baseCurrency: fc.constantFrom('USD', 'JPY', 'KWD', 'CLF'),
      documents: fc.array(document, { minLength: 1, maxLength: 12 }),
    });
    await fc.assert(
      fc.asyncProperty(batch, async ({ baseCurrency, documents }) => {
        const books = await openSampleBooks(database, organizationId, { baseCurrency });
        const { outcomes, balance, rows } = await inBooks(books, async (tx) => {
          const ids: string[] = [];
          for (const { currency, rate, lines } of documents) {
            const text = `${rate[0]}e-${rate[1]}`;
            if (currency !== baseCurrency) {
              await setExchangeRate(
                tx,
                books.entity.id,
                { currency, date: '2026-01-01', rate: text },
                books.context,
              );
            }
            const drafts = lines.map(({ amountMinor, taxMinor }, index) =>
              sampleLine(books.itemId, index + 1, amountMinor, { taxMinor }),
            );
            ids.push(await addDraft(tx, books, drafts, { currency }));
          }
          const posted = await postDocuments(tx, ids, books.context);
          const sums = await tx.query<{
            id: string;
            total_minor: string;
            receivable: string;
            status: string;
            base: string;
          }>(
            `SELECT d.id, d.total_minor, d.status,
               sum(l.debit_minor - l.credit_minor) FILTER (WHERE a.number = '1200') AS receivable,
               sum(l.base_debit_minor - l.base_credit_minor) AS base
             FROM documents d
             JOIN journal_entries e ON e.document_id = d.id
             JOIN journal_lines l ON l.entry_id = e.id
             JOIN accounts a ON a.id = l.account_id
             WHERE d.entity_id = $1::uuid GROUP BY d.id`,
            [books.entity.id],
          );
          return { outcomes: posted, balance: await readTrialBalance(tx, books.entity.id, null), rows: sums };
        });
        const posted = outcomes.filter(({ outcome }) => outcome === 'posted');
        expect(
          codesOf(outcomes).filter((code) => !code.startsWith('INV-') && code !== 'amount_out_of_range'),
        ).toEqual([]);
        expect(rows).toHaveLength(posted.length);
        for (const row of rows) expect([row.receivable, row.base]).toEqual([row.total_minor, '0']);
        expect(balance.reduce((sum, { netMinor }) => sum + netMinor, 0n)).toBe(0n);
      }),
      { numRuns: 12 },
    );
  });
});

describeOnBothStores('Reversing invoices', (open) => {
  let database: Database;
  let books: SampleBooks;

  beforeAll(async () => {
    database = await open();
    books = await openSampleBooks(database, await createOrganization(database));
  });

  const inBooks = <T>(work: (tx: Transaction) => Promise<T>): Promise<T> =>
    database.withOrganization(books.scope.organizationId, work);

  test('undoes the entry on the day that is given, and the document stays readable', async () => {
    const { document, entries, before, after, journal } = await inBooks(async (tx) => {
      await setExchangeRate(
        tx,
        books.entity.id,
        { currency: 'EUR', date: '2026-01-01', rate: '1.1' },
        books.context,
      );
      const id = await addDraft(tx, books, [3333n, 1n], { currency: 'EUR' });
      await postDocuments(tx, [id], books.context);
      await reverseDocument(tx, id, books.context, { date: '2026-05-01' as CalendarDate });
      return {
        document: await getDocument(tx, id),
        entries: await listDocumentEntryIds(tx, id),
        before: await readTrialBalance(tx, books.entity.id, '2026-04-30' as CalendarDate),
        after: await readTrialBalance(tx, books.entity.id, '2026-05-01' as CalendarDate),
        journal: (await listJournal(tx, { documentId: id })).data,
      };
    });
    expect(document).toMatchObject({
      status: 'reversed',
      number: 'INV-000001',
      openMinor: 0n,
      totalMinor: 3334n,
    });
    expect(entries).toHaveLength(2);
    expect(before.map(({ netMinor }) => netMinor)).toEqual([3667n, -3667n]);
    expect(after.map(({ netMinor }) => netMinor)).toEqual([0n, 0n]);
    expect(journal[0]).toMatchObject({
      kind: 'reversal',
      date: '2026-05-01',
      credit: '33.34',
      baseCredit: '36.67',
    });
  });

  test('refuses drafts, reversed ones, unknown ones and a day before the document’s, and goes on with the others', async () => {
    const outcomes = await inBooks(async (tx) => {
      const draft = await addDraft(tx, books, [100n]);
      const reversed = await addDraft(tx, books, [100n]);
      const good = await addDraft(tx, books, [100n]);
      const late = await addDraft(tx, books, [100n], { documentDate: '2026-06-01' as CalendarDate });
      await postDocuments(tx, [reversed, good, late], books.context);
      await reverseDocument(tx, reversed, books.context);
      const date = '2026-04-01' as CalendarDate;
      return reverseDocuments(tx, [draft, reversed, newId(), late, good], books.context, { date });
    });
    expect(
      outcomes.map((outcome) => (outcome.outcome === 'failed' ? outcome.error.code : 'reversed')),
    ).toEqual(['document_not_posted', 'document_settled', 'not_found', 'invalid_request', 'reversed']);
  });

  test('takes today in the entity’s zone, or the document’s day when that is later', async () => {
    const dates = await inBooks(async (tx) => {
      const past = await addDraft(tx, books, [100n]);
      const future = await addDraft(tx, books, [100n], { documentDate: '2026-12-31' as CalendarDate });
      await postDocuments(tx, [past, future], books.context);
      const now = new Date('2026-07-01T23:30:00Z');
      await reverseDocuments(tx, [past, future], books.context, { now });
      const { data } = await listJournal(tx, { documentId: past });
      const later = await listJournal(tx, { documentId: future });
      return [data[0]?.date, later.data[0]?.date];
    });
    expect(dates).toEqual(['2026-07-01', '2026-12-31']);
  });
});
