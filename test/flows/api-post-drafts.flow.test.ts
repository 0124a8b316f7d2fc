import { beforeAll, expect, test } from 'vitest';
import { apiBasePath } from '../../src/contract/headers.ts';
import type { CalendarDate } from '../../src/kernel/dates.ts';
import { insertDraftDocuments } from '../../src/ledger/document-drafts-store.ts';
import {
  openSampleBooks,
  type SampleBooks,
  sampleDraft,
  sampleDraftRow,
} from '../../src/ledger/sample-books.ts';
import { describeOnBothStores } from '../support/database.ts';
import { type ApiFixture, bearer, bootstrapKey, openApi } from './api-fixture.ts';

type Fields = NonNullable<Parameters<typeof sampleDraft>[2]>;

const days = (index: number): Fields => ({
  documentDate: `2026-03-${String(28 - (index % 28)).padStart(2, '0')}` as CalendarDate,
  description: `Invoice ${index}`,
});

describeOnBothStores('Posting every draft that passes a filter', (open) => {
  let fixture: ApiFixture;

  beforeAll(async () => {
    fixture = await openApi(await open());
    return () => fixture.app.close();
  });

  const openBooks = (): Promise<SampleBooks> => openSampleBooks(fixture.database, fixture.organizationId);

  const addDrafts = (books: SampleBooks, drafts: readonly Fields[]): Promise<string[]> =>
    fixture.database.withOrganization(fixture.organizationId, (tx) =>
      insertDraftDocuments(
        tx,
        books.scope,
        drafts.map((fields) => sampleDraftRow(books, sampleDraft(books, [100n], fields))),
      ),
    );

  const post = async (payload: object, key = bootstrapKey) => {
    const answer = await fixture.app.inject({
      method: 'POST',
      url: `${apiBasePath}/documents/post-drafts`,
      headers: bearer(key),
      payload,
    });
    return { status: answer.statusCode, body: answer.json<Record<string, unknown>>() };
  };

  /** Numbers by document date, `null` for a draft. */
  const numbersOf = async (books: SampleBooks): Promise<(string | null)[]> => {
    const rows = await fixture.database.withOrganization(fixture.organizationId, (tx) =>
      tx.query<{ number: string | null }>(
        'SELECT d.number FROM documents d WHERE d.entity_id = $1::uuid ORDER BY d.document_date, d.id',
        [books.entity.id],
      ),
    );
    return rows.map(({ number }) => number);
  };

  test('gives numbers by date over more than one batch, and totals by currency', async () => {
    const books = await openBooks();
    await addDrafts(
      books,
      Array.from({ length: 620 }, (_, index) => days(index)),
    );
    const answer = await post({ entityId: books.entity.id, expectedCount: 620 });
    expect(answer).toEqual({
      status: 200,
      body: {
        posted: 620,
        failed: 0,
        totals: [{ currency: 'USD', count: 620, total: '620.00' }],
        failures: [],
      },
    });
    const expected = Array.from({ length: 620 }, (_, index) => `INV-${String(index + 1).padStart(6, '0')}`);
    expect(await numbersOf(books)).toEqual(expected);
  });

  test('leaves what the filter does not let through, and names what cannot be posted', async () => {
    const books = await openBooks();
    const [, , euro = ''] = await addDrafts(books, [
      days(0),
      days(1),
      { ...days(2), currency: 'EUR' },
      { ...days(3), description: 'Another' },
    ]);
    const answer = await post({ entityId: books.entity.id, q: 'invoice', expectedCount: 3 });
    expect(answer.body).toMatchObject({
      posted: 2,
      failed: 1,
      totals: [{ currency: 'USD', count: 2, total: '2.00' }],
      failures: [{ id: euro, description: 'Invoice 2', customer: 'Acme Ltd', code: 'no_exchange_rate' }],
    });
    expect(await numbersOf(books)).toEqual([null, null, 'INV-000001', 'INV-000002']);
  });

  test('posts nothing where there are other drafts than the caller has seen, or more than a request takes', async () => {
    const books = await openBooks();
    await addDrafts(books, [days(0), days(1)]);
    const { id: entityId } = books.entity;
    const more = await post({ entityId, expectedCount: 1 });
    expect(more).toMatchObject({ status: 409, body: { code: 'conflict' } });
    expect(more.body['detail']).toContain('1 drafts were expected; by now there are 2');
    expect(await post({ entityId, expectedCount: 3 })).toMatchObject({ status: 409 });
    expect(await post({ entityId, expectedCount: 10_001 })).toMatchObject({
      status: 400,
      body: { code: 'invalid_request' },
    });
    expect(await numbersOf(books)).toEqual([null, null]);
  });

  test('never reaches the drafts of another organization', async () => {
    const books = await openBooks();
    await addDrafts(books, [days(0)]);
    const strange = await post({ entityId: books.entity.id, expectedCount: 1 }, fixture.otherKey);
    expect(strange).toMatchObject({ status: 409, body: { code: 'conflict' } });
    expect(await numbersOf(books)).toEqual([null]);
  });
});
