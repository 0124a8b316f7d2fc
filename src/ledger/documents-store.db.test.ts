import { beforeAll, expect, test } from 'vitest';
import { createOrganization, describeOnBothStores } from '../../test/support/database.ts';
import type { CalendarDate } from '../kernel/dates.ts';
import { newId } from '../kernel/ids.ts';
import type { Database, Transaction } from '../platform/database/database.ts';
import { insertCustomers } from './customers-store.ts';
import { insertDraftDocuments } from './document-drafts-store.ts';
import type { DocumentFilter } from './document-filter.ts';
import {
  type Document,
  type DocumentSort,
  documentSortKeys,
  getDocument,
  listDocuments,
  readDocumentTotals,
} from './documents-store.ts';
import type { Page } from '../platform/database/page-cursor.ts';
import { postDocuments } from './posting.ts';
import {
  openSampleBooks,
  type SampleBooks,
  sampleCustomer,
  sampleDraft,
  sampleDraftRow,
} from './sample-books.ts';

const day = (text: string): CalendarDate => text as CalendarDate;
const now = new Date('2026-04-10T01:00:00Z');

describeOnBothStores('A list of documents', (open) => {
  let database: Database;
  let books: SampleBooks;
  const connectionId = newId();
  /** In the order of making. `INV-000001` is due on 9 April, `INV-000002` on 30 April. */
  let ids: string[];

  beforeAll(async () => {
    database = await open();
    // Nine in the evening of 9 April in New York: the 9th is not over there.
    books = await openSampleBooks(database, await createOrganization(database), {
      timeZone: 'America/New_York',
    });
    await inBooks(async (tx) => {
      const betaId = newId();
      await insertCustomers(tx, books.scope, [{ id: betaId, draft: sampleCustomer('Beta 100% GmbH') }]);
      const source = {
        connector: 'crm',
        accountId: '1',
        mode: 'live',
        connectionId,
        type: 'deal',
        id: 'D-4711',
      } as const;
      const rows = [
        sampleDraftRow(books, sampleDraft(books, [10000n])),
        sampleDraftRow(
          books,
          sampleDraft(books, [20000n], { documentDate: day('2026-03-12'), dueDate: day('2026-04-30') }),
        ),
        sampleDraftRow(books, sampleDraft(books, [300n], { currency: 'EUR', description: 'Über_setzung' }), {
          source,
        }),
        sampleDraftRow(books, sampleDraft(books, [400n], { documentDate: day('2026-02-01') }), {
          customerId: betaId,
        }),
        sampleDraftRow(
          books,
          sampleDraft(books, [20000n], { documentDate: day('2026-03-12'), memo: 'memo text' }),
        ),
      ];
      await insertDraftDocuments(tx, books.scope, rows);
      await postDocuments(tx, [rows[0]?.id ?? '', rows[1]?.id ?? ''], books.context);
      ids = rows.map(({ id }) => id);
    });
  });

  const inBooks = <T>(work: (tx: Transaction) => Promise<T>): Promise<T> =>
    database.withOrganization(books.scope.organizationId, work);

  const placesOf = async (filter: DocumentFilter, at = now): Promise<number[]> => {
    const { data } = await inBooks((tx) => listDocuments(tx, filter, { now: at }));
    return data.map(({ id }) => ids.indexOf(id)).toSorted((left, right) => left - right);
  };

  test('has the newest document date first', async () => {
    const { data, next } = await inBooks((tx) => listDocuments(tx, { entityId: books.entity.id }, { now }));
    // Ids tell the order of making by the millisecond; these were made within one.
    const expected = [[4, 1], [2, 0], [3]].flatMap((places) =>
      places.map((place) => ids[place] ?? '').toSorted((left, right) => (left < right ? 1 : -1)),
    );
    expect(data.map(({ id }) => id)).toEqual(expected);
    expect(data.map(({ lines }) => lines.length)).toEqual([1, 1, 1, 1, 1]);
    expect(next).toBeNull();
  });

  test('comes in pages that neither repeat nor leave out, in every order', async () => {
    for (const by of documentSortKeys) {
      for (const descending of [true, false]) {
        const sort: DocumentSort = { by, descending };
        const whole = await inBooks((tx) => listDocuments(tx, {}, { sort, now }));
        const paged: string[] = [];
        let after: string | null = null;
        do {
          const cursor: string | null = after;
          const page: Page<Document> = await inBooks((tx) =>
            listDocuments(tx, {}, { sort, now, limit: 2, after: cursor }),
          );
          paged.push(...page.data.map(({ id }) => id));
          after = page.next;
        } while (after !== null);
        expect(paged).toEqual(whole.data.map(({ id }) => id));
        expect(new Set(paged)).toEqual(new Set(ids));
      }
    }
  });

  test('is narrowed by every filter', async () => {
    expect(await placesOf({ statuses: ['draft'] })).toEqual([2, 3, 4]);
    expect(await placesOf({ currency: 'EUR' })).toEqual([2]);
    expect(await placesOf({ customerId: books.customerId, statuses: ['draft'] })).toEqual([2, 4]);
    expect(await placesOf({ from: day('2026-03-10'), to: day('2026-03-11') })).toEqual([0, 2]);
    expect(await placesOf({ connectionId })).toEqual([2]);
    expect(await placesOf({ sourceId: 'D-4711' })).toEqual([2]);
    expect(await placesOf({ ids: [ids[1] ?? '', newId()] })).toEqual([1]);
    expect(await placesOf({ kinds: ['contract'] })).toEqual([]);
    expect(await placesOf({ entityId: newId() })).toEqual([]);
  });

  test('is searched in number, description, memo, customer and source id, every sign as itself', async () => {
    expect(await placesOf({ text: 'inv-000002' })).toEqual([1]);
    expect(await placesOf({ text: 'ÜBER_' })).toEqual([2]);
    expect(await placesOf({ text: 'MEMO TEXT' })).toEqual([4]);
    expect(await placesOf({ text: '100%' })).toEqual([3]);
    expect(await placesOf({ text: 'd-4711' })).toEqual([2]);
    expect(await placesOf({ text: '%' })).toEqual([3]);
    expect(await placesOf({ text: "'; DROP TABLE documents; --" })).toEqual([]);
    expect(await placesOf({ text: '  ' })).toEqual([0, 1, 2, 3, 4]);
  });

  test('shows a posted document as overdue from the day after its due date in the entity’s zone', async () => {
    expect(await placesOf({ statuses: ['overdue'] })).toEqual([]);
    expect(await placesOf({ statuses: ['posted'] })).toEqual([0, 1]);
    const later = new Date('2026-04-10T04:00:00Z');
    expect(await placesOf({ statuses: ['overdue'] }, later)).toEqual([0]);
    expect(await placesOf({ statuses: ['posted'] }, later)).toEqual([1]);
    const document = await inBooks((tx) => getDocument(tx, ids[0] ?? '', later));
    expect(document?.status).toBe('overdue');
  });

  test('adds up by currency and status', async () => {
    const totals = await inBooks((tx) => readDocumentTotals(tx, {}, now));
    expect(totals).toEqual([
      { currency: 'EUR', status: 'draft', count: 1, totalMinor: 300n, taxMinor: 0n, openMinor: 300n },
      { currency: 'USD', status: 'draft', count: 2, totalMinor: 20400n, taxMinor: 0n, openMinor: 20400n },
      { currency: 'USD', status: 'posted', count: 2, totalMinor: 30000n, taxMinor: 0n, openMinor: 30000n },
    ]);
  });

  test('refuses a limit out of range and a cursor of another list or order', async () => {
    const list = (page: object) => inBooks((tx) => listDocuments(tx, {}, page));
    const page = await inBooks((tx) => listDocuments(tx, {}, { limit: 1 }));
    const tampered = Buffer.from(JSON.stringify(['documentDate DESC', 'x', newId()])).toString('base64url');
    for (const wrong of [
      { limit: 0 },
      { limit: 201 },
      { limit: 1.5 },
      { after: 'nonsense' },
      { after: tampered },
      { after: page.next, sort: { by: 'total', descending: true } },
    ]) {
      await expect(list(wrong)).rejects.toMatchObject({ code: 'invalid_request' });
    }
  });

  test('shows nothing to another organization', async () => {
    const stranger = await createOrganization(database, 'Stranger');
    const seen = await database.withOrganization(stranger, async (tx) => ({
      page: await listDocuments(tx, { ids }),
      one: await getDocument(tx, ids[0] ?? ''),
    }));
    expect(seen).toEqual({ page: { data: [], next: null }, one: null });
  });
});
