import { beforeAll, expect, test } from 'vitest';
import { createOrganization, describeOnBothStores } from '../../test/support/database.ts';
import type { CalendarDate } from '../kernel/dates.ts';
import { newId } from '../kernel/ids.ts';
import type { Database, Transaction } from '../platform/database/database.ts';
import {
  deleteDraftDocuments,
  documentStates,
  insertDraftDocuments,
  updateDraftDocuments,
} from './document-drafts-store.ts';
import { getDocument, getDocuments } from './documents-store.ts';
import { documentToWire } from './documents-wire.ts';
import { postDocuments } from './posting.ts';
import {
  openSampleBooks,
  type SampleBooks,
  sampleDraft,
  sampleDraftRow,
  sampleLine,
} from './sample-books.ts';
import { upsertSalesReps } from './sales-reps-store.ts';

describeOnBothStores('Draft documents', (open) => {
  let database: Database;
  let books: SampleBooks;

  beforeAll(async () => {
    database = await open();
    books = await openSampleBooks(database, await createOrganization(database));
  });

  const inBooks = <T>(work: (tx: Transaction) => Promise<T>): Promise<T> =>
    database.withOrganization(books.scope.organizationId, work);

  test('come back as the JSON of the interface', async () => {
    const line = sampleLine(books.itemId, 1, 17982n, {
      sourceId: 'li-1',
      sku: 'SKU-1',
      description: 'Seats, "gold"',
      quantity: '2.50',
      unitPrice: '79.920',
      discountPercent: '10',
      discountMinor: 1998n,
      taxMinor: 3417n,
    });
    const fixed = sampleLine(books.itemId, 2, 950n, { discountMinor: 50n });
    const source = {
      connector: 'crm',
      accountId: '62515',
      mode: 'live',
      connectionId: newId(),
      type: 'deal',
      id: '77',
    } as const;
    const wire = await inBooks(async (tx) => {
      const [salesRepId] = await upsertSalesReps(tx, books.scope, [
        { id: newId(), draft: { name: 'Rita Rep', email: 'rita@example.com' } },
      ]);
      const draft = sampleDraft(books, [line, fixed], {
        currency: 'EUR',
        memo: 'Deal 77',
        dimensions: { costCentre: 'CC-1' },
        customProperties: { segment: 'SMB' },
        sourceUrl: 'https://crm.example/deals/77',
        warnings: [{ code: 'amount_differs', message: 'The deal says 1.00 EUR more.' }],
      });
      const row = sampleDraftRow(books, draft, { source, salesRepId: salesRepId ?? null });
      expect(await insertDraftDocuments(tx, books.scope, [row])).toEqual([row.id]);
      const document = await getDocument(tx, row.id);
      return document === null ? null : documentToWire(document);
    });
    const untaxed = { taxCodeId: null, taxCode: null, account: null };
    expect(wire).toEqual({
      creditsDocumentId: null,
      dispute: null,
      updatedBy: 'sync',
      editedAt: null,
      editedBy: null,
      taxes: [{ code: null, name: 'CRM tax', rate: null, base: '179.82', tax: '34.17', note: null }],
      id: wire?.id,
      kind: 'invoice',
      number: null,
      status: 'draft',
      currency: 'EUR',
      total: '223.49',
      taxTotal: '34.17',
      openAmount: '223.49',
      documentDate: '2026-03-10',
      dueDate: '2026-04-09',
      description: 'Licences',
      memo: 'Deal 77',
      salesRep: { name: 'Rita Rep', email: 'rita@example.com' },
      entity: books.entity.name,
      entityId: books.entity.id,
      customer: { id: books.customerId, name: 'Acme Ltd', sourceId: '900' },
      source: { connector: 'crm', type: 'deal', id: '77', url: 'https://crm.example/deals/77' },
      connectionId: source.connectionId,
      lines: [
        {
          position: 1,
          description: 'Seats, "gold"',
          sku: 'SKU-1',
          quantity: '2.5',
          unitPrice: '79.92',
          discountPercent: '10',
          discountAmount: '19.98',
          tax: '34.17',
          amount: '179.82',
          itemId: books.itemId,
          sourceId: 'li-1',
          ...untaxed,
        },
        {
          position: 2,
          description: 'Line 2',
          sku: null,
          quantity: '1',
          unitPrice: '1',
          discountPercent: null,
          discountAmount: '0.50',
          tax: '0.00',
          amount: '9.50',
          itemId: books.itemId,
          sourceId: null,
          ...untaxed,
        },
      ],
      dimensions: { costCentre: 'CC-1' },
      customProperties: { segment: 'SMB' },
      warnings: [{ code: 'amount_differs', message: 'The deal says 1.00 EUR more.' }],
      exchangeRate: null,
      version: 1,
      createdAt: wire?.createdAt,
      updatedAt: wire?.updatedAt,
      postedAt: null,
      reversedAt: null,
    });
    expect(wire?.createdAt).toMatch(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3,6}Z$/);
  });

  test('are updated with their lines, each with an outcome of its own', async () => {
    const rows = [1n, 2n, 3n, 4n].map((amount) =>
      sampleDraftRow(books, sampleDraft(books, [amount, amount])),
    );
    const [kept, posted, stale, gone] = rows.map(({ id }) => id);
    const result = await inBooks(async (tx) => {
      await insertDraftDocuments(tx, books.scope, rows);
      await postDocuments(tx, [posted ?? ''], books.context);
      const draft = sampleDraft(books, [500n], {
        description: 'Changed',
        dueDate: '2026-05-05' as CalendarDate,
      });
      const changes = rows.map((row, index) => ({
        ...row,
        id: index === 3 ? newId() : row.id,
        draft,
        lineItemIds: [books.itemId],
        expectedVersion: index === 2 ? 9 : 1,
      }));
      // Another one has no version to compare: whatever stands is replaced.
      const { expectedVersion: _expectedVersion, ...unconditional } = { ...changes[0]!, id: gone ?? '' };
      const outcomes = await updateDraftDocuments(tx, books.scope, [...changes, unconditional]);
      return { outcomes, documents: await getDocuments(tx, [kept ?? '', posted ?? '', stale ?? '']) };
    });
    expect(result.outcomes.map(({ outcome, version }) => [outcome, version])).toEqual([
      ['done', 2],
      ['not_draft', 2],
      ['changed', 1],
      ['missing', null],
      ['done', 2],
    ]);
    const byId = new Map(result.documents.map((document) => [document.id, document]));
    expect(byId.get(kept ?? '')).toMatchObject({
      description: 'Changed',
      totalMinor: 500n,
      openMinor: 500n,
      version: 2,
    });
    expect(byId.get(kept ?? '')?.lines.map(({ amountMinor }) => amountMinor)).toEqual([500n]);
    expect(byId.get(posted ?? '')).toMatchObject({ description: 'Licences', totalMinor: 4n });
    expect(byId.get(stale ?? '')).toMatchObject({ description: 'Licences', totalMinor: 6n });
  });

  test('are deleted with their lines; posted and unknown ones are refused and named', async () => {
    const rows = [1n, 2n].map((amount) => sampleDraftRow(books, sampleDraft(books, [amount])));
    const [draft, posted] = rows.map(({ id }) => id);
    const result = await inBooks(async (tx) => {
      await insertDraftDocuments(tx, books.scope, rows);
      await postDocuments(tx, [posted ?? ''], books.context);
      const outcomes = await deleteDraftDocuments(tx, books.scope, [draft ?? '', posted ?? '', newId()]);
      const lines = await tx.query('SELECT FROM document_lines WHERE document_id = $1::uuid', [draft]);
      return { outcomes, lines, states: await documentStates(tx, [draft ?? '', posted ?? '']) };
    });
    expect(result.outcomes.map(({ outcome }) => outcome)).toEqual(['done', 'not_draft', 'missing']);
    expect(result.lines).toEqual([]);
    expect(result.states).toMatchObject([{ id: posted, status: 'posted', version: 2 }]);
    expect(result.states[0]?.number).toMatch(/^INV-\d{6}$/);
  });

  test('of another entity cannot be changed through this one', async () => {
    const other = await openSampleBooks(database, books.scope.organizationId);
    const row = sampleDraftRow(other, sampleDraft(other, [100n]));
    const outcomes = await inBooks(async (tx) => {
      await insertDraftDocuments(tx, other.scope, [row]);
      const updated = await updateDraftDocuments(tx, books.scope, [row]);
      return [...updated, ...(await deleteDraftDocuments(tx, books.scope, [row.id]))];
    });
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['missing', 'missing']);
  });

  test('that do not add up stop the program before they reach the books', async () => {
    const row = sampleDraftRow(books, sampleDraft(books, [100n], { totalMinor: 99n }));
    await expect(inBooks((tx) => insertDraftDocuments(tx, books.scope, [row]))).rejects.toThrow(
      'sum of lines and tax',
    );
  });

  test('of no rows are no statement', async () => {
    const nothing = await inBooks(async (tx) => [
      await insertDraftDocuments(tx, books.scope, []),
      await updateDraftDocuments(tx, books.scope, []),
      await deleteDraftDocuments(tx, books.scope, []),
      await documentStates(tx, []),
    ]);
    expect(nothing).toEqual([[], [], [], []]);
  });
});
