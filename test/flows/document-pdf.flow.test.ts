import { beforeAll, expect, test } from 'vitest';
import { apiBasePath } from '../../src/contract/headers.ts';
import { insertDraftDocuments } from '../../src/ledger/document-drafts-store.ts';
import { postDocuments } from '../../src/ledger/posting.ts';
import { openSampleBooks, sampleDraft, sampleDraftRow, sampleLine } from '../../src/ledger/sample-books.ts';
import { newId } from '../../src/kernel/ids.ts';
import { describeOnBothStores } from '../support/database.ts';
import { readPdf } from '../support/read-pdf.ts';
import { type ApiFixture, bearer, bootstrapKey, openApi } from './api-fixture.ts';

describeOnBothStores('The PDF of a document', (open) => {
  let api: ApiFixture;
  let id: string;
  let draftId: string;

  beforeAll(async () => {
    const database = await open();
    api = await openApi(database);
    const books = await openSampleBooks(database, api.organizationId, { baseCurrency: 'KWD' });
    const line = sampleLine(books.itemId, 1, 1_234_500n, {
      description: 'Lizenz für 株式会社',
      quantity: '3',
      unitPrice: '457.2222',
      discountPercent: '10',
      discountMinor: 137_167n,
      taxMinor: 61_725n,
    });
    const rows = [line, 5_000n].map((content) => sampleDraftRow(books, sampleDraft(books, [content])));
    [id = '', draftId = ''] = rows.map((row) => row.id);
    await database.withOrganization(api.organizationId, async (tx) => {
      await insertDraftDocuments(tx, books.scope, rows);
      await postDocuments(tx, [id], books.context);
    });
  });

  const get = (documentId: string, key = bootstrapKey) =>
    api.app.inject({
      method: 'GET',
      url: `${apiBasePath}/documents/${documentId}/pdf`,
      headers: bearer(key),
    });

  test('is a file that is named by the number and says what the books say', async () => {
    const answer = await get(id);
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['content-type']).toBe('application/pdf');
    expect(answer.headers['content-disposition']).toBe("inline; filename*=UTF-8''INV-000001.pdf");
    const { title, pages } = await readPdf(new Uint8Array(answer.rawPayload));
    expect(title).toBe('Invoice INV-000001');
    const text = pages.map((page) => page.text).join('\n');
    for (const part of [
      ...['Acme Ltd', 'Invoice date 2026-03-10', 'Due date 2026-04-09', 'Lizenz für 株式会社'],
      ...['3 457.2222 10 % 61.725 1,234.500', 'Tax on 1,234.500', '61.725', 'Total KWD 1,296.225'],
    ])
      expect(text).toContain(part);
    expect(text).not.toContain('DRAFT');
  });

  test('says who sends it, as the entity has it', async () => {
    const { entityId } = (
      await api.app.inject({ url: `${apiBasePath}/documents/${id}`, headers: bearer(bootstrapKey) })
    ).json<{ entityId: string }>();
    const ask = (method: 'PATCH' | 'PUT', path: string, payload: object) =>
      api.app.inject({ method, url: `${apiBasePath}${path}`, headers: bearer(bootstrapKey), payload });
    await ask('PATCH', `/entities/${entityId}`, {
      legalName: 'Kuwait Trading W.L.L.',
      address: {
        line1: 'Block 7',
        line2: null,
        city: 'Kuwait City',
        region: null,
        postalCode: '13001',
        country: 'Kuwait',
      },
      taxId: 'TAX-77',
      bankDetails: 'IBAN KW81CBKU0000000000001234560101',
    });
    const dot =
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==';
    await ask('PUT', `/entities/${entityId}/logo`, { data: dot });
    const { pages } = await readPdf(new Uint8Array((await get(id)).rawPayload));
    const text = pages.map((page) => page.text).join('\n');
    for (const part of [
      'Kuwait Trading W.L.L.',
      '13001 Kuwait City',
      'TAX-77',
      'KW81CBKU0000000000001234560101',
    ])
      expect(text).toContain(part);
  });

  test('of a draft says so', async () => {
    const answer = await get(draftId);
    expect(answer.headers['content-disposition']).toContain('draft-invoice.pdf');
    const { pages } = await readPdf(new Uint8Array(answer.rawPayload));
    expect(pages[0]?.text).toContain('DRAFT');
  });

  test('is not given without a key, to another organization, or of nothing', async () => {
    const url = `${apiBasePath}/documents/${id}/pdf`;
    expect((await api.app.inject({ method: 'GET', url })).statusCode).toBe(401);
    expect((await get(id, api.otherKey)).statusCode).toBe(404);
    const missing = await get(newId());
    expect(missing.json()).toMatchObject({ code: 'not_found' });
    expect(missing.headers['content-type']).toContain('application/problem+json');
  });
});
