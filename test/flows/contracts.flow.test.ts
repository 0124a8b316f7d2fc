import { beforeAll, expect, test } from 'vitest';
import { apiBasePath } from '../../src/contract/headers.ts';
import { type OperationId, routes } from '../../src/contract/routes.ts';
import type { CalendarDate } from '../../src/kernel/dates.ts';
import { newId } from '../../src/kernel/ids.ts';
import { insertDraftDocuments } from '../../src/ledger/document-drafts-store.ts';
import { openSampleBooks, sampleDraft, sampleDraftRow } from '../../src/ledger/sample-books.ts';
import { describeOnBothStores } from '../support/database.ts';
import { type ApiFixture, bearer, bootstrapKey, openApi } from './api-fixture.ts';

type Payload = Record<string, unknown>;

describeOnBothStores('Revenue contracts over the API', (open) => {
  let fixture: ApiFixture;
  let entityId: string;
  let id: string;

  const ask = async (
    operation: OperationId,
    params: Record<string, string> = {},
    query: Record<string, string> = {},
    payload?: Payload,
    key: string = bootstrapKey,
  ) => {
    const route = routes[operation];
    const path = route.path.replace(/:(\w+)/g, (_, name: string) => params[name] ?? '');
    const search = new URLSearchParams(query).toString();
    const answer = await fixture.app.inject({
      method: route.method,
      url: `${apiBasePath}${path}${search === '' ? '' : `?${search}`}`,
      headers: bearer(key),
      ...(payload === undefined ? {} : { payload }),
    });
    return { status: answer.statusCode, body: answer.json<Payload>() };
  };

  beforeAll(async () => {
    fixture = await openApi(await open());
    const books = await openSampleBooks(fixture.database, fixture.organizationId, { name: 'Contracts Ltd' });
    entityId = books.entity.id;
    const draft = sampleDraft(books, [120_000n], {
      kind: 'contract',
      documentDate: '2026-01-01' as CalendarDate,
    });
    const row = sampleDraftRow(books, draft);
    id = row.id;
    await fixture.database.withOrganization(fixture.organizationId, (tx) =>
      insertDraftDocuments(tx, books.scope, [row]),
    );
    return () => fixture.app.close();
  });

  test('are refused to strangers, and an unknown one is not found', async () => {
    expect((await ask('getContract', { id }, {}, undefined, 'nobody')).status).toBe(401);
    expect((await ask('getContract', { id: newId() })).body).toMatchObject({ code: 'not_found' });
  });

  test('go from a draft over activation, billing and recognition to the reports', async () => {
    expect((await ask('getContract', { id })).body).toMatchObject({
      document: { status: 'draft', kind: 'contract' },
      price: '1200.00',
      obligations: [{ allocated: '1200.00', serviceStart: '2026-01-01', serviceEnd: '2026-12-31' }],
    });
    const wrong = { billing: 'custom', billings: [{ date: '2026-01-01', amount: '5.00' }] };
    expect(await ask('activateContract', { id }, {}, wrong)).toMatchObject({ status: 400 });
    const terms = { billing: 'quarterly_advance', lines: [{ position: 1, recognition: 'monthly' }] };
    expect((await ask('activateContract', { id }, {}, terms)).body).toMatchObject({
      document: { status: 'active', number: 'CON-000001', openAmount: '0.00' },
    });
    expect((await ask('activateContract', { id }, {}, terms)).body).toMatchObject({
      code: 'document_not_draft',
    });
    const billed = await ask('billContract', { id }, {}, { upTo: '2026-01-31' });
    expect(billed.body['data']).toHaveLength(1);
    const [billId = ''] = billed.body['data'] as string[];
    const edited = await ask('updateDocument', { id: billId }, {}, { version: 1, memo: 'Cheaper' });
    expect(edited.body).toMatchObject({ detail: expect.stringContaining('change the contract') as string });
    await ask('postDocuments', {}, {}, { ids: [billId] });
    const preview = await ask('previewRecognitionRun', {}, { entityId, period: '2026-01-01' });
    expect(preview.body).toMatchObject({
      total: 1,
      contracts: 1,
      totals: [{ currency: 'USD', amount: '100.00' }],
      data: [{ amount: '100.00', contractNumber: 'CON-000001' }],
    });
    const run = await ask('postRecognitionRun', {}, {}, { entityId, period: '2026-01-01' });
    expect(run.body).toMatchObject({
      run: { date: '2026-01-31', totals: [{ currency: 'USD', amount: '100.00' }] },
    });
    const again = await ask('postRecognitionRun', {}, {}, { entityId, period: '2026-01-01' });
    expect(again.body).toEqual({ run: null });
    const report = await ask('getDeferredRevenue', {}, { entityId, from: '2026-01-01', to: '2026-02-01' });
    expect(report.body).toMatchObject({
      data: [
        {
          contractLiability: '200.00',
          contractAsset: '0.00',
          journalLiability: '200.00',
          journalAsset: '0.00',
          months: [
            { opening: '0.00', billed: '300.00', recognised: '100.00', closing: '200.00' },
            { opening: '200.00', billed: '0.00', recognised: '0.00', closing: '200.00' },
          ],
        },
      ],
    });
    const remaining = await ask('getRemainingPerformanceObligation', {}, { entityId });
    const months = remaining.body['data'] as { amount: string }[];
    expect(months.map(({ amount }) => amount)).toEqual(Array.from({ length: 11 }, () => '100.00'));
  });

  test('are listed, and a run is undone once', async () => {
    expect((await ask('listContracts', {}, { entityId })).body).toMatchObject({
      total: 1,
      data: [
        {
          document: { number: 'CON-000001', kind: 'contract', status: 'active' },
          price: '1200.00',
          recognised: '100.00',
          contractLiability: '200.00',
          serviceEnd: '2026-12-31',
        },
      ],
    });
    const runs = await ask('listRecognitionRuns', {}, { entityId });
    const [run] = runs.body['data'] as { id: string }[];
    const runId = { id: run?.id ?? '' };
    expect((await ask('undoRecognitionRun', runId, {}, {})).body).toMatchObject({ undone: true });
    expect((await ask('undoRecognitionRun', runId, {}, {})).body).toMatchObject({ code: 'conflict' });
    expect((await ask('getContract', { id })).body).toMatchObject({
      contractLiability: '300.00',
      recognised: '0.00',
    });
  });

  test('are tried out before they are changed, and remember the change', async () => {
    const change = {
      date: '2026-07-01',
      method: 'prospective',
      reason: 'Two more seats',
      priceChange: '120.00',
      obligations: [{ position: 1, serviceEnd: '2027-06-30' }],
    };
    const tried = await ask('modifyContract', { id }, {}, { ...change, dryRun: true });
    expect(tried.body).toMatchObject({ price: '1320.00', changes: [{ reason: 'Two more seats' }] });
    expect((await ask('getContract', { id })).body).toMatchObject({ price: '1200.00', changes: [] });
    expect((await ask('modifyContract', { id }, {}, change)).body).toMatchObject({
      price: '1320.00',
      changes: [{ number: 1, kind: 'modification', priceBefore: '1200.00', priceAfter: '1320.00' }],
      obligations: [{ allocated: '1320.00', serviceEnd: '2027-06-30' }],
    });
    const wrong = await ask('modifyContract', { id }, {}, { ...change, priceChange: '-5000.00' });
    expect(wrong.body).toMatchObject({ code: 'invalid_amount' });
    expect((await ask('modifyContract', { id }, {}, { ...change, reason: ' ' })).body).toMatchObject({
      code: 'invalid_request',
      fields: [{ field: 'reason' }],
    });
    expect((await ask('modifyContract', { id }, {}, { ...change, priceChange: '0.001' })).status).toBe(400);
  });

  test('are renewed once as a draft, and end early with what is to be credited', async () => {
    const renewed = await ask('renewContract', { id }, {}, { upliftPercent: '3' });
    expect(renewed).toMatchObject({
      status: 201,
      body: { renewsId: id, document: { status: 'draft', documentDate: '2027-07-01' } },
    });
    expect((await ask('renewContract', { id }, {}, {})).body).toMatchObject({ code: 'conflict' });
    const end = { lastDay: '2026-01-31', reason: 'Merged into another contract', settlement: 'refund' };
    expect((await ask('terminateContract', { id }, {}, { ...end, settlement: 'agreed' })).body).toMatchObject(
      {
        fields: [{ field: 'price' }],
      },
    );
    expect((await ask('terminateContract', { id }, {}, end)).body).toMatchObject({
      document: { status: 'terminated' },
      terminatedOn: '2026-01-31',
      price: '100.00',
      billed: '300.00',
    });
    expect((await ask('terminateContract', { id }, {}, end)).body).toMatchObject({ code: 'conflict' });
    const credited = await ask('billContracts', {}, {}, { entityId, upTo: '2026-01-31' });
    const ids = credited.body['data'] as string[];
    expect((await ask('getDocument', { id: ids[0] ?? '' })).body).toMatchObject({
      kind: 'credit_note',
      total: '200.00',
    });
    await ask('postDocuments', {}, {}, { ids });
    await ask('postRecognitionRun', {}, {}, { entityId, period: '2026-12-01' });
    expect((await ask('getContract', { id })).body).toMatchObject({
      contractLiability: '0.00',
      contractAsset: '0.00',
      recognised: '100.00',
    });
    expect((await ask('listContractBalances', {}, { entityId, at: '2026-01-15' })).body).toMatchObject({
      data: [{ number: 'CON-000001', contractLiability: '300.00', contractAsset: '0.00' }],
    });
    expect((await ask('listContractBalances', {}, { entityId, at: '2026-12-31' })).body).toMatchObject({
      data: [],
    });
  });
});
